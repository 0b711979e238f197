"""How fast an account may delete: as fast as its service allows, and no faster.

All times are seconds of a monotonic clock.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from quell.moderation.learned import Learned
from quell.moderation.limits import Bucket, Call, Window
from quell_providers.provider import Quota

_NOW = 1e-6
"""Seconds by which rounding may leave a wait too short to end."""
_FIRST_BACKOFF = 0.1
"""Parts of the period to wait after a throttled call of which the service does not say when to come back."""
_LONGEST_FIRST_BACKOFF = 1.0
_LONGEST_BACKOFF = 60.0


class Pace:
    """The rate of one account: starts from what is known of the service and follows what its answers tell.

    Args:
        quota: What is known beforehand. What is learned later stays, but a bucket never grows beyond this.
        unlimited_without_quota: An accepted call whose answer tells no quota proves that there is no limit. Until
            such an answer the quota above counts.
        ceiling_per_minute: Calls that may be made in a minute whatever the service allows, to leave room for others.
        learned: What an earlier run learned, to start from instead.
        now: Monotonic seconds.
        sleep: Waits for so many seconds.
    """

    def __init__(
        self,
        quota: Quota,
        *,
        unlimited_without_quota: bool,
        ceiling_per_minute: float | None = None,
        learned: Learned | None = None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        if learned is not None and learned.shape != quota.shape:
            learned = None
        self._ceiling = ceiling_per_minute
        self._told = _told(learned)
        self._known = capped(self._told or quota, ceiling_per_minute)
        self._unlimited_without_quota = unlimited_without_quota
        self._now = now
        self._sleep = sleep
        self._limit: Bucket | Window | None = _limit(self._known, now())
        self._is_unlimited = learned is not None and learned.unlimited and unlimited_without_quota
        if self._is_unlimited:
            self._limit = _unlimited(self._limit, ceiling_per_minute, now())
        elif learned is not None and isinstance(self._limit, Bucket):
            self._limit.lower(learned.rate, learned.burst)
        self._heard = False
        self._closed_until = now()
        self._learned_at = now()
        """Calls that started before this are no news: a call that was refused with them is learned from already."""
        self._made = 0
        self._throttled = 0
        self._changed = asyncio.Event()
        self._rest_ends_at = -math.inf
        """When the wait for the next call ends, if there is one."""

    @property
    def rate(self) -> tuple[int, float] | None:
        """Calls allowed in so many seconds; `None` where there is no limit."""
        return None if self._limit is None else (self._limit.calls, self._limit.seconds)

    @property
    def steady(self) -> float | None:
        """Calls a second at which they may go on for ever; `None` where they come in windows or without limit."""
        return self._limit.calls / self._limit.seconds if isinstance(self._limit, Bucket) else None

    @property
    def learned(self) -> Learned | None:
        """What the answers of this run taught; `None` when there was none."""
        if not self._heard:
            return None
        told, bucket = self._told, None if self._is_unlimited else self._limit
        rate, burst = bucket.lowered if isinstance(bucket, Bucket) else (None, None)
        return Learned(
            shape=self._known.shape,
            calls=None if told is None else told.calls,
            seconds=None if told is None else told.seconds,
            unlimited=self._is_unlimited,
            rate=rate,
            burst=burst,
        )

    def eta(self, calls: int) -> float:
        """Seconds until the last of so many calls may start, if nothing else is called."""
        now = self._now()
        limited = self._limit.eta(calls, now) if self._limit is not None and calls > 0 else 0.0
        return max(limited, self._closed_until - now, 0.0)

    async def acquire(self) -> Call:
        """Wait until one call may start, and count it."""
        while (delay := self._delay()) > _NOW:
            await self._rest(delay)
        now = self._now()
        if self._limit is not None:
            self._limit.take(now)
        self._made += 1
        return Call(now, self._made)

    def put_back(self) -> None:
        """Return a call that was acquired but not made."""
        if self._limit is not None:
            self._limit.put_back()
            self._wake()

    def accepted(self, quota: Quota | None) -> None:
        """Learn from an accepted call."""
        self._throttled = 0
        self._heard = True
        if quota is not None:
            self._is_unlimited = False
            self._follow(quota)
        elif self._unlimited_without_quota:
            self._is_unlimited = True
            self._limit = _unlimited(self._limit, self._ceiling, self._now())
        if isinstance(self._limit, Bucket):
            self._limit.grow(self._now())
        self._wake()

    def throttled(self, call: Call, retry_after: float | None) -> None:
        """Learn from a call that came too early: wait as long as the service says, else longer each time."""
        now = self._now()
        self._heard, self._is_unlimited = True, False
        if retry_after is None:
            if call.at < self._learned_at:
                # Calls that were on the way together are refused together: one cause to wait, not many.
                if isinstance(self._limit, Bucket):
                    self._limit.refused()
                return
            self._close(now + self._backoff(call, now))
        else:
            self._close(now + retry_after)
            if self._limit is None:
                self._limit = _limit(self._known, now)
            self._limit.exhaust(self._closed_until)
        self._learned_at = now
        self._wake()

    def _backoff(self, call: Call, now: float) -> float:
        """Seconds to wait that the service did not tell; they double as long as nothing is accepted."""
        if self._limit is None:
            self._limit = _limit(self._known, now)
        doubled = 2.0**self._throttled
        self._throttled += 1
        if isinstance(self._limit, Bucket):
            return min(self._limit.emptied(call, now) * doubled, _LONGEST_BACKOFF)
        first = min(self._known.seconds * _FIRST_BACKOFF, _LONGEST_FIRST_BACKOFF)
        wait = min(first * doubled, _LONGEST_BACKOFF)
        self._limit.exhaust(now + wait)
        return wait

    def _close(self, until: float) -> None:
        self._closed_until = max(self._closed_until, until)

    def _delay(self) -> float:
        now = self._now()
        limited = 0.0 if self._limit is None else self._limit.delay(now)
        return max(limited, self._closed_until - now)

    async def _rest(self, seconds: float) -> None:
        """Wait, but no longer than until a call may start sooner after all."""
        self._rest_ends_at = self._now() + seconds
        rest = asyncio.ensure_future(self._sleep(seconds))
        rest.add_done_callback(self._rested)
        try:
            await self._changed.wait()
        finally:
            rest.remove_done_callback(self._rested)
            rest.cancel()

    def _wake(self) -> None:
        """End the wait if it has become too long; most answers teach nothing that would change it."""
        if self._now() + self._delay() < self._rest_ends_at - _NOW:
            self._rested()

    def _rested(self, _: object = None) -> None:
        self._changed.set()
        self._changed.clear()

    def _follow(self, quota: Quota) -> None:
        now = self._now()
        self._told = _timed(quota)
        self._known = quota = capped(self._told, self._ceiling)
        if self._limit is None or isinstance(self._limit, Bucket) != (quota.shape == "bucket"):
            self._limit = _limit(quota, now)
            self._limit.take(now)
        self._limit.learn(quota, now)


def capped(quota: Quota, ceiling_per_minute: float | None) -> Quota:
    """The quota, or as much of it as the ceiling leaves."""
    if ceiling_per_minute is None or quota.calls / quota.seconds * 60 <= ceiling_per_minute:
        return quota
    calls = max(1, int(ceiling_per_minute * quota.seconds / 60))
    return replace(quota, calls=calls, seconds=max(quota.seconds, calls * 60 / ceiling_per_minute))


def _told(learned: Learned | None) -> Quota | None:
    """The limit that a service told in an earlier run."""
    if learned is None or learned.calls is None or learned.seconds is None:
        return None
    return Quota(shape=learned.shape, calls=learned.calls, seconds=learned.seconds)


def _timed(quota: Quota) -> Quota:
    """The first answer of a window tells how long it is, where the service itself does not."""
    is_first = quota.shape == "window" and quota.remaining == quota.calls - 1
    if is_first and quota.reset_in and quota.reset_in < quota.seconds / 2:
        return replace(quota, seconds=quota.reset_in)
    return quota


def _unlimited(limit: Bucket | Window | None, ceiling_per_minute: float | None, now: float) -> Bucket | None:
    """What limits calls where the service does not."""
    if ceiling_per_minute is None:
        return None
    if isinstance(limit, Bucket):
        return limit
    calls = max(1.0, ceiling_per_minute / 60)
    return Bucket(calls, calls * 60 / ceiling_per_minute, now)


def _limit(quota: Quota, now: float) -> Bucket | Window:
    shape = Bucket if quota.shape == "bucket" else Window
    return shape(quota.calls, quota.seconds, now)
