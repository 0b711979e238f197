"""Ending a console in good order: what waits is cancelled, what is on its way is awaited shortly."""

from collections import Counter
from pathlib import Path

import pytest

from quell.moderation.deletion import State
from quell_providers.refusal import RefusalKind
from tests.unit.quell.moderation.simulation import desk, key, recorded, refusal, with_one_of_each


async def test_closing_cancels_what_waits_and_does_not_wait_long_for_answers(path: Path) -> None:
    async with desk(path, concurrency=1) as work:
        await with_one_of_each(work)
        await work.until_closed()
        assert (work.state("sent"), work.state("queued")) == (State.UNKNOWN, State.CANCELLED)
        no = work.deletion("sent").refusal
        assert no is not None
        assert no.cause
        assert no.remedy
        assert 1.0 <= work.clock.elapsed <= 5.0
        assert await recorded(work.journal) == {"sent": State.UNKNOWN, "queued": State.CANCELLED}


async def test_closing_takes_answers_that_come_soon(path: Path) -> None:
    async with desk(path) as work:
        work.provider.latency = 1.0
        await work.submit("m1")
        await work.until(lambda: len(work.provider.calls) == 1)
        await work.until_closed()
        assert work.state("m1") is State.ACCEPTED
        assert work.clock.elapsed == pytest.approx(1.0)


async def test_closing_during_grace_sends_nothing(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as work:
        await work.submit("m1", "m2")
        await work.until_closed()
        assert work.provider.calls == []
        assert work.engine.totals() == Counter({State.CANCELLED: 2})
        assert work.clock.elapsed == 0.0


async def test_what_is_told_to_come_again_while_closing_is_cancelled(path: Path) -> None:
    async with desk(path) as work:
        work.provider.latency = 1.0
        work.provider.script["m1"] = [refusal(RefusalKind.THROTTLED, retry_after=0.5)]
        work.provider.script["m2"] = [refusal(RefusalKind.LOST)]
        await work.submit("m1", "m2")
        await work.until(lambda: len(work.provider.calls) == 2)
        await work.until_closed()
        assert (work.state("m1"), work.state("m2")) == (State.CANCELLED, State.UNKNOWN)
        assert len(work.provider.calls) == 2


async def test_a_closed_engine_takes_nothing_more(path: Path) -> None:
    async with desk(path) as work:
        await work.until_closed()
        with pytest.raises(RuntimeError, match="closed"):
            await work.submit("m1")
        with pytest.raises(RuntimeError, match="closed"):
            await work.engine.retry([key("m1")])
        await work.until_closed()
