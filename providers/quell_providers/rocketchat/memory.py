"""What was shown of a room, so that a bulk deletion can be told message by message.

`deleteMessageBulk` names the messages by id, or only describes them: a range of time, authors, and whether pinned
messages and those that began a discussion are spared.
"""

from collections import defaultdict
from sys import intern

from msgspec import Struct

from quell_providers.newest import newest_of
from quell_providers.rocketchat import translate, wire

LIMIT = 10_000
"""Messages remembered of each room at most, the newest ones."""


class _Seen(Struct, frozen=True, gc=False):
    at: float
    username: str
    pinned: bool
    discussion: bool
    system: bool


class Memory:
    """The messages of one room that were told of and not yet told to be gone.

    Args:
        limit: How many of them are kept at most.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._seen: dict[str, _Seen] = {}

    def __len__(self) -> int:
        return len(self._seen)

    def __contains__(self, message_id: object) -> bool:
        return message_id in self._seen

    def remember(self, raw: wire.Message, sent_at: float) -> None:
        """Take in a message as it is now.

        Args:
            raw: The message.
            sent_at: Its time, Unix seconds.
        """
        seen = _Seen(sent_at, intern(raw.u.username or ""), bool(raw.pinned), bool(raw.drid), translate.is_system(raw))
        self._seen[raw.id] = seen
        self._seen = newest_of(self._seen, self._limit)

    def forget(self, message_id: str) -> None:
        """The message is gone, and will not be told to be gone again."""
        self._seen.pop(message_id, None)

    def posts(self) -> dict[str, float]:
        """When each message that a person wrote was sent, by id; Unix seconds."""
        return {message_id: seen.at for message_id, seen in self._seen.items() if not seen.system}

    def named_by(self, bulk: wire.BulkRemoval) -> list[str]:
        """Ids of the messages that a bulk deletion is about. Raises `MalformedError`.

        One that is named by id counts even where it was never seen.
        """
        if bulk.ids is not None:
            return [each for each in bulk.ids if each not in self._seen or self._is_meant(self._seen[each], bulk)]
        if bulk.ts is None:
            return []
        span = _Span(bulk.ts)
        return [each for each, seen in self._seen.items() if seen.at in span and self._is_meant(seen, bulk)]

    @staticmethod
    def _is_meant(seen: _Seen, bulk: wire.BulkRemoval) -> bool:
        spared = (bulk.exclude_pinned and seen.pinned) or (bulk.ignore_discussion and seen.discussion)
        return not spared and (not bulk.users or seen.username in bulk.users)


class Memories(defaultdict[str, Memory]):
    """A memory for each room, by room id."""

    def __init__(self) -> None:
        super().__init__(Memory)


class _Span:
    """A range of time as the server's database describes one; without any bound, nothing lies in it."""

    def __init__(self, bounds: wire.Bounds) -> None:
        self._after, self._from = translate.seconds(bounds.after), translate.seconds(bounds.start)
        self._before, self._to = translate.seconds(bounds.before), translate.seconds(bounds.end)

    def __contains__(self, at: object) -> bool:
        if not isinstance(at, float) or self._is_open:
            return False
        return (
            (self._after is None or at > self._after)
            and (self._from is None or at >= self._from)
            and (self._before is None or at < self._before)
            and (self._to is None or at <= self._to)
        )

    @property
    def _is_open(self) -> bool:
        return self._after is self._from is self._before is self._to is None
