"""Where the sandbox takes the time from."""

import time
from typing import Protocol


class Clock(Protocol):
    """Unix seconds, UTC."""

    def now(self) -> float:
        """The time now."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """The time now."""
        return time.time()


class ManualClock:
    """A clock that stands still until it is set forward."""

    def __init__(self, start: float) -> None:
        self._now = start

    def now(self) -> float:
        """The time now."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Set the clock forward."""
        self._now += seconds
