"""The messages of one room: bounded, in order, without doubles; a deletion is a mark on a kept message."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

import msgspec
from msgspec import Struct

from quell_providers.model import Deleted, Edited, Event, Gap, Message, Posted

_UNSEEN_DELETIONS = 1_000
"""Deletions remembered for messages that were not seen yet; history may still bring them."""


class Change(Struct, frozen=True):
    """What one event changed, as far as a view of the timeline must follow it. False when nothing changed."""

    appended: range = range(0)
    """Indices of the new messages at the end, after the change."""
    inserted: tuple[str, ...] = ()
    """Ids of the new messages elsewhere, in order."""
    updated: tuple[str, ...] = ()
    """Ids of messages that were edited or marked as deleted."""
    dropped: int = 0
    """How many of the oldest messages were let go of to stay within the limit."""
    gaps: bool = False
    """Whether the list of gaps changed."""

    def __bool__(self) -> bool:
        return bool(self.appended or self.inserted or self.updated or self.dropped or self.gaps)


def _order(message: Message) -> tuple[float, str]:
    return message.sent_at, message.id


class Timeline(Sequence[Message]):
    """The newest `limit` messages of one room, ordered by time and id. An index counts from the oldest one kept."""

    def __init__(self, limit: int = 20_000) -> None:
        if limit < 1:
            raise ValueError("a timeline keeps at least one message")
        self._limit = limit
        # Messages before _start are let go of already. They leave the list many at a time, since taking one off its
        # front moves all the others.
        self._messages: list[Message] = []
        self._start = 0
        self._by_id: dict[str, Message] = {}
        self._deleted_unseen: dict[str, Deleted] = {}
        self._gaps: list[Gap] = []
        self._version = 0
        self._revision = 0

    @property
    def version(self) -> int:
        """Grows with every change."""
        return self._version

    @property
    def revision(self) -> int:
        """Grows whenever messages appear elsewhere than at the end, or a gap does."""
        return self._revision

    @property
    def messages(self) -> Sequence[Message]:
        """All messages, oldest first, as they are now; a copy."""
        return self._messages[self._start :]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Times in which messages may be missing, earliest first."""
        return tuple(self._gaps)

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

    def index_of(self, message_id: str) -> int | None:
        """Where the message with this id stands, if it is kept."""
        message = self._by_id.get(message_id)
        return None if message is None else self._position(message) - self._start

    def apply(self, event: Event) -> Change:
        """Take in one live event."""
        match event:
            case Posted(message):
                change = self._post(message)
            case Edited(message):
                change = self._edit(message)
            case Deleted():
                change = self._delete(event)
            case Gap():
                change = self._note_gap(event)
            case _:
                change = Change()
        return self._counted(change)

    def add(self, messages: Iterable[Message]) -> Change:
        """Take in messages of the history; the same as posting each, in one change."""
        updated: list[str] = []
        unseen: dict[str, Message] = {}
        for message in messages:
            if message.id not in self._by_id:
                unseen[message.id] = self._with_known_deletion(message)
            elif self._post(message):
                updated.append(message.id)
        return self._counted(self._insert(sorted(unseen.values(), key=_order), tuple(updated)))

    def _counted(self, change: Change) -> Change:
        if change:
            self._version += 1
            self._revision += bool(change.inserted or change.gaps)
        return change

    def _position(self, message: Message) -> int:
        return bisect_left(self._messages, _order(message), lo=self._start, key=_order)

    def _post(self, message: Message) -> Change:
        known = self._by_id.get(message.id)
        if known is None:
            message = self._with_known_deletion(message)
            newest = not self._messages or _order(message) > _order(self._messages[-1])
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
            recent = len(self) > 0 and _order(message) > _order(self[0])
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
        return Change(updated=(message.id,))

    def _append(self, message: Message) -> Change:
        """Take in a message that is newer than all: nearly every message of a room is."""
        before = len(self)
        self._messages.append(message)
        self._by_id[message.id] = message
        self._shrink()
        kept = len(self)
        return Change(appended=range(kept - 1, kept), dropped=before + 1 - kept)

    def _insert(self, new: list[Message], updated: tuple[str, ...] = ()) -> Change:
        """Take in messages that are not kept yet, sorted."""
        before = len(self)
        end = self._messages[-1] if before else None
        fresh = bisect_left(new, _order(end), key=_order) if end else 0
        between, after = new[:fresh], new[fresh:]
        if between and _order(between[-1]) < _order(self[0]):
            self._messages[self._start : self._start] = between
        else:
            for message in between:
                self._messages.insert(self._position(message), message)
        self._messages.extend(after)
        for message in new:
            self._by_id[message.id] = message
        self._shrink()
        inserted = tuple(message.id for message in between if message.id in self._by_id)
        kept = len(self)
        appended = range(kept - min(len(after), kept), kept)
        # What came too late to be kept was never shown, so it does not count as dropped.
        dropped = before + len(inserted) + len(appended) - kept
        return Change(appended, inserted, updated, dropped)

    def _shrink(self) -> None:
        """Let go of the oldest messages over the limit."""
        surplus = len(self) - self._limit
        if surplus <= 0:
            return
        for message in self._messages[self._start : self._start + surplus]:
            del self._by_id[message.id]
        self._start += surplus
        if self._start > self._limit // 4:
            del self._messages[: self._start]
            self._start = 0
        oldest = self._messages[self._start].sent_at
        self._gaps = [gap for gap in self._gaps if gap.until >= oldest]

    def _note_gap(self, gap: Gap) -> Change:
        if gap in self._gaps:
            return Change()
        self._gaps.append(gap)
        self._gaps.sort(key=lambda each: each.since)
        return Change(gaps=True)
