"""Telling what was already told from what is new."""

from collections.abc import Hashable
from itertools import islice

from quell_providers.model import Deleted, Posted

_LEAST, _MOST = 1_000, 50_000
"""So many events are remembered however old they are, and no more however new.

A room takes 100 messages a second at most, and an account 100 deletions: the most are four minutes of the busiest room.
"""
_AT_ONCE = 8
"""Old ones are looked for when an eighth more came in: often enough for a small table, seldom enough to be quick."""


class Merge:
    """Remembers those of a room's events that may be told again, by the ids and times that the service gave them."""

    def __init__(self) -> None:
        self._known: dict[Hashable, float] = {}
        """When each event happened, in Unix seconds; the one met first in front."""
        self._newest = 0.0
        self._enough = _with_more(_LEAST)

    def __len__(self) -> int:
        return len(self._known)

    def is_new(self, event: Posted | Deleted, retold_since: float) -> bool:
        """Whether this event was not met before; from now on it was.

        A deletion told a second time, for a message that was deleted twice, has another time and is new.

        Args:
            event: What was told.
            retold_since: What happened before this time can not be told again, and may be forgotten; Unix seconds.
        """
        key: Hashable
        if isinstance(event, Deleted):
            key, at = (event.message_id, event.at), event.at or self._newest
        else:
            key, at = event.message.id, event.message.sent_at
        if key in self._known:
            return False
        self._known[key] = at
        self._newest = max(self._newest, at)
        if len(self._known) > self._enough:
            self._forget(retold_since)
        return True

    def _forget(self, before: float) -> None:
        """Let go of the first that happened before this time, but for those met last; and of the first of too many.

        At 5,000 messages a second a console would feel a look at each event, so only those that go are looked at.
        """
        count = len(self._known)
        gone = count - _MOST + _MOST // _AT_ONCE if count > _MOST else 0
        for at in islice(self._known.values(), gone, count - _LEAST):
            if at >= before:
                break
            gone += 1
        if gone:
            self._known = dict(islice(self._known.items(), gone, None))
        self._enough = _with_more(len(self._known))


def _with_more(count: int) -> int:
    return min(count + count // _AT_ONCE, _MOST)
