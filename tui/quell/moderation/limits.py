"""The two shapes of a limit as an account sees them: a bucket that refills steadily, and a fixed window.

All times are seconds of a monotonic clock.
"""

import math
from typing import NamedTuple

from quell_providers.provider import Quota

_READY = 1e-6
"""Parts of a call by which rounding may leave a bucket short."""
_WINDOW_MARGIN = 0.01
"""Waited beyond the end of a window: the service's clock and ours do not tick together, and a refused call counts."""
_RESERVE = 0.02
"""Part of a burst that is left alone, because calls do not arrive as evenly as they leave."""
_BURST_SPEED = 1.5
"""How much faster than steadily a burst is used. A burst that turns out smaller is noticed before much is refused."""
_SLACK = 3.0
"""Calls for which a bucket that was found empty is left to refill, so that the next early call finds one."""
_DOUBT = 2.0
"""Calls that may be counted to the wrong side of a refusal, because they do not arrive as evenly as they leave."""
_LONGEST_SPAN = 5.0
"""Seconds after which what was seen of the service is forgotten."""
_MOST_CUT = 0.5
"""What is left of the rate at least, however little was seen between two refused calls."""
_GROWTH = 0.01
"""Part of the known limit by which a lowered rate and burst grow back each second, as long as calls are accepted."""


class Call(NamedTuple):
    """One call that was allowed to start."""

    at: float
    number: int
    """Counts up by one with each call of an account."""


class Bucket:
    """Calls that come back steadily: `calls` every `seconds`, and at most that many saved up.

    The service's real bucket may be smaller or slower than is known beforehand, which only refused calls show. Two of
    them enclose a time in which the service's bucket went from empty to empty, so what it accepted meanwhile is what
    it refills; and what we still believed to have when a call was refused is what it never held.
    """

    def __init__(self, calls: float, seconds: float, now: float) -> None:
        self.seconds = seconds
        self._most = self._speed = calls / seconds
        self._most_saved = self._saved = _burst(calls)
        self._left = self._saved
        self._counted_at = self._grown_at = now
        self._next_at = now
        self._emptied: Call | None = None
        """The last call that showed the service's bucket to be empty."""
        self._not_made = 0
        """Calls since then that used up nothing at the service."""
        self._overflow = 0.0
        """Calls that came back since then when we were full, and the service therefore too."""

    @property
    def calls(self) -> int:
        """Calls allowed in `seconds`, as far as known now."""
        return max(1, round(self._speed * self.seconds))

    @property
    def lowered(self) -> tuple[float | None, float | None]:
        """Calls a second and calls saved up, each only where refused calls showed that it is less than was known."""
        rate = self._speed if self._speed < self._most else None
        return rate, self._saved if self._saved < self._most_saved else None

    def lower(self, rate: float | None, burst: float | None) -> None:
        """Start from what `lowered` told in an earlier run. Accepted calls let it grow back all the same."""
        if rate is not None:
            self._speed = min(rate, self._most)
        if burst is not None:
            self._left = self._saved = min(burst, self._most_saved)

    def delay(self, now: float) -> float:
        """Seconds until a call may start."""
        return self.eta(1, now)

    def take(self, now: float) -> None:
        """Use up one call."""
        self._settle(now)
        self._left -= 1.0
        self._next_at = max(now, self._next_at) + self._spacing

    def put_back(self) -> None:
        """Return a call that was taken but not made."""
        self._left = min(self._left + 1.0, self._saved)
        self._next_at -= self._spacing
        self._not_made += 1

    def exhaust(self, until: float) -> None:
        """The service says that there are no calls left; they begin to come back at `until`."""
        self._left = 0.0
        self._counted_at = until
        self._emptied = None

    def emptied(self, call: Call, now: float) -> float:
        """Learn from a call that was refused without a word on when to come back; returns seconds to wait."""
        level = self._level(now)
        self._saved = min(max(self._saved - level, 1.0), self._saved)
        if self._is_news(call, level):
            self._emptied = call
            self._not_made = 0
            self._overflow = 0.0
        else:
            self._not_made += 1
        pause = _SLACK / self._speed
        self._left = 0.0
        self._counted_at = self._grown_at = now + pause
        return pause

    def _is_news(self, call: Call, level: float) -> bool:
        """Slow down if the service proved to be slower; returns whether to count anew from this refused call on."""
        if self._emptied is None or call.at <= self._emptied.at:
            return True
        span = call.at - self._emptied.at
        made = call.number - self._emptied.number - 1 - self._not_made
        # What we still had, the service had let go to waste: there is less room for it than we thought.
        if made > 0 and made + self._overflow + level + _DOUBT < self._speed * span:
            self._speed = max(made / span, self._speed * _MOST_CUT)
            return True
        return span > _LONGEST_SPAN

    def refused(self) -> None:
        """One more call was refused that was on its way together with one that is learned from already."""
        self._not_made += 1

    def grow(self, now: float) -> None:
        """A call was accepted: go on a little faster, up to what is known beforehand."""
        since = now - self._grown_at
        if since > 0:
            self._settle(now)
            self._speed = min(self._most, self._speed + _GROWTH * self._most * since)
            self._saved = min(self._most_saved, self._saved + _GROWTH * self._most_saved * since)
            self._grown_at = now

    def learn(self, quota: Quota, now: float) -> None:
        """Adjust to what an answer told: the rate, and how many calls are left."""
        self._settle(now)
        saved = _burst(quota.calls)
        level = self._left + saved - self._saved
        self._left = level if quota.remaining is None else min(level, float(quota.remaining))
        self._most_saved = self._saved = saved
        self.seconds = quota.seconds
        self._most = self._speed = quota.calls / quota.seconds

    def eta(self, calls: int, now: float) -> float:
        """Seconds until the last of so many calls may start."""
        missing = calls - self._level(now)
        refilled = max(self._counted_at - now, 0.0) + missing / self._speed if missing > _READY else 0.0
        return max(refilled, self._next_at - now + (calls - 1) * self._spacing, 0.0)

    @property
    def _spacing(self) -> float:
        return 1.0 / (self._speed * _BURST_SPEED)

    def _settle(self, now: float) -> None:
        refilled = self._left + max(0.0, now - self._counted_at) * self._speed
        self._overflow += max(0.0, refilled - self._saved)
        self._left = self._level(now)
        self._counted_at = max(self._counted_at, now)

    def _level(self, now: float) -> float:
        return min(self._left + max(0.0, now - self._counted_at) * self._speed, self._saved)


def _burst(calls: float) -> float:
    return max(1.0, calls - math.floor(calls * _RESERVE))


class Window:
    """`calls` in a period of `seconds` that begins with its first call, then none until it ends."""

    def __init__(self, calls: int, seconds: float, now: float) -> None:
        self.calls = calls
        self.seconds = seconds
        self._left = calls
        self._ends_at = now
        self._is_told = False
        """Whether the service told when this window ends."""

    def delay(self, now: float) -> float:
        """Seconds until a call may start."""
        return self.eta(1, now)

    def take(self, now: float) -> None:
        """Use up one call; the first one opens a window."""
        if now >= self._ends_at:
            self._left = self.calls
            self._ends_at = now + self.seconds + _WINDOW_MARGIN
            self._is_told = False
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
                self._is_told = False
            # Answers come late, never early, so of those that tell of the same window the earliest end is right.
            self._ends_at = min(self._ends_at, ends_at) if self._is_told else ends_at
            self._is_told = True
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
