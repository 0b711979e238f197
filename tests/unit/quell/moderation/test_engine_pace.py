"""The engine asks as fast as allowed, so many at a time, and every batch and account in turn."""

from collections import Counter
from pathlib import Path

import pytest

from quell.moderation.deletion import State
from quell_providers.provider import Accepted, Quota
from tests.unit.quell.moderation.simulation import Desk, ScriptedProvider, batch_of, desk, gone

HELD, QUEUED, SENT, ACCEPTED, CONFIRMED = State.HELD, State.QUEUED, State.SENT, State.ACCEPTED, State.CONFIRMED
GONE, REFUSED, FAILED, UNKNOWN = State.GONE, State.REFUSED, State.FAILED, State.UNKNOWN
CANCELLED = State.CANCELLED


async def test_no_more_requests_at_once_than_allowed(path: Path) -> None:
    async with desk(path, concurrency=3) as work:
        work.provider.latency = 1.0
        await work.submit(*(f"m{number}" for number in range(10)))
        await work.until_settled()
        assert work.provider.most_at_once == 3
        assert [int(at) for at, _ in work.provider.calls] == [0] * 3 + [1] * 3 + [2] * 3 + [3]


async def test_batches_take_turns_and_each_keeps_its_order(path: Path) -> None:
    async with desk(path, concurrency=1) as work:
        work.provider.latency = 1.0
        await work.submit("a1", "a2", "a3", "a4")
        await work.submit("b1", "b2")
        await work.until_settled()
        assert [message_id for _, message_id in work.provider.calls] == ["a1", "a2", "b1", "a3", "b2", "a4"]


async def test_one_account_does_not_wait_for_another(path: Path) -> None:
    async with desk(path) as work:
        slow = ScriptedProvider(work.clock, Quota(shape="window", calls=1, seconds=600.0))
        work.engine.attach("slow", slow)
        batch = batch_of("m1", "m2", account="slow")
        await work.engine.submit(batch)
        await work.submit("m1")
        await work.until_settled()
        assert work.provider.calls == [(0.0, "m1")]
        assert [round(at) for at, _ in slow.calls] == [0, 600]


def simulated_window(work: Desk, calls: int, seconds: float) -> None:
    """Have the provider keep a fixed window as Rocket.Chat does, with its own idea of when it began."""
    window = {"ends": 0.0, "used": 0.0}

    def answer() -> Accepted:
        now = work.clock.elapsed
        if now >= window["ends"]:
            window.update(ends=now + seconds, used=0)
        window["used"] += 1
        assert window["used"] <= calls, f"call {len(work.provider.calls)} came too early, at {now}"
        remaining = calls - int(window["used"])
        return Accepted(
            quota=Quota(
                shape="window", calls=calls, seconds=seconds, remaining=remaining, reset_in=window["ends"] - now
            )
        )

    work.provider.service = answer


async def test_two_hundred_at_ten_a_minute_take_the_least_time_that_is_allowed(path: Path) -> None:
    async with desk(path, quota=Quota(shape="window", calls=10, seconds=60.0), unlimited_without_quota=True) as work:
        work.provider.latency = 0.02
        simulated_window(work, 10, 60.0)
        eta = work.engine.eta("live", 200)
        await work.submit(*(f"m{number}" for number in range(200)))
        assert work.engine.eta("live", 0) == eta
        await work.until_settled()
        assert work.engine.totals() == Counter({ACCEPTED: 200})
        assert 19 * 60.0 <= work.clock.elapsed <= 19 * 60.0 * 1.02
        assert eta == pytest.approx(work.clock.elapsed, rel=0.01)


async def test_a_bucket_is_used_fully(path: Path) -> None:
    async with desk(path, quota=Quota(shape="bucket", calls=100, seconds=1.0)) as work:
        work.provider.latency = 0.02
        await work.submit(*(f"m{number}" for number in range(150)))
        await work.until_settled()
        assert work.engine.rate("live") == (100, 1.0)
        assert work.clock.elapsed == pytest.approx(1.0, abs=0.05)


async def test_an_account_without_limit_goes_at_full_speed_after_its_first_answers(path: Path) -> None:
    async with desk(path, quota=Quota(shape="window", calls=10, seconds=60.0), unlimited_without_quota=True) as work:
        work.provider.latency = 0.02
        await work.submit(*(f"m{number}" for number in range(100)))
        await work.until_settled()
        assert work.engine.rate("live") is None
        assert work.clock.elapsed < 1.0


async def test_the_estimate_counts_what_waits_already(path: Path) -> None:
    async with desk(path, grace_seconds=5.0, quota=Quota(shape="window", calls=10, seconds=60.0)) as work:
        assert work.engine.eta("live", 10) == 0.0
        await work.submit(*(f"m{number}" for number in range(9)))
        assert work.engine.eta("live", 1) == 0.0
        assert work.engine.eta("live", 2) >= 60.0


async def test_a_request_that_was_not_made_does_not_count(path: Path) -> None:
    async with desk(path, quota=Quota(shape="window", calls=1, seconds=60.0)) as work:
        work.engine.subscribe(
            lambda deletion: work.engine.observe("live", gone("m1")) if deletion.state is SENT else None
        )
        await work.submit("m1", "m2")
        await work.until_settled()
        assert work.provider.calls == [(0.0, "m2")]
