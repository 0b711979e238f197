"""What a console leaves that was killed or taken for dead: found, and gone on with or ended, by one console only."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from quell.moderation.deletion import State
from quell.moderation.journal import JournalError
from quell.moderation.journal.resume import Unfinished
from quell_providers.model import Deleted
from quell_providers.refusal import RefusalKind
from tests.unit.quell.moderation.simulation import (
    Desk,
    batch_of,
    desk,
    journalled,
    key,
    recorded,
    refusal,
    with_one_of_each,
)

# Holds one message, has one on its way, and has one answered; then waits to be killed.
DOOMED = """
import asyncio, sys
from pathlib import Path
from tests.unit.quell.moderation.simulation import desk

async def main():
    async with desk(Path(sys.argv[1]), concurrency=1) as work:
        await work.submit("answered")
        await work.until_settled()
        work.provider.hangs = True
        await work.submit("sent", "queued")
        await work.until(lambda: len(work.provider.calls) == 2)
        print("ready", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""
LATER = 60.0
"""Seconds after which a console that did not renew its lease is dead."""


def consoles(path: Path) -> int:
    """How many consoles the journal names as possibly alive."""
    with closing(sqlite3.connect(path)) as connection:
        return len(connection.execute("SELECT owner FROM consoles").fetchall())


@asynccontextmanager
async def after_death(path: Path) -> AsyncIterator[tuple[Desk, Unfinished]]:
    """A console that finds a batch of another one, with a message `sent` and one `queued`."""
    async with desk(path, concurrency=1) as dying:
        await with_one_of_each(dying)
        async with desk(path) as work:
            work.clock.elapsed = LATER
            (batch,) = await work.engine.leftovers.found()
            yield work, batch


async def test_a_console_that_ended_in_good_order_leaves_nothing(path: Path) -> None:
    async with desk(path, concurrency=1) as work:
        await with_one_of_each(work)
    async with desk(path) as work:
        assert consoles(path) == 0
        assert await work.engine.leftovers.found() == []
        assert await recorded(work.journal) == {"sent": State.UNKNOWN, "queued": State.CANCELLED}


async def test_what_a_killed_console_left_is_found_at_once(path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    doomed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DOOMED, str(path), stdout=asyncio.subprocess.PIPE, env=environment
    )
    assert doomed.stdout is not None
    assert await asyncio.wait_for(doomed.stdout.readline(), 30) == b"ready\n"
    async with desk(path) as work:
        assert await work.engine.leftovers.found() == []  # it still lives
        doomed.send_signal(signal.SIGKILL)
        await doomed.communicate()
        (batch,) = await work.engine.leftovers.found()
        assert (batch.in_flight, batch.waiting, batch.moderator) == (1, 1, "amara")
        assert batch.rooms == (("live", "room", "finals"),)
        await work.engine.leftovers.close(batch.id)
        settled = {"answered": State.ACCEPTED, "sent": State.UNKNOWN, "queued": State.CANCELLED}
        assert await recorded(work.journal) == settled
        assert await work.engine.leftovers.found() == []
        assert (work.state("sent"), work.state("queued")) == (State.UNKNOWN, State.CANCELLED)
        await work.until_settled()
        assert work.provider.calls == []


async def test_nothing_happens_to_what_is_only_found(path: Path) -> None:
    async with after_death(path) as (work, batch):
        assert await recorded(work.journal) == {"sent": State.SENT, "queued": State.QUEUED}
        assert [found.id for found in await work.engine.leftovers.found()] == [batch.id]
        assert work.engine.totals() == Counter()


async def test_resuming_asks_again_for_what_was_in_flight_and_for_the_rest(path: Path) -> None:
    async with after_death(path) as (work, batch):
        work.provider.script["sent"] = [refusal(RefusalKind.NOT_FOUND)]
        await work.engine.leftovers.resume(batch.id)
        (progress,) = work.engine.batches.progress()
        assert (progress.id, progress.moderator, progress.open) == (batch.id, "amara", 2)
        await work.until_settled()
        assert [message_id for _, message_id in work.provider.calls] == ["sent", "queued"]
        assert await recorded(work.journal) == {"sent": State.GONE, "queued": State.ACCEPTED}
        assert await work.engine.leftovers.found() == []


async def test_what_was_in_flight_can_not_be_cancelled_after_resuming(path: Path) -> None:
    async with after_death(path) as (work, batch):
        work.provider.hangs = True
        await work.engine.leftovers.resume(batch.id)
        work.engine.batches.pause(batch.id)
        assert await work.engine.batches.cancel_rest(batch.id) == 1
        await work.until_closed()
        assert await recorded(work.journal) == {"sent": State.UNKNOWN, "queued": State.CANCELLED}


async def test_what_can_not_go_on_is_ended(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as dying:
        dying.engine.attach("other", dying.provider)
        await dying.submit("m1", "m2")
        await dying.engine.submit(batch_of("m3", account="other"))
        async with desk(path) as work:
            work.clock.elapsed = LATER
            work.provider.latency = 1.0
            await work.submit("m1")
            for batch in await work.engine.leftovers.found():
                await work.engine.leftovers.resume(batch.id)
            await work.until_settled()
            assert Counter(message_id for _, message_id in work.provider.calls) == {"m1": 1, "m2": 1}
            assert (await recorded(work.journal))["m3"] is State.CANCELLED


@pytest.mark.parametrize(("there", "state"), [(True, State.FAILED), (False, State.GONE), (None, State.UNKNOWN)])
async def test_settling_asks_where_the_service_can_tell(path: Path, there: bool | None, state: State) -> None:
    async with after_death(path) as (work, batch):
        if there is not None:
            work.provider.there["sent"] = there
        await work.engine.leftovers.settle(batch.id)
        assert await recorded(work.journal) == {"sent": state, "queued": State.CANCELLED}
        assert (work.provider.asked_about, work.provider.calls) == (["sent"], [])
        no = work.deletion("sent").refusal
        assert (no is None) is (state is State.GONE)


async def test_what_turned_out_not_to_have_happened_can_be_retried(path: Path) -> None:
    async with after_death(path) as (work, batch):
        work.provider.there["sent"] = True
        await work.engine.leftovers.settle(batch.id)
        assert await work.engine.retry([key("sent")]) == 1
        await work.until_settled()
        assert work.state("sent") is State.ACCEPTED


async def test_what_stayed_unknown_is_confirmed_by_its_event(path: Path) -> None:
    async with after_death(path) as (work, batch):
        await work.engine.leftovers.close(batch.id)
        no = work.deletion("sent").refusal
        assert no is not None
        assert no.remedy
        work.engine.observe("live", Deleted("room", "sent"))
        await work.until_settled()
        assert (await recorded(work.journal))["sent"] is State.CONFIRMED


async def test_of_two_consoles_one_takes_a_batch_up(path: Path) -> None:
    async with after_death(path) as (work, batch), desk(path) as other:
        other.clock.elapsed = LATER
        work.provider.hangs = True
        await work.engine.leftovers.resume(batch.id)
        assert await other.engine.leftovers.found() == []
        for act in (other.engine.leftovers.resume, other.engine.leftovers.settle, other.engine.leftovers.close):
            with pytest.raises(JournalError, match="no unfinished batch"):
                await act(batch.id)
        assert other.provider.calls == []


async def test_a_batch_that_was_taken_up_is_found_again_when_that_console_dies_too(path: Path) -> None:
    async with after_death(path) as (work, batch), desk(path) as other:
        work.provider.hangs = True
        await work.engine.leftovers.resume(batch.id)
        await work.until(lambda: len(work.provider.calls) == 2)
        other.clock.elapsed = work.clock.elapsed + LATER
        (again,) = await other.engine.leftovers.found()
        assert (again.id, again.in_flight) == (batch.id, 2)
        await other.engine.leftovers.close(again.id)
        assert await recorded(other.journal) == {"sent": State.UNKNOWN, "queued": State.UNKNOWN}


async def test_a_living_console_is_left_alone(path: Path) -> None:
    async with desk(path, concurrency=1) as living, desk(path) as work:
        await with_one_of_each(living)
        await living.until(lambda: living.clock.elapsed >= 100.0)  # its lease was renewed many times since
        work.clock.elapsed = 100.0
        assert await work.engine.leftovers.found() == []
        assert await recorded(work.journal) == {"sent": State.SENT, "queued": State.QUEUED}


async def test_a_console_does_not_find_its_own_batches(path: Path) -> None:
    async with desk(path, concurrency=1) as work:
        await with_one_of_each(work)
        work.clock.elapsed = LATER
        assert await work.engine.leftovers.found() == []


async def test_a_console_that_was_taken_for_dead_sends_nothing_more(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as sleeper:
        await sleeper.submit("m1", "m2")
        async with desk(path) as work:
            work.clock.elapsed = LATER
            assert len(await work.engine.leftovers.found()) == 1
        await sleeper.until_settled()
        assert sleeper.provider.calls == []
        assert sleeper.engine.totals() == Counter({State.FAILED: 2})
        no = sleeper.deletion("m1").refusal
        assert no is not None
        assert "Another console closed" in no.detail


async def test_a_console_that_was_taken_for_dead_contradicts_nobody(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as sleeper:
        await sleeper.submit("m1", "m2")
        async with desk(path) as work:
            work.clock.elapsed = LATER
            (batch,) = await work.engine.leftovers.found()
            await work.engine.leftovers.resume(batch.id)
            await work.until_settled()
            await sleeper.until_closed()
            assert await recorded(work.journal) == {"m1": State.ACCEPTED, "m2": State.ACCEPTED}


async def test_two_consoles_work_side_by_side(path: Path) -> None:
    async with desk(path) as one, desk(path) as other:
        await one.submit("m1")
        await other.submit("m2")
        await one.until_settled()
        await other.until_settled()
        assert await recorded(one.journal) == {"m1": State.ACCEPTED, "m2": State.ACCEPTED}


async def left_unknown(path: Path) -> None:
    """Leave `unknown` what was on its way when a console ended in good order: one of each kind of truth."""
    async with desk(path, concurrency=3) as work:
        work.provider.hangs = True
        await work.submit("gone", "there", "untold")
        await work.until(lambda: len(work.provider.calls) == 3)


async def test_what_was_left_unknown_is_looked_up_at_the_next_start(path: Path) -> None:
    await left_unknown(path)
    async with desk(path) as work:
        work.provider.there = {"gone": False, "there": True}
        assert await work.engine.leftovers.reconcile("live") == 1
        assert await recorded(work.journal) == {"gone": State.GONE, "there": State.UNKNOWN, "untold": State.UNKNOWN}
        assert sorted(work.provider.asked_about) == ["gone", "there", "untold"]
        assert await work.engine.leftovers.reconcile("live") == 0
        assert await work.engine.leftovers.reconcile("other") == 0
        assert work.provider.calls == []
        assert (await work.journal.verify()).fault is None


async def test_what_a_living_console_does_not_know_is_left_to_it(path: Path) -> None:
    async with desk(path) as living:
        living.provider.script["m1"] = [refusal(RefusalKind.LOST)] * 2
        await living.submit("m1")
        await living.until_settled()
        assert living.state("m1") is State.UNKNOWN
        async with desk(path) as work:
            work.provider.there = {"m1": False}
            assert await work.engine.leftovers.reconcile("live") == 0
            assert work.provider.asked_about == []


async def test_what_two_consoles_find_out_is_written_down_once(path: Path) -> None:
    await left_unknown(path)
    async with desk(path) as one, desk(path) as other:
        one.provider.there = other.provider.there = {"gone": False}
        found = await asyncio.gather(one.engine.leftovers.reconcile("live"), other.engine.leftovers.reconcile("live"))
        assert sum(found) == 1
        assert journalled(path, "gone")[-2:] == ["unknown", "gone"]


async def test_what_is_long_past_is_not_looked_up(path: Path) -> None:
    await left_unknown(path)
    async with desk(path) as work:
        work.clock.elapsed = 8 * 86_400.0
        work.provider.there = {"gone": False}
        assert await work.engine.leftovers.reconcile("live") == 0
