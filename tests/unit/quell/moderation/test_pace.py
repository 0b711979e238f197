"""Pace: the allowed rate is used fully and not exceeded, in both shapes, and follows what answers tell."""

import asyncio
import itertools

import pytest

from quell.moderation.limits import Call
from quell.moderation.pace import Pace
from quell_providers.provider import Quota
from tests.unit.quell.moderation.simulation import SimulatedClock, quiet

BUCKET = Quota(shape="bucket", calls=10, seconds=1.0)
WINDOW = Quota(shape="window", calls=10, seconds=60.0)
MARGIN = 0.01
NUMBERS = itertools.count(1)


def pace_of(clock: SimulatedClock, quota: Quota, *, unlimited_without_quota: bool = False) -> Pace:
    return Pace(quota, unlimited_without_quota=unlimited_without_quota, now=clock.monotonic, sleep=clock.sleep)


async def starts(clock: SimulatedClock, pace: Pace, count: int) -> list[float]:
    """Seconds from the beginning at which so many calls may start."""
    times: list[float] = []

    async def call() -> None:
        for _ in range(count):
            await pace.acquire()
            times.append(clock.elapsed)

    task = asyncio.create_task(call())
    await quiet()
    while not task.done():
        clock.jump()
        await quiet()
    await task
    return times


async def test_a_bucket_spends_its_burst_half_as_fast_again_and_then_goes_steadily() -> None:
    clock = SimulatedClock()
    times = await starts(clock, pace_of(clock, BUCKET), 60)
    assert times[:25] == pytest.approx([n / 15 for n in range(25)])
    assert times[40:] == pytest.approx([n / 10 for n in range(31, 51)])


async def test_a_little_of_a_large_burst_is_left_alone() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, Quota(shape="bucket", calls=100, seconds=1.0))
    assert pace.eta(400) == pytest.approx((400 - 98) / 100)


async def test_a_window_is_emptied_at_once_and_then_waited_out() -> None:
    clock = SimulatedClock()
    times = await starts(clock, pace_of(clock, WINDOW), 25)
    assert times[:10] == [0.0] * 10
    assert times[10:20] == pytest.approx([60 + MARGIN] * 10)
    assert times[20:] == pytest.approx([2 * (60 + MARGIN)] * 5)


async def test_two_hundred_at_ten_a_minute_take_the_theoretical_minimum() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, WINDOW)
    eta = pace.eta(200)
    times = await starts(clock, pace, 200)
    minimum = 19 * 60.0
    assert minimum <= times[-1] <= minimum * 1.02
    assert eta == pytest.approx(times[-1])


@pytest.mark.parametrize("quota", [BUCKET, WINDOW])
@pytest.mark.parametrize(("used", "more"), [(0, 3), (0, 10), (0, 11), (7, 3), (7, 4), (7, 35), (10, 1), (10, 10)])
async def test_the_estimate_is_what_then_happens(quota: Quota, used: int, more: int) -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, quota)
    await starts(clock, pace, used)
    until = clock.elapsed + pace.eta(more)
    assert (await starts(clock, pace, more))[-1] == pytest.approx(until)


def test_nothing_takes_no_time() -> None:
    assert pace_of(SimulatedClock(), WINDOW).eta(0) == 0.0


@pytest.mark.parametrize("quota", [BUCKET, WINDOW])
async def test_a_call_that_was_put_back_can_be_made(quota: Quota) -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, quota)
    await starts(clock, pace, 10)
    before = pace.eta(1)
    pace.put_back()
    assert pace.eta(1) == pytest.approx(0.0, abs=1e-9)
    assert pace.eta(2) == pytest.approx(before)


async def test_what_an_answer_tells_of_a_window_counts() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, WINDOW)
    await starts(clock, pace, 1)
    pace.accepted(Quota(shape="window", calls=10, seconds=60.0, remaining=2, reset_in=20.0))  # others used it too
    assert pace.eta(2) == 0.0
    assert pace.eta(3) == pytest.approx(20 + MARGIN)
    assert pace.eta(13) == pytest.approx(80 + 2 * MARGIN)


async def test_calls_on_the_way_are_not_given_out_again() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, WINDOW)
    await starts(clock, pace, 8)
    pace.accepted(Quota(shape="window", calls=10, seconds=60.0, remaining=9, reset_in=60.0))  # answers the first call
    assert pace.eta(2) == 0.0
    assert pace.eta(3) == pytest.approx(60 + MARGIN)


async def test_a_different_limit_is_taken_over() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, WINDOW)
    await starts(clock, pace, 4)
    pace.accepted(Quota(shape="window", calls=30, seconds=20.0, remaining=29, reset_in=20.0))
    assert pace.rate == (30, 20.0)
    assert pace.eta(26) == 0.0
    assert pace.eta(27) == pytest.approx(20 + MARGIN)


async def test_a_window_that_the_service_began_anew_is_used() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, WINDOW)
    await starts(clock, pace, 9)
    await clock_to(clock, 59.0)
    await starts(clock, pace, 1)
    pace.accepted(Quota(shape="window", calls=10, seconds=60.0, remaining=9, reset_in=60.0))
    assert pace.eta(9) == 0.0
    assert pace.eta(10) == pytest.approx(60 + MARGIN)


async def test_a_bucket_follows_a_told_rate() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, BUCKET)
    pace.accepted(Quota(shape="bucket", calls=5, seconds=1.0, remaining=1))
    assert pace.rate == (5, 1.0)
    assert pace.eta(2) == pytest.approx(0.2)
    pace.accepted(Quota(shape="window", calls=5, seconds=30.0, remaining=4, reset_in=30.0))
    assert pace.rate == (5, 30.0)


async def test_no_limit_is_believed_only_after_an_answer_without_one() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, WINDOW, unlimited_without_quota=True)
    known = [(pace.rate, pace.eta(1_000) > 0.0)]
    pace.accepted(None)
    known.append((pace.rate, pace.eta(1_000) > 0.0))
    assert known == [((10, 60.0), True), (None, False)]
    assert (await starts(clock, pace, 1_000))[-1] == 0.0


async def test_whoever_waits_goes_on_when_the_limit_turns_out_not_to_be() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, WINDOW, unlimited_without_quota=True)
    await starts(clock, pace, 10)
    waiting = asyncio.create_task(pace.acquire())
    await quiet()
    assert not waiting.done()
    pace.accepted(None)
    await waiting
    assert clock.elapsed == 0.0


async def test_an_answer_without_quota_proves_nothing_elsewhere() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, BUCKET)
    pace.accepted(None)
    assert pace.rate == (10, 1.0)


async def test_a_limit_that_comes_back_is_obeyed() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, WINDOW, unlimited_without_quota=True)
    pace.accepted(None)
    pace.accepted(Quota(shape="window", calls=10, seconds=60.0, remaining=3, reset_in=30.0))
    assert pace.eta(3) == 0.0
    assert pace.eta(4) == pytest.approx(30 + MARGIN)


@pytest.mark.parametrize("quota", [BUCKET, WINDOW])
async def test_throttled_waits_as_long_as_told(quota: Quota) -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, quota)
    await starts(clock, pace, 2)
    pace.throttled(call_at(clock), 17.0)
    assert 17.0 <= (await starts(clock, pace, 1))[0] <= 17.0 + 0.2


async def test_a_window_is_fresh_after_the_time_that_a_throttled_call_was_told() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, WINDOW)
    await starts(clock, pace, 10)
    pace.throttled(call_at(clock), 17.0)
    times = await starts(clock, pace, 11)
    assert times[9] == pytest.approx(17 + MARGIN)
    assert times[10] == pytest.approx(77 + 2 * MARGIN)


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        (BUCKET, [0.3, 0.6, 1.2, 2.4]),
        (WINDOW, [1, 2, 4, 8, 16, 32, 60, 60]),
    ],
)
async def test_throttled_without_a_time_waits_longer_each_time(quota: Quota, expected: list[float]) -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, quota)
    waits = []
    for _ in expected:
        pace.throttled(call_at(clock), None)
        waits.append(pace.eta(0))
        await clock_to(clock, clock.elapsed + pace.eta(0))
    assert waits == pytest.approx(expected)
    pace.accepted(None)
    pace.throttled(call_at(clock), None)
    assert pace.eta(0) == pytest.approx(expected[0])


@pytest.mark.parametrize(("quota", "wait"), [(BUCKET, 0.3), (WINDOW, 1.0)])
async def test_calls_throttled_together_count_once(quota: Quota, wait: float) -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, quota)
    together = [call_at(clock) for _ in range(8)]
    await clock_to(clock, 0.1)
    for call in together:
        pace.throttled(call, None)
    assert pace.eta(0) == pytest.approx(wait)


@pytest.mark.parametrize(
    ("quota", "ceiling", "rate"),
    [
        (BUCKET, 60.0, (1, 1.0)),
        (BUCKET, 6.0, (1, 10.0)),
        (BUCKET, 6_000.0, (10, 1.0)),
        (WINDOW, 5.0, (5, 60.0)),
        (WINDOW, 0.5, (1, 120.0)),
        (WINDOW, 10.0, (10, 60.0)),
    ],
)
async def test_a_ceiling_leaves_room_for_others(quota: Quota, ceiling: float, rate: tuple[int, float]) -> None:
    clock = SimulatedClock()
    pace = Pace(
        quota,
        unlimited_without_quota=False,
        ceiling_per_minute=ceiling,
        now=clock.monotonic,
        sleep=clock.sleep,
    )
    assert pace.rate == rate
    calls, seconds = rate
    assert len([at for at in await starts(clock, pace, 40) if at < seconds * 0.999]) <= 2 * calls


async def test_a_ceiling_holds_where_the_service_has_no_limit_or_tells_another() -> None:
    clock = SimulatedClock()
    pace = Pace(WINDOW, unlimited_without_quota=True, ceiling_per_minute=30.0, now=clock.monotonic, sleep=clock.sleep)
    pace.accepted(None)
    pace.accepted(None)
    assert pace.rate == (1, 2.0)
    pace.accepted(Quota(shape="window", calls=100, seconds=60.0, remaining=99, reset_in=60.0))
    assert pace.rate == (30, 60.0)


async def test_the_first_answer_of_a_short_window_tells_its_length() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, WINDOW)
    await starts(clock, pace, 1)
    pace.accepted(Quota(shape="window", calls=10, seconds=60.0, remaining=9, reset_in=2.0))
    assert pace.rate == (10, 2.0)
    assert pace.eta(29) == pytest.approx(4.0 + 2 * MARGIN)


async def test_a_window_in_which_nothing_was_called_has_not_begun() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, WINDOW)
    await pace.acquire()
    pace.put_back()
    await clock_to(clock, 50.0)
    assert [at - 50.0 for at in await starts(clock, pace, 11)] == pytest.approx([0.0] * 10 + [60 + MARGIN])


async def test_a_throttled_bucket_does_not_burst_afterwards() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, BUCKET)
    pace.throttled(call_at(clock), 5.0)
    assert (await starts(clock, pace, 3)) == pytest.approx([5.1, 5.2, 5.3])


async def test_throttled_after_all_when_no_limit_was_believed() -> None:
    clock = SimulatedClock()
    pace = pace_of(clock, WINDOW, unlimited_without_quota=True)
    pace.accepted(None)
    pace.throttled(call_at(clock), 40.0)
    assert pace.rate == (10, 60.0)
    assert pace.eta(1) == pytest.approx(40 + MARGIN)


def call_at(clock: SimulatedClock) -> Call:
    """A call that started just now."""
    return Call(clock.elapsed, next(NUMBERS))


async def clock_to(clock: SimulatedClock, at: float) -> None:
    """Let time pass up to a moment at which nobody else wakes."""
    sleeping = asyncio.create_task(clock.sleep(at - clock.elapsed))
    await asyncio.sleep(0)
    clock.jump()
    await sleeping
