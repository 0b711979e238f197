"""How far a batch has come, and how fast it goes."""

from collections import deque
from collections.abc import Mapping

from msgspec import Struct

from quell.moderation.deletion import DONE, OPEN, Reason, State

SPEED_SECONDS = 5.0
"""Over how long a speed is measured."""


class BatchProgress(Struct, frozen=True, kw_only=True):
    """A batch of this run at one moment."""

    id: str
    reason: Reason
    moderator: str
    confirmed_at: float
    """Unix seconds."""
    rooms: tuple[tuple[str, str, str], ...]
    """Account, room id and room name of every room it reaches into."""
    states: Mapping[State, int]
    """How many of its deletions stand where."""
    total: int
    dropped: int
    """Refused ones that the moderator accepts as refused: `retry_failed` leaves them alone."""
    speed: float
    """Deletions a second that came to their end during the last seconds."""
    allowed: float | None
    """Deletions a second that its accounts allow together, other batches included; `None` where one has no limit."""
    eta: float | None
    """Seconds until the last one can be asked for, in turn with the other batches; `None` while that can not be told,
    because it is paused or makes way."""
    paused: bool
    urgent: bool
    makes_way: bool = False
    """Whether it waits because an urgent batch of another console goes first."""

    @property
    def open(self) -> int:
        """How many are still to be decided."""
        return sum(self.states.get(state, 0) for state in OPEN)

    @property
    def settled(self) -> int:
        """How many came to an end, whichever."""
        return self.total - self.open

    @property
    def done(self) -> int:
        """How many messages are deleted, as far as the services say."""
        return sum(self.states.get(state, 0) for state in DONE)


class Speed:
    """Counts what came to an end during the last seconds. Times are monotonic seconds."""

    def __init__(self, began_at: float) -> None:
        self._began_at = began_at
        self._ends: deque[float] = deque()

    def note(self, at: float) -> None:
        """One came to its end."""
        self._ends.append(at)
        self._forget(at)

    def per_second(self, at: float) -> float:
        """Ends a second; over a shorter time as long as there was not more."""
        self._forget(at)
        measured = min(SPEED_SECONDS, at - self._began_at)
        return len(self._ends) / measured if measured > 0 else 0.0

    def _forget(self, at: float) -> None:
        while self._ends and self._ends[0] <= at - SPEED_SECONDS:
            self._ends.popleft()
