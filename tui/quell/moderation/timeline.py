"""The messages of one room: bounded, in order, without doubles; a deletion is a mark on a kept message."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

import msgspec
from msgspec import Struct

from quell.moderation.groups import Groups
from quell_providers.model import Deleted, Edited, Event, Gap, GapFilled, Message, Posted

LIMIT = 200_000
"""Messages that a timeline keeps unless it is told otherwise."""

_UNSEEN_DELETIONS = 1_000
"""Deletions remembered for messages that were not seen yet; history may still bring them."""

Place = tuple[float, str]
"""Where a message stands among others: by time (Unix seconds), then by id."""


def place(message: Message) -> Place:
    """Where a message stands. An edit does not change it."""
    return message.sent_at, message.id


class Change(Struct, frozen=True):
    """What one event changed, as far as a view of the timeline must follow it. False when nothing changed."""

    added: tuple[Message, ...] = ()
    """The new messages, in order."""
    updated: tuple[str, ...] = ()
    """Ids of messages that were edited or marked as deleted."""
    dropped: int = 0
    """How many of the oldest messages were let go of to stay within the limit."""
    gaps: bool = False
    """Whether the list of gaps changed."""

    def __bool__(self) -> bool:
        return bool(self.added or self.updated or self.dropped or self.gaps)


def _nothing(_: str) -> bool:
    return False


class Timeline(Sequence[Message]):
    """The newest `limit` messages of one room, ordered by time and id. An index counts from the oldest one kept.

    A large timeline lets go of many at once, so for a moment it keeps up to a sixty-fourth more.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        # Messages before _start are let go of already. They leave the list many at a time, since taking one off its
        # front moves all the others.
        self._messages: list[Message] = []
        self._start = 0
        self._by_id: dict[str, Message] = {}
        self._authors = Groups()
        self._threads = Groups()
        """Only of replies."""
        self._deleted_unseen: dict[str, Deleted] = {}
        self._gaps: list[Gap] = []
        self._let_go = 0
        self._let_go_until: Place = (0.0, "")
        self._pinned_over = 0
        """Pinned messages that were kept beyond the limit, when it was last looked at."""
        self.bound(limit, _nothing)

    def bound(self, limit: int, pinned: Callable[[str], bool]) -> None:
        """Keep the newest `limit` messages from now on, and older ones for as long as they are pinned.

        Args:
            limit: Messages.
            pinned: Whether the message with this id must be kept, such as one that is about to be deleted.
        """
        if limit < 1:
            raise ValueError("a timeline keeps at least one message")
        self._limit = limit
        self._pinned = pinned

    @property
    def messages(self) -> list[Message]:
        """All messages, oldest first, as they are now; a copy."""
        return self._messages[self._start :]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Times in which messages may be missing, earliest first."""
        return tuple(self._gaps)

    @property
    def full(self) -> bool:
        """Whether older messages would be let go of at once."""
        return len(self) >= self._limit

    @property
    def let_go(self) -> int:
        """How many messages were let go of so far."""
        return self._let_go

    @property
    def let_go_until(self) -> Place:
        """The newest place from which a message was let go of."""
        return self._let_go_until

    def __len__(self) -> int:
        return len(self._messages) - self._start

    @overload
    def __getitem__(self, index: int) -> Message: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Message]: ...
    def __getitem__(self, index: int | slice) -> Message | Sequence[Message]:
        if isinstance(index, slice):
            return [self._messages[self._start + at] for at in range(*index.indices(len(self)))]
        return self._messages[self._start + range(len(self))[index]]

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages[self._start :])

    def get(self, message_id: str) -> Message | None:
        """The message with this id, if it is kept."""
        return self._by_id.get(message_id)

    def by_author(self, author_id: str) -> list[Message]:
        """All messages of an author that are kept, oldest first."""
        return [message for message in self._ordered(self._authors[author_id]) if message.author.id == author_id]

    def count_by(self, author_id: str) -> int:
        """How many messages of an author are kept; one that came again after it was let go of may count twice."""
        return len(self._authors[author_id])

    def replies(self, thread_id: str) -> list[Message]:
        """All replies of a thread that are kept, oldest first."""
        return [message for message in self._ordered(self._threads[thread_id]) if message.thread_id == thread_id]

    def _ordered(self, message_ids: Iterable[str]) -> list[Message]:
        return sorted((self._by_id[each] for each in set(message_ids) if each in self._by_id), key=place)

    def apply(self, event: Event) -> Change:
        """Take in one live event."""
        match event:
            case Posted(message):
                return self._post(message)
            case Edited(message):
                return self._edit(message)
            case Deleted():
                return self._delete(event)
            case Gap():
                return self._note_gap(event)
            case GapFilled():
                return self._close_gaps(event)
            case _:
                return Change()

    def add(self, messages: Iterable[Message]) -> Change:
        """Take in messages of the history; the same as posting each, in one change."""
        updated: list[str] = []
        unseen: dict[str, Message] = {}
        for message in messages:
            if message.id not in self._by_id:
                unseen[message.id] = self._with_known_deletion(message)
            elif self._post(message):
                updated.append(message.id)
        return self._insert(sorted(unseen.values(), key=place), tuple(updated))

    def _position(self, message: Message) -> int:
        return bisect_left(self._messages, place(message), lo=self._start, key=place)

    def _post(self, message: Message) -> Change:
        known = self._by_id.get(message.id)
        if known is None:
            message = self._with_known_deletion(message)
            newest = not self._by_id or place(message) > place(self._messages[-1])
            return self._append(message) if newest else self._insert([message])
        if message.deleted:
            return self._mark_deleted(known, message.deletion_reason)
        if (message.edited_at or 0.0) > (known.edited_at or 0.0):
            return self._update(known, message)
        return Change()

    def _edit(self, message: Message) -> Change:
        known = self._by_id.get(message.id)
        if known is None:
            # What is older than everything kept belongs to history that was not asked for.
            recent = len(self) > 0 and place(message) > place(self[0])
            return self._insert([self._with_known_deletion(message)]) if recent else Change()
        if message.deleted:
            return self._mark_deleted(known, message.deletion_reason)
        if known.edited_at is not None and message.edited_at is not None and message.edited_at < known.edited_at:
            return Change()
        return self._update(known, message)

    def _delete(self, event: Deleted) -> Change:
        known = self._by_id.get(event.message_id)
        if known is not None:
            return self._mark_deleted(known, event.reason)
        self._deleted_unseen[event.message_id] = event
        if len(self._deleted_unseen) > _UNSEEN_DELETIONS:
            del self._deleted_unseen[next(iter(self._deleted_unseen))]
        return Change()

    def _with_known_deletion(self, message: Message) -> Message:
        deletion = self._deleted_unseen.pop(message.id, None)
        if deletion is None:
            return message
        reason = message.deletion_reason if deletion.reason is None else deletion.reason
        return msgspec.structs.replace(message, deleted=True, deletion_reason=reason)

    def _mark_deleted(self, known: Message, reason: str | None) -> Change:
        # The text stays: a moderator must be able to see what was deleted, even where the service blanks it.
        reason = known.deletion_reason if reason is None else reason
        return self._put(known, msgspec.structs.replace(known, deleted=True, deletion_reason=reason))

    def _update(self, known: Message, message: Message) -> Change:
        if known.deleted:
            return Change()
        # An edit does not move a message, whatever time it carries.
        return self._put(known, msgspec.structs.replace(message, sent_at=known.sent_at))

    def _put(self, known: Message, message: Message) -> Change:
        if message == known:
            return Change()
        self._messages[self._position(known)] = message
        self._by_id[message.id] = message
        if message.thread_id is not None and message.thread_id != known.thread_id:
            self._threads.add(message.thread_id, message.id)
        return Change(updated=(message.id,))

    def _append(self, message: Message) -> Change:
        """Take in a message that is newer than all: nearly every message of a room is."""
        self._messages.append(message)
        self._index(message)
        return Change((message,), dropped=self._shrink())

    def _insert(self, new: list[Message], updated: tuple[str, ...] = ()) -> Change:
        """Take in messages that are not kept yet, sorted."""
        end = place(self._messages[-1]) if len(self) else None
        fresh = bisect_left(new, end, key=place) if end else 0
        between, after = new[:fresh], new[fresh:]
        if between and place(between[-1]) < place(self[0]):
            self._messages[self._start : self._start] = between
        else:
            for message in between:
                self._messages.insert(self._position(message), message)
        self._messages.extend(after)
        for message in new:
            self._index(message)
        dropped = self._shrink()
        if not dropped:
            return Change(tuple(new), updated)
        # What came too late to be kept was never shown, so it does not count as dropped.
        added = tuple(message for message in new if message.id in self._by_id)
        return Change(added, updated, dropped - (len(new) - len(added)))

    def _index(self, message: Message) -> None:
        self._by_id[message.id] = message
        self._authors.add(message.author.id, message.id)
        if message.thread_id is not None:
            self._threads.add(message.thread_id, message.id)

    def _shrink(self) -> int:
        """Let go of the oldest messages over the limit but the pinned ones. Returns how many went."""
        surplus = len(self._by_id) - self._limit
        if surplus - self._pinned_over <= self._limit // 64:
            return 0
        oldest = self._messages[self._start : self._start + surplus]
        kept = [message for message in oldest if self._pinned(message.id)]
        self._pinned_over = len(kept)
        if len(kept) == surplus:
            return 0
        keep = {message.id for message in kept}
        gone = [message for message in oldest if message.id not in keep]
        self._forget(gone)
        self._start += len(gone)
        self._messages[self._start : self._start + len(kept)] = kept
        if self._start > self._limit // 4:
            del self._messages[: self._start]
            self._start = 0
        first = self._messages[self._start + len(kept)].sent_at
        self._gaps = [gap for gap in self._gaps if gap.until >= first]
        return len(gone)

    def _forget(self, gone: list[Message]) -> None:
        for message in gone:
            del self._by_id[message.id]
        self._authors.forget((message.author.id for message in gone), self._by_id)
        self._threads.forget((each.thread_id for each in gone if each.thread_id is not None), self._by_id)
        self._let_go += len(gone)
        self._let_go_until = place(gone[-1])

    def _note_gap(self, gap: Gap) -> Change:
        if gap in self._gaps:
            return Change()
        self._close_gaps(gap)
        self._gaps.append(gap)
        self._gaps.sort(key=lambda each: each.since)
        return Change(gaps=True)

    def _close_gaps(self, over: Gap | GapFilled) -> Change:
        """Let go of the gaps within a time."""
        left = [each for each in self._gaps if each.since < over.since or each.until > over.until]
        closed, self._gaps = len(left) < len(self._gaps), left
        return Change(gaps=closed)
