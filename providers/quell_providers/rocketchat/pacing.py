"""How often streams may be subscribed to: so many of one name in a sliding window, for a connection and for a user."""

import time
from collections import defaultdict, deque
from collections.abc import Callable

SECONDS = 40.0
PER_CONNECTION = 40
PER_USER = 80
"""The server's own numbers for names that begin with `stream-`."""

_MARGIN = 1.0
"""Seconds by which the server's window may begin later than ours: a request takes its time to get there."""

Times = defaultdict[str, deque[float]]


class Pacing:
    """Gives out times at which a stream may be subscribed to.

    Args:
        now: Seconds by a clock that is never set.
        per_connection: Subscriptions of one name in `seconds`, on one connection.
        per_user: The same, over all connections one after the other.
        seconds: Length of the window.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        *,
        per_connection: int = PER_CONNECTION,
        per_user: int = PER_USER,
        seconds: float = SECONDS,
    ) -> None:
        self._now = now
        self._per_user = per_user
        self._per_connection = per_connection
        self._seconds = seconds + _MARGIN
        self._of_user: Times = defaultdict(lambda: deque(maxlen=per_user))
        self._of_connection: Times = defaultdict(lambda: deque(maxlen=per_connection))

    def begin_connection(self) -> None:
        """The connection is a new one."""
        self._of_connection.clear()

    def reserve(self, stream: str) -> float:
        """Take the next free turn for a stream of this name. Returns the seconds until it comes."""
        now = self._now()
        turn = max(
            now,
            self._free(self._of_user[stream], self._per_user),
            self._free(self._of_connection[stream], self._per_connection),
        )
        self._of_user[stream].append(turn)
        self._of_connection[stream].append(turn)
        return turn - now

    def _free(self, turns: deque[float], most: int) -> float:
        return turns[0] + self._seconds if len(turns) == most else 0.0
