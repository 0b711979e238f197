"""What is left of a console that ended: in good order, killed, or taken for dead."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from quell.moderation.deletion import Deletion, State
from quell.moderation.journal import Journal
from quell_providers.model import Deleted
from quell_providers.refusal import RefusalKind
from tests.unit.quell.moderation.simulation import Desk, desk, key, refusal

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


async def recorded(journal: Journal) -> dict[str, State]:
    """Where every message stands, by the journal."""
    found: dict[str, State] = {}
    for batch in await journal.batches():
        deletions: list[Deletion] = await journal.deletions(batch.id)
        found |= {deletion.target.message_id: deletion.state for deletion in deletions}
    return found


def consoles(path: Path) -> int:
    """How many consoles the journal names as possibly alive."""
    with closing(sqlite3.connect(path)) as connection:
        return len(connection.execute("SELECT owner FROM consoles").fetchall())


async def with_one_of_each(work: Desk) -> None:
    """Bring one message into each state that is still open."""
    work.provider.hangs = True
    await work.submit("sent", "queued")
    await work.until(lambda: len(work.provider.calls) == 1)


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


async def test_a_console_that_ended_in_good_order_leaves_nothing_to_recover(path: Path) -> None:
    async with desk(path, concurrency=1) as work:
        await with_one_of_each(work)
    async with desk(path) as work:
        assert consoles(path) == 0
        assert (await work.engine.recover()).deletions == ()
        assert await recorded(work.journal) == {"sent": State.UNKNOWN, "queued": State.CANCELLED}


async def test_a_killed_console_is_settled_at_once(path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    doomed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DOOMED, str(path), stdout=asyncio.subprocess.PIPE, env=environment
    )
    assert doomed.stdout is not None
    assert await asyncio.wait_for(doomed.stdout.readline(), 30) == b"ready\n"
    async with desk(path) as work:
        assert (await work.engine.recover()).deletions == ()  # it still lives
        doomed.send_signal(signal.SIGKILL)
        await doomed.communicate()
        recovery = await work.engine.recover()
        assert (recovery.unknown, recovery.cancelled) == (1, 1)
        settled = {"answered": State.ACCEPTED, "sent": State.UNKNOWN, "queued": State.CANCELLED}
        assert await recorded(work.journal) == settled
        assert consoles(path) == 0
        assert (await work.engine.recover()).deletions == ()
        assert (work.state("sent"), work.state("queued")) == (State.UNKNOWN, State.CANCELLED)
        await work.until_settled()
        assert work.provider.calls == []


async def test_a_recovered_unknown_is_confirmed_by_its_event(path: Path) -> None:
    async with desk(path, concurrency=1) as dying:
        await with_one_of_each(dying)
        async with desk(path) as work:
            work.clock.elapsed = 60.0
            await work.engine.recover()
            assert work.state("sent") is State.UNKNOWN
            assert work.deletion("sent").refusal is not None
            work.engine.observe("live", Deleted("room", "sent"))
            await work.until_settled()
            assert (await recorded(work.journal))["sent"] is State.CONFIRMED


async def test_a_living_console_is_left_alone(path: Path) -> None:
    async with desk(path, concurrency=1) as living, desk(path) as work:
        await with_one_of_each(living)
        await living.until(lambda: living.clock.elapsed >= 100.0)  # its lease was renewed many times since
        work.clock.elapsed = 100.0
        assert (await work.engine.recover()).deletions == ()
        assert await recorded(work.journal) == {"sent": State.SENT, "queued": State.QUEUED}


async def test_a_console_does_not_recover_its_own_batches(path: Path) -> None:
    async with desk(path, concurrency=1) as work:
        await with_one_of_each(work)
        work.clock.elapsed = 60.0
        assert (await work.engine.recover()).deletions == ()


async def test_a_console_that_was_taken_for_dead_sends_nothing_more(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as sleeper:
        await sleeper.submit("m1", "m2")
        async with desk(path) as work:
            work.clock.elapsed = 60.0
            assert (await work.engine.recover()).cancelled == 2
        await sleeper.until_settled()
        assert sleeper.provider.calls == []
        assert sleeper.engine.totals() == Counter({State.FAILED: 2})
        no = sleeper.deletion("m1").refusal
        assert no is not None
        assert "Another console closed" in no.detail


async def test_two_consoles_work_side_by_side(path: Path) -> None:
    async with desk(path) as one, desk(path) as other:
        await one.submit("m1")
        await other.submit("m2")
        await one.until_settled()
        await other.until_settled()
        assert await recorded(one.journal) == {"m1": State.ACCEPTED, "m2": State.ACCEPTED}
