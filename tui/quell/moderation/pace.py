"""How fast an account may delete: as fast as its service allows, and no faster.

All times are seconds of a monotonic clock.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

from quell_providers.provider import Quota

_READY = 1e-6
"""Parts of a call by which rounding may leave a bucket short."""
_WINDOW_MARGIN = 0.05
"""Waited beyond the end of a window: the service's clock and ours do not tick together, and a refused call counts."""
_FIRST_BACKOFF = 0.1
"""Parts of the period to wait after a throttled call of which the service does not say when to come back."""
_LONGEST_FIRST_BACKOFF = 1.0
_LONGEST_BACKOFF = 60.0


class Bucket:
    """Calls that come back steadily: `calls` every `seconds`, and at most `calls` saved up."""

    def __init__(self, calls: int, seconds: float, now: float) -> None:
        self.calls = calls
        self.seconds = seconds
        self._left = float(calls)
        self._counted_at = now

    def delay(self, now: float) -> float:
        """Seconds until a call may start."""
        return self.eta(1, now)

    def take(self, now: float) -> None:
        """Use up one call."""
        self._left = self._level(now) - 1.0
        self._counted_at = now

    def put_back(self) -> None:
        """Return a call that was taken but not made."""
        self._left = min(self._left + 1.0, float(self.calls))

    def exhaust(self, until: float) -> None:
        """The service says that there are no calls left; they begin to come back at `until`."""
        self._left = 0.0
        self._counted_at = until

    def learn(self, quota: Quota, now: float) -> None:
        """Adjust to what an answer told: the rate, and how many calls are left."""
        level = self._level(now) + quota.calls - self.calls
        self._left = level if quota.remaining is None else min(level, float(quota.remaining))
        self._counted_at = max(self._counted_at, now)
        self.calls, self.seconds = quota.calls, quota.seconds

    def eta(self, calls: int, now: float) -> float:
        """Seconds until the last of so many calls may start."""
        missing = calls - self._level(now)
        return missing * self.seconds / self.calls if missing > _READY else 0.0

    def _level(self, now: float) -> float:
        refilled = max(0.0, now - self._counted_at) * self.calls / self.seconds
        return min(self._left + refilled, float(self.calls))


class Window:
    """`calls` in a period of `seconds` that begins with its first call, then none until it ends."""

    def __init__(self, calls: int, seconds: float, now: float) -> None:
        self.calls = calls
        self.seconds = seconds
        self._left = calls
        self._ends_at = now

    def delay(self, now: float) -> float:
        """Seconds until a call may start."""
        return self.eta(1, now)

    def take(self, now: float) -> None:
        """Use up one call; the first one opens a window."""
        if now >= self._ends_at:
            self._left = self.calls
            self._ends_at = now + self.seconds + _WINDOW_MARGIN
        self._left -= 1

    def put_back(self) -> None:
        """Return a call that was taken but not made."""
        self._left = min(self._left + 1, self.calls)
        if self._left == self.calls:
            self._ends_at = -math.inf  # nothing was called, so no window began

    def exhaust(self, until: float) -> None:
        """The service says that there are no calls left in this window, which ends at `until`."""
        self._left = 0
        self._ends_at = until + _WINDOW_MARGIN

    def learn(self, quota: Quota, now: float) -> None:
        """Adjust to what an answer told: the rate, how many calls are left, and when the window ends."""
        self._left += quota.calls - self.calls
        self.calls, self.seconds = quota.calls, quota.seconds
        if quota.reset_in is not None:
            ends_at = now + quota.reset_in + _WINDOW_MARGIN
            if ends_at > self._ends_at + self.seconds / 2:
                self._left = self.calls  # the service is in a newer window than we thought
            self._ends_at = ends_at
        if quota.remaining is not None:
            # Calls still on the way are counted by us already, and not yet by the service: the smaller number is right.
            self._left = min(self._left, quota.remaining)

    def eta(self, calls: int, now: float) -> float:
        """Seconds until the last of so many calls may start."""
        running = now < self._ends_at
        later = calls - (self._left if running else self.calls)
        if later <= 0:
            return 0.0
        until_next = self._ends_at - now if running else self.seconds + _WINDOW_MARGIN
        return until_next + (math.ceil(later / self.calls) - 1) * (self.seconds + _WINDOW_MARGIN)


class Pace:
    """The rate of one account: starts from what is known of the service and follows what its answers tell.

    Args:
        quota: What is known beforehand.
        unlimited_without_quota: An accepted call whose answer tells no quota proves that there is no limit. Until
            such an answer the quota above counts.
        now: Monotonic seconds.
        sleep: Waits for so many seconds of the same clock.
    """

    def __init__(
        self,
        quota: Quota,
        *,
        unlimited_without_quota: bool,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._known = quota
        self._unlimited_without_quota = unlimited_without_quota
        self._now = now
        self._sleep = sleep
        self._limit: Bucket | Window | None = _limit(quota, now())
        self._closed_until = now()
        self._throttled = 0
        self._changed = asyncio.Event()

    @property
    def rate(self) -> tuple[int, float] | None:
        """Calls allowed in so many seconds; `None` where there is no limit."""
        return None if self._limit is None else (self._limit.calls, self._limit.seconds)

    def eta(self, calls: int) -> float:
        """Seconds until the last of so many calls may start, if nothing else is called."""
        now = self._now()
        limited = self._limit.eta(calls, now) if self._limit is not None and calls > 0 else 0.0
        return max(limited, self._closed_until - now, 0.0)

    async def acquire(self) -> None:
        """Wait until one call may start, and count it."""
        while (delay := self._delay()) > 0:
            await self._rest(delay)
        if self._limit is not None:
            self._limit.take(self._now())

    def put_back(self) -> None:
        """Return a call that was acquired but not made."""
        if self._limit is not None:
            self._limit.put_back()
            self._wake()

    def accepted(self, quota: Quota | None) -> None:
        """Learn from an accepted call."""
        self._throttled = 0
        if quota is not None:
            self._follow(quota)
        elif self._unlimited_without_quota:
            self._limit = None
        self._wake()

    def throttled(self, retry_after: float | None) -> None:
        """Learn from a call that came too early: wait as long as the service says, else longer each time."""
        now = self._now()
        if retry_after is None:
            # Calls that were on the way together are refused together: one cause to wait longer, not many.
            if now < self._closed_until:
                return
            first = min(self._known.seconds * _FIRST_BACKOFF, _LONGEST_FIRST_BACKOFF)
            retry_after = min(first * 2.0**self._throttled, _LONGEST_BACKOFF)
            self._throttled += 1
        self._closed_until = max(self._closed_until, now + retry_after)
        if self._limit is None:
            self._limit = _limit(self._known, now)
        self._limit.exhaust(self._closed_until)
        self._wake()

    def _delay(self) -> float:
        now = self._now()
        limited = 0.0 if self._limit is None else self._limit.delay(now)
        return max(limited, self._closed_until - now)

    async def _rest(self, seconds: float) -> None:
        """Wait, but no longer than until the limit turns out to be another one, or a call is put back."""
        waits = (asyncio.ensure_future(self._sleep(seconds)), asyncio.ensure_future(self._changed.wait()))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _wake(self) -> None:
        self._changed.set()
        self._changed.clear()

    def _follow(self, quota: Quota) -> None:
        now = self._now()
        self._known = quota
        if self._limit is None:
            self._limit = _limit(quota, now)
            self._limit.take(now)
        self._limit.learn(quota, now)


def _limit(quota: Quota, now: float) -> Bucket | Window:
    shape = Bucket if quota.shape == "bucket" else Window
    return shape(quota.calls, quota.seconds, now)
