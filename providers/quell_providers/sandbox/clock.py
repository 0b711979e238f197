"""Where the sandbox takes the time from, and what wakes it."""

import asyncio
import time
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Protocol


class Clock(Protocol):
    """Unix seconds, UTC."""

    def now(self) -> float:
        """The time now."""
        ...

    def call_at(self, when: float, call: Callable[[], None]) -> Callable[[], None]:
        """Have something called once that time has come. Returns a function that calls it off."""
        ...


class SystemClock:
    """The machine's own clock; its calls come from the running event loop."""

    def now(self) -> float:
        """The time now."""
        return time.time()

    def call_at(self, when: float, call: Callable[[], None]) -> Callable[[], None]:
        """Have something called in the event loop."""
        return asyncio.get_running_loop().call_later(when - time.time(), call).cancel


class ManualClock:
    """A clock that stands still until it is set forward."""

    def __init__(self, start: float) -> None:
        self._now = start
        self._alarms: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()

    def now(self) -> float:
        """The time now."""
        return self._now

    def call_at(self, when: float, call: Callable[[], None]) -> Callable[[], None]:
        """Have something called by the `advance` that reaches the time."""
        alarm = (when, next(self._numbers), call)
        heappush(self._alarms, alarm)
        return lambda: self._call_off(alarm)

    def advance(self, seconds: float) -> None:
        """Set the clock forward. Whatever is due on the way is called at its own time, in order."""
        end = self._now + seconds
        while self._alarms and self._alarms[0][0] <= end:
            when, _, call = heappop(self._alarms)
            self._now = max(self._now, when)
            call()
        self._now = end

    def _call_off(self, alarm: tuple[float, int, Callable[[], None]]) -> None:
        # Not `remove`: what is left must stay a heap, which a sorted list is.
        self._alarms = sorted(other for other in self._alarms if other is not alarm)


class SkewedClock:
    """A clock that is wrong.

    Args:
        clock: The right one.
        skew: Tells by how many seconds this one is ahead, now.
    """

    def __init__(self, clock: Clock, skew: Callable[[], float]) -> None:
        self._clock = clock
        self._skew = skew

    def now(self) -> float:
        """The time now."""
        return self._clock.now() + self._skew()

    def call_at(self, when: float, call: Callable[[], None]) -> Callable[[], None]:
        """Have something called when this clock shows the time; a change of the skew meanwhile does not count."""
        return self._clock.call_at(when - self._skew(), call)
