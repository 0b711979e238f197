"""The journal: durable, append-only, raw, and in order."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from quell.moderation.deletion import Batch, Reason, State, Target, advance
from quell.moderation.journal import Journal, JournalError
from quell.moderation.journal.schema import APPLICATION_ID, VERSION
from quell_providers.refusal import Refusal, RefusalKind
from tests.unit.quell.moderation.journal.support import begun, deletions_of, opened
from tests.unit.quell.moderation.simulation import START, batch_of


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


async def test_everything_comes_back_as_it_was(path: Path) -> None:
    batch = batch_of("m1", "m2", reason="Bots “again”")
    deletions = deletions_of(batch)
    no = Refusal(
        kind=RefusalKind.PERMISSION, code="error-action-not-allowed", detail="Not allowed", cause="old", remedy="ask"
    )
    async with opened(path) as journal:
        await journal.begin(batch, deletions)
        sent = [advance(each, State.SENT, at=START + 2, attempt=1) for each in deletions]
        await journal.record(sent)
        accepted = advance(sent[0], State.ACCEPTED, at=START + 3, operation_id="op-1")
        refused = advance(sent[1], State.REFUSED, at=START + 3, refusal=no)
        await journal.record([accepted, refused])
    async with opened(path) as journal:
        assert await journal.deletions(batch.id) == [accepted, refused]
        (summary,) = await journal.batches()
    assert (summary.id, summary.moderator, summary.confirmed_at, summary.reason) == (
        batch.id,
        "amara",
        START,
        Reason("spam", "Bots “again”"),
    )
    assert summary.states == {State.ACCEPTED: 1, State.REFUSED: 1}
    assert summary.rooms == (("live", "room", "finals"),)
    assert summary.size == 2


async def test_every_step_is_a_row(path: Path) -> None:
    async with opened(path) as journal:
        _, (deletion,) = await begun(journal, "m1")
        await journal.record([advance(deletion, State.SENT, at=START + 2, attempt=1)])
    found = rows(path, "SELECT state, at, attempt FROM transitions ORDER BY seq")
    assert found == [("queued", START + 1, 0), ("sent", START + 2, 1)]


async def test_batches_are_listed_newest_first(path: Path) -> None:
    async with opened(path) as journal:
        ids = [(await begun(journal, f"m{number}"))[0].id for number in range(4)]
        assert [each.id for each in await journal.batches(limit=3)] == ids[:0:-1]
        assert await journal.deletions("no such batch") == []


@pytest.mark.parametrize(
    "text", ["half \ud800 pair", "nul \x00 inside", "\x1b[2J\u202e", "💥 क्षि", "'); DROP TABLE x;--"]
)
async def test_raw_text_stays_raw(path: Path, text: str) -> None:
    target = Target(
        account=text,
        provider=text,
        room_id=text,
        room_name=text,
        message_id=text,
        author_id=text,
        author_name=text,
        text=text,
        sent_at=None,
        attachments=(text, "", text * 300),
        thread_id=text,
        endpoint_host=text,
        acting_account=text,
    )
    batch = Batch(moderator=text, reason=Reason(text, text), targets=(target,), confirmed_at=START)
    (deletion,) = deletions_of(batch, State.SENT)
    no = Refusal(kind=RefusalKind.INVALID, code=text, detail=text, cause=text, remedy=text)
    refused = advance(deletion, State.REFUSED, at=START, refusal=no, operation_id=text)
    async with opened(path) as journal:
        await journal.begin(batch, [deletion])
        await journal.record([refused])
        assert await journal.deletions(batch.id) == [refused]
        (summary,) = await journal.batches()
        assert (summary.moderator, summary.reason) == (text, Reason(text, text))


async def test_it_is_written_ahead_and_synchronously(path: Path) -> None:
    async with opened(path) as journal:
        settings = await journal._read(
            lambda store: [
                store._connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "application_id", "user_version")
            ]
        )
    assert settings == ["wal", 2, APPLICATION_ID, VERSION]


@pytest.mark.parametrize("table", ["batches", "deletions", "transitions"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid + 1"])
async def test_nothing_can_be_changed_or_removed(path: Path, table: str, statement: str) -> None:
    async with opened(path) as journal:
        await begun(journal, "m1")
    with closing(sqlite3.connect(path)) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement.format(table))
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)


async def test_what_waits_together_becomes_durable_together_and_in_order(path: Path) -> None:
    async with opened(path) as journal:
        _, deletions = await begun(journal, *(f"m{number}" for number in range(50)))
        sent = [advance(each, State.SENT, at=START + 2, attempt=1) for each in deletions]
        accepted = [advance(each, State.ACCEPTED, at=START + 3) for each in sent]
        futures = [journal.record([each]) for step in (sent, accepted) for each in step]
        await futures[-1]
        assert all(future.done() for future in futures)
    states = [state for (state,) in rows(path, "SELECT state FROM transitions ORDER BY seq")]
    assert states == ["queued"] * 50 + ["sent"] * 50 + ["accepted"] * 50


async def test_a_record_that_can_not_be_written_does_not_spoil_its_neighbours(path: Path) -> None:
    async with opened(path) as journal:
        batch, (first, second) = await begun(journal, "m1", "m2")
        stranger = deletions_of(batch_of("m3"))[0]
        writing = [journal.record([advance(each, State.CANCELLED, at=START + 2)]) for each in (first, stranger, second)]
        results = await asyncio.gather(*writing, return_exceptions=True)
        assert [type(result) for result in results] == [type(None), JournalError, type(None)]
        states = [each.state for each in await journal.deletions(batch.id)]
    assert states == [State.CANCELLED, State.CANCELLED]


async def test_a_batch_is_written_whole_or_not_at_all(path: Path) -> None:
    async with opened(path) as journal:
        batch = batch_of("m1", "m2")
        deletions = deletions_of(batch)
        with pytest.raises(JournalError):
            await journal.begin(batch, [deletions[0], deletions[0]])
        assert await journal.batches() == []
        await journal.begin(batch, deletions)
        assert len(await journal.deletions(batch.id)) == 2


async def test_a_mistake_in_the_program_reaches_whoever_asked_and_nobody_else(path: Path) -> None:
    async with opened(path) as journal:
        failing = journal._write(lambda store: 1 / 0)
        batch, _ = await begun(journal, "m1")
        with pytest.raises(ZeroDivisionError):
            await failing
        assert len(await journal.deletions(batch.id)) == 1


async def test_the_one_who_asked_may_go(path: Path) -> None:
    async with opened(path) as journal:
        _, (deletion,) = await begun(journal, "m1")
        journal.record([advance(deletion, State.CANCELLED, at=START + 2)]).cancel()
        await journal.record([])
        (found,) = await journal.deletions(deletion.batch_id)
    assert found.state is State.CANCELLED


async def test_closing_writes_what_was_asked_for_and_takes_nothing_more(path: Path) -> None:
    journal = await Journal.open(path)
    _, (deletion,) = await begun(journal, "m1")
    writing = journal.record([advance(deletion, State.CANCELLED, at=START + 2)])
    await journal.close()
    await writing
    await journal.close()
    with pytest.raises(JournalError, match="is closed"):
        await journal.batches()
    assert rows(path, "SELECT count(*) FROM transitions") == [(2,)]
