"""Urgent batches: remembered with the batch, and waited for by every console on the same journal."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from quell.moderation.courtesy import LOOK_SECONDS
from quell.moderation.journal.lease import LEASE_SECONDS
from quell_providers.provider import Quota
from tests.unit.quell.moderation.journal.support import as_format, opened
from tests.unit.quell.moderation.simulation import Desk, SimulatedClock, batch_of, desk

SLOW = Quota(shape="bucket", calls=1, seconds=1.0)
LATER = 60.0
LARGE = [f"a{number}" for number in range(20)]


async def begun(work: Desk, *message_ids: str, urgent: bool = False) -> str:
    batch = replace(batch_of(*message_ids), urgent=urgent)
    await work.engine.submit(batch)
    return batch.id


@asynccontextmanager
async def two_desks(path: Path) -> AsyncIterator[tuple[Desk, Desk]]:
    """Two consoles on one journal and one clock, each with the account `live`."""
    clock = SimulatedClock()
    async with desk(path, quota=SLOW, clock=clock) as one, desk(path, quota=SLOW, clock=clock) as other:
        yield one, other


async def both_until(one: Desk, other: Desk, reached: Callable[[], bool]) -> None:
    """Let time pass for both until this is so."""
    await one.journal.flushed()
    await other.journal.flushed()
    while not reached():
        one.clock.jump()
        await one.journal.flushed()
        await other.journal.flushed()


@pytest.mark.parametrize("hurried_later", [False, True])
async def test_an_urgent_batch_is_urgent_after_a_crash(path: Path, hurried_later: bool) -> None:
    async with desk(path, grace_seconds=5.0) as dying:
        batch = await begun(dying, "m1", "m2", urgent=not hurried_later)
        if hurried_later:
            await dying.engine.batches.hurry(batch)
        async with desk(path, quota=SLOW) as work:
            work.clock.elapsed = LATER
            (left,) = await work.engine.leftovers.found()
            assert left.urgent
            await begun(work, *LARGE[:3])
            await work.engine.leftovers.resume(batch)
            assert [each.urgent for each in work.engine.batches.progress()] == [False, True]
            await work.until_settled()
            assert [message_id for _, message_id in work.provider.calls][1:3] == ["m1", "m2"]


async def test_a_batch_that_is_not_urgent_is_not_so_after_a_crash(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as dying:
        await begun(dying, "m1")
        async with desk(path) as work:
            work.clock.elapsed = LATER
            (left,) = await work.engine.leftovers.found()
            assert not left.urgent


async def test_an_urgent_batch_overtakes_those_of_other_consoles(path: Path) -> None:
    async with two_desks(path) as (one, other):
        await begun(one, *LARGE)
        await both_until(one, other, lambda: len(one.provider.calls) == 3)
        await begun(other, "b1", "b2", "b3", "b4", urgent=True)
        began_at = one.clock.elapsed
        await both_until(one, other, lambda: one.engine.batches.progress()[0].makes_way)
        (waiting,) = one.engine.batches.progress()
        assert waiting.eta is None
        await both_until(one, other, lambda: len(other.provider.calls) == 4)
        ended_at = one.clock.elapsed
        overtaken = [at for at, _ in one.provider.calls if began_at + LOOK_SECONDS < at < ended_at]
        assert overtaken == []
        await both_until(one, other, lambda: len(one.provider.calls) == len(LARGE))
        assert not one.engine.batches.progress()[0].makes_way


async def test_urgent_batches_of_two_consoles_do_not_wait_for_each_other(path: Path) -> None:
    async with two_desks(path) as (one, other):
        await begun(one, "a1", "a2", "a3", urgent=True)
        await begun(other, "b1", "b2", "b3", urgent=True)
        await both_until(one, other, lambda: len(one.provider.calls) == len(other.provider.calls) == 3)
        assert one.clock.elapsed < LOOK_SECONDS + 3.0


async def test_nobody_waits_for_an_urgent_batch_that_is_held_or_paused(path: Path) -> None:
    clock = SimulatedClock()
    async with (
        desk(path, quota=SLOW, clock=clock) as one,
        desk(path, quota=SLOW, clock=clock, grace_seconds=30.0) as other,
    ):
        paused = await begun(other, "b1", urgent=True)
        other.engine.batches.pause(paused)
        await begun(one, *LARGE[:5])
        await both_until(one, other, lambda: len(one.provider.calls) == 5)
        assert one.clock.elapsed < 10.0
        await both_until(one, other, lambda: clock.elapsed > 35.0)
        await begun(one, "a5")
        await both_until(one, other, lambda: len(one.provider.calls) == 6)
        assert other.provider.calls == []


async def test_nobody_waits_for_a_dead_console(path: Path) -> None:
    clock = SimulatedClock()
    async with desk(path, quota=SLOW, clock=clock) as one:
        async with opened(path, now=clock.time()) as dead:
            await dead.begin(replace(batch_of("b1"), urgent=True), [])
            await dead.press({"live"})
        await begun(one, *LARGE[:4])
        await one.until(lambda: one.engine.batches.progress()[0].makes_way)
        await one.until_settled()
        assert LEASE_SECONDS < clock.elapsed < LEASE_SECONDS + 6.0


async def test_a_journal_of_the_version_before_is_taken_over(path: Path) -> None:
    async with desk(path) as work:
        await begun(work, "m1")
        await work.until_settled()
    as_format(path, 2)
    async with desk(path) as work:
        await begun(work, "m2", urgent=True)
        await work.until_settled()
        found = await work.journal.verify()
        assert found.fault is None
        assert len(await work.journal.batches()) == 2
