"""Lets a scenario happen, by the sandbox's clock."""

from collections.abc import Callable, Iterator
from random import Random

from quell_providers.sandbox.clock import Clock
from quell_providers.sandbox.scenario import Line

Moments = Iterator[tuple[float, Line]]
"""Lines, and when each comes: seconds since the beginning, at normal speed."""

_TICK_SECONDS = 0.02
"""Lines that come closer together than this are posted at once."""
_MOST_AT_ONCE = 200
"""Lines that are posted before the clients have their turn."""
_MOST_BEHIND_SECONDS = 1.0
"""After a longer standstill (a suspended laptop) the time lost is not caught up."""


def paced(lines: Iterator[Line], rate: float, rng: Random) -> Moments:
    """Lines at irregular times, `rate` of them a second on average."""
    at = 0.0
    for line in lines:
        yield at, line
        at += rng.expovariate(rate)


class Player:
    """Posts lines when they are due.

    Args:
        clock: What they are due by.
        moments: The lines and their times.
        speed: Seconds of the scenario that pass in one of the clock.
        post: Posts one line.
    """

    def __init__(self, clock: Clock, moments: Moments, speed: float, post: Callable[[Line], None]) -> None:
        self._clock = clock
        self._moments = moments
        self._speed = speed
        self._post = post
        self._next = next(moments, None)
        self._began = 0.0
        self._call_off: Callable[[], None] | None = None

    @property
    def is_over(self) -> bool:
        """Whether everything was posted; an endless scenario never is."""
        return self._next is None

    @property
    def behind(self) -> float:
        """Seconds by which the next line is late."""
        return max(0.0, self._clock.now() - self._due(self._next[0])) if self._next else 0.0

    def start(self) -> None:
        """Begin now."""
        self._began = self._clock.now()
        self._call_off = self._clock.call_at(self._began, self._play)

    def stop(self) -> None:
        """Post no more."""
        if self._call_off:
            self._call_off()
            self._call_off = None

    def _play(self) -> None:
        now = self._clock.now()
        self._began += max(0.0, self.behind - _MOST_BEHIND_SECONDS)
        for _ in range(_MOST_AT_ONCE):
            if not self._next or self._due(self._next[0]) > now:
                break
            self._post(self._next[1])
            self._next = next(self._moments, None)
        if self._next:
            due = self._due(self._next[0])
            self._call_off = self._clock.call_at(due if due <= now else max(due, now + _TICK_SECONDS), self._play)

    def _due(self, seconds: float) -> float:
        """When the line of this moment is due, by the clock."""
        return self._began + seconds / self._speed
