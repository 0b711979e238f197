"""The fixed windows that limit how often something may be called."""

import math
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass

from quell_providers.sandbox.clock import Clock


@dataclass(frozen=True, slots=True)
class Hit:
    """How one call stands in its window."""

    allowed: bool
    left: int
    reset_in: float
    """Seconds until the window ends."""

    @property
    def wait_seconds(self) -> int:
        """Whole seconds that the refusal tells the caller to wait."""
        return math.ceil(self.reset_in)


class FixedWindow:
    """One window for all callers, each with a count of their own.

    It begins when the server starts, not with a caller's first call, and a new one begins with the first call after
    its end. Refused calls count too.

    Args:
        calls: Calls that a caller has in one window.
        seconds: Length of the window.
        clock: Where the time comes from.
    """

    def __init__(self, calls: int, seconds: float, clock: Clock) -> None:
        self.calls = calls
        self._seconds = seconds
        self._clock = clock
        self._began = clock.now()
        self._counts: Counter[Hashable] = Counter()

    def hit(self, caller: Hashable) -> Hit:
        """Count a call."""
        now = self._clock.now()
        if now - self._began > self._seconds:
            self._began = now
            self._counts.clear()
        self._counts[caller] += 1
        left = self.calls - self._counts[caller]
        return Hit(allowed=left >= 0, left=max(left, 0), reset_in=self._began + self._seconds - now)
