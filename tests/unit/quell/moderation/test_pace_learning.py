"""What refused calls teach of a bucket that is smaller or slower than known: it is used fully, and little refused."""

import heapq
import random

import pytest

from quell.moderation.limits import Call
from quell.moderation.pace import Pace
from quell_providers.provider import Quota
from tests.unit.quell.moderation.simulation import SimulatedClock

IVS = Quota(shape="bucket", calls=100, seconds=1.0)


class ServiceBucket:
    """A token bucket at a service that says no more than "throttled"."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate = rate
        self.burst = self.left = burst
        self.throttled = 0
        self._counted_at = 0.0

    def takes(self, now: float) -> bool:
        self.left = min(self.left + (now - self._counted_at) * self.rate, self.burst)
        self._counted_at = now
        if self.left < 1.0:
            self.throttled += 1
            return False
        self.left -= 1.0
        return True


class Traffic:
    """Calls at a pace over a network that takes now longer, now shorter, without waiting for real."""

    def __init__(self, pace: Pace, clock: SimulatedClock, service: ServiceBucket, seed: int) -> None:
        self.pace = pace
        self.service = service
        self._clock = clock
        self._dice = random.Random(seed)
        self._under_way: list[tuple[float, bool, Call]] = []
        """Moment, whether it is the answer already, and call."""
        self._answers: dict[int, bool] = {}

    def accept(self, count: int) -> float:
        """Seconds until so many calls were accepted."""
        began_at = self._clock.elapsed
        accepted, wanted = 0, count
        while accepted < count:
            start = self._clock.elapsed + self.pace.eta(1) if wanted else float("inf")
            if not self._under_way or start <= self._under_way[0][0]:
                self._clock.elapsed = start
                wanted -= 1
                self._send(self._acquired())
                continue
            self._clock.elapsed, is_answer, call = heapq.heappop(self._under_way)
            if not is_answer:
                self._answers[call.number] = self.service.takes(self._clock.elapsed)
                heapq.heappush(self._under_way, (self._clock.elapsed + 0.01, True, call))
            elif self._answers.pop(call.number):
                accepted += 1
                self.pace.accepted(None)
            else:
                wanted += 1
                self.pace.throttled(call, None)
        return self._clock.elapsed - began_at

    def _send(self, call: Call) -> None:
        heapq.heappush(self._under_way, (self._clock.elapsed + self._dice.uniform(0.005, 0.015), False, call))

    def _acquired(self) -> Call:
        try:
            self.pace.acquire().send(None)
        except StopIteration as done:
            call: Call = done.value
            return call
        raise AssertionError("the pace made a call wait that was due")


def traffic(rate: float, burst: float, seed: int = 0) -> Traffic:
    clock = SimulatedClock()
    pace = Pace(IVS, unlimited_without_quota=False, now=clock.monotonic, sleep=clock.sleep)
    return Traffic(pace, clock, ServiceBucket(rate, burst), seed)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("rate", "burst", "share", "throttled"),
    [
        (100, 100, 0.99, 3),
        (100, 10, 0.99, 3),
        (50, 50, 0.97, 40),
        (50, 10, 0.97, 40),
        (50, 5, 0.97, 40),
        (20, 10, 0.97, 40),
    ],
)
async def test_a_thousand_at_a_service_that_allows_less_than_known(
    rate: float, burst: float, share: float, throttled: int, seed: int
) -> None:
    calls = traffic(rate, burst, seed)
    least = (1_000 - burst) / rate
    assert least / calls.accept(1_000) >= share
    assert calls.service.throttled <= throttled


async def test_what_was_learned_is_remembered() -> None:
    calls = traffic(50, 10)
    calls.accept(300)
    before = calls.service.throttled
    assert calls.pace.rate is not None
    assert calls.pace.rate[0] == pytest.approx(50, abs=5)
    calls.accept(300)
    assert calls.service.throttled - before <= 5


async def test_a_limit_that_was_raised_again_is_found() -> None:
    calls = traffic(50, 10)
    calls.accept(500)
    calls.service.rate = calls.service.burst = 100.0
    calls.accept(6_000)
    assert calls.pace.rate == (100, 1.0)


async def test_it_never_goes_faster_than_is_known_beforehand() -> None:
    calls = traffic(1_000, 1_000)
    assert calls.accept(1_100) >= 10.0
    assert calls.pace.rate == (100, 1.0)
