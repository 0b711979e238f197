"""Journals of older formats are brought up, and what was written down in them stays proven."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from quell.moderation.deletion import State
from quell.moderation.journal.schema import VERSION
from tests.unit.quell.moderation.journal.support import (
    as_format,
    begun,
    by_hand,
    carried_out,
    deletions_of,
    disconnection,
    disconnections,
    opened,
    verified,
)
from tests.unit.quell.moderation.simulation import START, batch_of

FORMAT_4 = Path(__file__).with_name("format_4.sql")
"""A journal as the last Quell of that format wrote it: three deletions, an erasure and a disconnection."""
HEAD_4 = "745d32569ae279018b201cd7bffc6cba20a4bc9ac7a48ea2bb4e4cc7f0d81a06"
"""What that Quell's `verify` printed for it."""
ASKED = {"endpoint_host": "chat.example.org", "acting_account": "aBcD1234"}


@pytest.fixture
def written_in_4(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FORMAT_4.read_text())
    return path


async def test_what_an_older_quell_wrote_is_read_and_hashes_as_it_did(written_in_4: Path) -> None:
    async with opened(written_in_4) as journal:
        found = await journal.verify((16, HEAD_4))
        assert (found.records, found.head, found.fault) == (16, HEAD_4, None)
        gone, refused, accepted = await journal.search()
        (ended,) = await journal.disconnections()
    assert accepted.deletion.operation_id == "op-1"
    assert (accepted.schema, accepted.evidence, accepted.deletion.target.text) == (4, "full", "buy now")
    assert (gone.deletion.target.endpoint_host, gone.deletion.target.acting_account) == ("", "")
    assert (gone.deletion.target.thread_id, gone.deletion.target.attachments) == (None, ())
    assert (refused.evidence, refused.erased_at) == ("erased", START + 20)
    assert (ended.disconnection.state, ended.disconnection.endpoint_host) == (State.ACCEPTED, "")


async def test_new_records_follow_the_old_ones_in_one_chain(written_in_4: Path) -> None:
    batch = batch_of("n1")
    target = replace(batch.targets[0], thread_id="parent", attachments=("a.pdf",), **ASKED)
    batch = replace(batch, targets=(target,))
    async with opened(written_in_4) as journal:
        await journal.begin(batch, deletions_of(batch))
        await journal.record_disconnection(disconnection(id_="d2"))
        await journal.record_disconnection(replace(disconnection(id_="d3"), **ASKED))
        (deletion,) = await journal.deletions(batch.id)
        assert deletion.target == target
        found = await journal.verify((16, HEAD_4))
    assert (found.records, found.fault) == (21, None)


@pytest.mark.parametrize(
    ("change", "record"),
    [
        ("UPDATE deletions SET endpoint_host = 'elsewhere.example' WHERE seq = 3", 3),
        ("UPDATE deletions SET thread_id = 'x' WHERE seq = 2", 2),
        ("UPDATE disconnections SET acting_account = 'somebody else' WHERE seq = 15", 15),
        ("UPDATE evidence SET attachments = '[\"a.pdf\"]' WHERE seq = 4", 4),
    ],
)
async def test_nothing_can_be_put_into_old_records(written_in_4: Path, change: str, record: int) -> None:
    async with opened(written_in_4):
        pass
    with by_hand(written_in_4) as connection:
        connection.execute(change)
    fault = (await verified(written_in_4)).fault
    assert fault is not None
    assert fault.record == record


@pytest.mark.parametrize("column", ["endpoint_host", "acting_account", "thread_id"])
async def test_nothing_can_be_taken_out_of_new_ones(path: Path, column: str) -> None:
    batch = batch_of("m1")
    batch = replace(batch, targets=(replace(batch.targets[0], thread_id="parent", **ASKED),))
    async with opened(path) as journal:
        await journal.begin(batch, deletions_of(batch))
    with by_hand(path) as connection:
        connection.execute(f"UPDATE deletions SET {column} = NULL")
    fault = (await verified(path)).fault
    assert fault is not None
    assert (fault.record, fault.problem) == (2, "was changed")


@pytest.mark.parametrize("version", range(1, VERSION))
async def test_every_format_is_brought_up_and_stays_whole(path: Path, version: int) -> None:
    async with opened(path) as journal:
        await carried_out(journal, "m1")
    as_format(path, version)
    async with opened(path) as journal:
        await journal.record_disconnection(disconnection())
        await begun(journal, "m2")
        assert await disconnections(journal) == [disconnection()]
    found = await verified(path)
    assert (found.records, found.fault) == (10, None)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)


async def test_what_a_format_added_is_guarded_too(path: Path) -> None:
    async with opened(path):
        pass
    as_format(path, 1)
    async with opened(path) as journal:
        await journal.record_disconnection(disconnection())
    with closing(sqlite3.connect(path)) as connection:
        for change in ("UPDATE disconnections SET state = 'accepted'", "DELETE FROM disconnections"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(change)
