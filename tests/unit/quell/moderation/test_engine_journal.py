"""No record, no deletion: what the engine does when the journal can not be written."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from quell.moderation.deletion import Deletion, State
from quell.moderation.journal import JournalError
from quell.moderation.journal.store import Store
from quell_providers.refusal import RefusalKind
from tests.unit.quell.moderation.journal.support import locked
from tests.unit.quell.moderation.simulation import IMPATIENT, Desk, desk, gone, key, refusal


@contextmanager
def spoiled(path: Path, state: State) -> Iterator[None]:
    """A journal that takes everything but steps to one state."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(
            f"CREATE TRIGGER spoil BEFORE INSERT ON transitions WHEN NEW.state = '{state}' "
            "BEGIN SELECT RAISE(ABORT, 'spoiled'); END"
        )
        yield
        other.execute("DROP TRIGGER spoil")


async def final_states(work: Desk) -> list[State]:
    """What the journal itself says of the newest batch."""
    (batch, *_) = await work.journal.batches()
    return [deletion.state for deletion in await work.journal.deletions(batch.id)]


async def test_a_batch_that_can_not_be_written_does_not_begin(path: Path) -> None:
    async with desk(path, busy_seconds=IMPATIENT) as work:
        with locked(path), pytest.raises(JournalError, match="locked by another program"):
            await work.submit("m1")
        assert work.engine.find(key("m1")) is None
        await work.until_settled()
        assert work.provider.calls == []
        await work.submit("m1")
        await work.until_settled()
        assert work.state("m1") is State.ACCEPTED


async def test_what_can_not_be_written_before_the_request_is_not_requested(path: Path) -> None:
    async with desk(path, grace_seconds=5.0, busy_seconds=IMPATIENT) as work:
        await work.submit("m1", "m2")
        with locked(path):
            await work.until_settled()
        assert work.provider.calls == []
        no = work.deletion("m1").refusal
        assert no is not None
        assert (no.kind, no.code) == (RefusalKind.UNAVAILABLE, "journal")
        assert "locked by another program" in no.detail
        assert no.cause
        assert no.remedy
        assert work.engine.totals() == {State.FAILED: 2}
        assert work.engine.trouble is not None


async def test_the_intent_itself_can_not_be_written(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as work:
        await work.submit("m1")
        with spoiled(path, State.SENT):
            await work.until_settled()
        assert work.provider.calls == []
        assert work.path_of("m1") == [State.HELD, State.QUEUED, State.SENT, State.FAILED]


async def test_everything_that_waits_stops_with_it(path: Path) -> None:
    async with desk(path, grace_seconds=5.0, concurrency=1, busy_seconds=IMPATIENT) as work:
        work.provider.latency = 3.0
        await work.submit("m1", "m2", "m3")
        await work.until(lambda: len(work.provider.calls) == 1)
        await work.submit("late")
        with locked(path):
            await work.until_settled()
        assert [message_id for _, message_id in work.provider.calls] == ["m1"]
        assert work.state("m1") is State.ACCEPTED
        assert work.path_of("m2")[-2:] == [State.SENT, State.FAILED]
        assert work.path_of("m3")[-2:] == [State.QUEUED, State.FAILED]
        assert work.path_of("late") == [State.HELD, State.FAILED]


async def test_retry_by_hand_goes_on_once_the_journal_can_be_written(path: Path) -> None:
    async with desk(path, grace_seconds=5.0, busy_seconds=IMPATIENT) as work:
        await work.submit("m1", "m2")
        with locked(path):
            await work.until_settled()
            assert await work.engine.retry([key("m1")]) == 1
            await work.until_settled()
            assert work.state("m1") is State.FAILED
        assert await work.engine.retry([key("m1"), key("m2")]) == 2
        await work.until_settled()
        assert work.engine.totals() == {State.ACCEPTED: 2}
        assert work.engine.trouble is None
        assert await final_states(work) == [State.ACCEPTED, State.ACCEPTED]


async def test_an_outcome_that_could_not_be_written_is_written_later(path: Path) -> None:
    async with desk(path, busy_seconds=IMPATIENT) as work:
        work.provider.latency = 10.0
        await work.submit("m1")
        await work.until(lambda: len(work.provider.calls) == 1)
        with locked(path):
            await work.until(lambda: work.state("m1") is State.ACCEPTED)
            await work.journal.flushed()
        assert work.engine.trouble is not None
        assert await final_states(work) == [State.SENT]
        work.engine.observe("live", gone("m1"))
        await work.until_settled()
        assert await final_states(work) == [State.CONFIRMED]
        assert work.engine.trouble is None


async def test_closing_writes_what_could_not_be_written_before(path: Path) -> None:
    async with desk(path, grace_seconds=5.0, busy_seconds=IMPATIENT) as work:
        await work.submit("m1")
        with locked(path):
            await work.until_settled()
        await work.until_closed()
        assert await final_states(work) == [State.FAILED]


async def test_a_lost_answer_stays_unknown_when_its_repetition_can_not_be_written(path: Path) -> None:
    async with desk(path, busy_seconds=IMPATIENT) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.LOST)]
        await work.submit("m1")
        await work.until(lambda: len(work.provider.calls) == 1)
        with locked(path):
            await work.until_settled()
        assert work.state("m1") is State.UNKNOWN
        assert len(work.provider.calls) == 1


async def test_a_journal_that_was_closed_stops_everything(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as work:
        await work.submit("m1")
        await work.journal.close()
        await work.until_settled()
        assert work.state("m1") is State.FAILED
        assert work.provider.calls == []


async def test_waiting_while_the_journal_is_locked_is_no_trouble_when_all_is_written(path: Path) -> None:
    async with desk(path, busy_seconds=IMPATIENT) as work:
        await work.submit("m1")
        await work.until_settled()
        with locked(path):
            await work.until_settled()
        assert work.engine.trouble is None


async def test_a_retry_does_not_double_a_deletion_that_was_between_two_attempts(path: Path) -> None:
    async with desk(path, busy_seconds=IMPATIENT) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.UNAVAILABLE)] * 2
        await work.submit("m0", "m1")
        await work.until(lambda: work.path_of("m1")[-1] is State.QUEUED and len(work.provider.calls) == 2)
        with locked(path):
            work.engine.observe("live", gone("m0"))
            await work.journal.flushed()
        assert work.state("m1") is State.FAILED
        assert await work.engine.retry([key("m1")]) == 1
        await work.until_settled()
        assert [at for at, message_id in work.provider.calls if message_id == "m1"] == pytest.approx(
            [0.0, 0.5, 1.5], abs=0.01
        )


async def test_a_console_that_could_not_write_everything_leaves_the_rest_to_the_next(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as work:
        await work.submit("m1")
        with spoiled(path, State.CANCELLED):
            await work.until_closed()
        assert await final_states(work) == [State.HELD]
        async with desk(path) as next_one:
            next_one.clock.elapsed = 60.0
            (batch,) = await next_one.engine.leftovers.found()
            assert batch.waiting == 1


async def test_a_mistake_in_the_journal_stops_the_deletion_and_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(path, grace_seconds=5.0) as work:
        await work.submit("m1")
        with monkeypatch.context() as broken:
            broken.setattr(Store, "record", lambda store, deletions: 1 / 0 if deletions else None)
            await work.until_settled()
        assert work.provider.calls == []
        no = work.deletion("m1").refusal
        assert no is not None
        assert "ZeroDivisionError" in no.detail


async def test_a_step_is_told_once_it_is_on_record(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as work:
        told: list[State] = []
        on_record: list[State] = []

        def look(deletion: Deletion) -> None:
            told.append(deletion.state)
            step = "SELECT state FROM transitions WHERE deletion_id = ? AND state = ?"
            with closing(sqlite3.connect(path)) as other:
                rows = other.execute(step, (deletion.id, deletion.state.value)).fetchall()
            on_record.extend(State(state) for (state,) in rows)

        work.engine.subscribe(look)
        messages = [f"m{number}" for number in range(8)]
        await work.submit(*messages)
        await work.until_settled()
        assert told == on_record
        assert Counter(told) == dict.fromkeys([State.HELD, State.QUEUED, State.SENT, State.ACCEPTED], len(messages))


async def test_steps_that_the_journal_does_not_take_are_told_in_order(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script = {each: [refusal(RefusalKind.PERMISSION)] for each in ("m0", "m1")}
        await work.submit("m0", "m1")
        await work.until_settled()
        with spoiled(path, State.QUEUED):
            # The first write's failure ends both, while the second write is not answered.
            await asyncio.gather(work.engine.retry([key("m0")]), work.engine.retry([key("m1")]))
            await work.until_settled()
        for message_id in ("m0", "m1"):
            steps = work.path_of(message_id)
            assert steps[-2:] == [State.QUEUED, State.FAILED]


async def test_an_intent_that_could_not_be_written_ends_even_when_the_journal_recovers_at_once(path: Path) -> None:
    async with desk(path) as work:
        await work.submit("m0")
        await work.until_settled()
        with spoiled(path, State.SENT):
            work.engine.subscribe(
                lambda deletion: work.engine.observe("live", gone("m0")) if deletion.state is State.SENT else None
            )
            await work.submit("m1")
            await work.until_settled()
        assert (work.state("m0"), work.state("m1")) == (State.CONFIRMED, State.FAILED)
        assert [message_id for _, message_id in work.provider.calls] == ["m0"]
