"""Telling what was already told from what is new."""

from collections import OrderedDict
from collections.abc import Hashable

from quell_providers.model import Deleted, Posted

_WINDOW_SECONDS = 240.0
"""How long an event is remembered: longer than any two sources that tell of it can be apart."""
_LEAST, _MOST = 1_000, 50_000
"""So many are remembered however old they are, and no more however new."""


class Merge:
    """Remembers a room's newest events by the ids and times that the service gave them."""

    def __init__(self) -> None:
        # Not a plain dict: finding its first entry takes the longer, the more entries were taken off its front.
        self._known: OrderedDict[Hashable, float] = OrderedDict()
        """When each event happened, in Unix seconds; the one met first in front."""
        self._newest = 0.0

    def is_new(self, event: Posted | Deleted) -> bool:
        """Whether this event was not met before; from now on it was.

        A deletion told a second time, for a message that was deleted twice, has another time and is new.
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
        self._forget()
        return True

    def _forget(self) -> None:
        """Let go of one or two events that are too old, or too many; so many at most came in."""
        for _ in range(2):
            count = len(self._known)
            if count <= _LEAST:
                return
            if count <= _MOST and next(iter(self._known.values())) >= self._newest - _WINDOW_SECONDS:
                return
            self._known.popitem(last=False)
