"""The hash chain: whatever is done to the file by hand, a check finds it and names the first bad record."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from msgspec import structs

from quell.moderation.deletion import State, advance
from quell.moderation.journal import Fault, JournalError, Verification
from quell.moderation.journal.chain import GENESIS, record_hash
from quell.moderation.journal.rows import read_text
from quell.moderation.journal.tables import CHAINED, ERASURES, TRANSITIONS, Table
from quell.moderation.journal.verify import verify
from tests.unit.quell.moderation.journal.support import begun, by_hand, carried_out, disconnection, opened, verified
from tests.unit.quell.moderation.simulation import START

# Of two messages: 1 is the batch, 2 and 3 its deletions, 4 to 11 their transitions, 12 an erasure of nobody's words;
# 13 is a disconnection.
RECORDS = 13
FIRST = {"batches": 1, "deletions": 2, "transitions": 4, "erasures": 12, "disconnections": 13}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A journal with records of every kind."""
    path = tmp_path_factory.mktemp("made") / "journal.sqlite3"

    async def make() -> None:
        async with opened(path) as journal:
            await carried_out(journal, "m1", "m2")
            nobody = (START, "author", "", "somebody else", None, 0, "Mo", "1")
            await journal._write(lambda store: store._end_of_chain().append(ERASURES, [nobody]))
            await journal.record_disconnection(disconnection())

    asyncio.run(make())
    return path.read_bytes()


@pytest.fixture
def journal(path: Path, made: bytes) -> Path:
    """A copy of it, to do something to."""
    path.parent.mkdir(parents=True)
    path.write_bytes(made)
    return path


def checked(path: Path, noted: tuple[int, str] | None = None) -> Verification:
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = read_text
        return verify(connection, noted)


def fault_of(path: Path) -> Fault:
    fault = checked(path).fault
    assert fault is not None
    return fault


def rechain(connection: sqlite3.Connection, seq: int) -> None:
    """Give one record the hash that it should have."""
    for table in CHAINED:
        for found, previous, _, *columns in connection.execute(table.select).fetchall():
            if found == seq:
                digest = record_hash(table, seq, previous, columns)
                connection.execute(f"UPDATE {table.name} SET hash = ? WHERE seq = ?", (digest, seq))


async def test_a_journal_that_nobody_touched(journal: Path) -> None:
    found = await verified(journal)
    assert (found.records, found.fault) == (RECORDS, None)
    assert len(found.head) == 64


async def test_an_empty_journal(path: Path) -> None:
    found = await verified(path)
    assert (found.records, found.head, found.fault) == (0, GENESIS.hex(), None)


async def test_two_consoles_write_one_chain(path: Path) -> None:
    async with opened(path) as one, opened(path) as other:
        for number in range(5):
            await carried_out(one, f"a{number}")
            await carried_out(other, f"b{number}")
    found = await verified(path)
    assert (found.records, found.fault) == (60, None)


async def test_what_was_rolled_back_leaves_no_gap(path: Path) -> None:
    async with opened(path) as journal:
        _, (deletion,) = await begun(journal, "m1")
        cancelled = advance(deletion, State.CANCELLED, at=START)
        stranger = structs.replace(cancelled, id="nobody's")
        writing = [journal.record([stranger]), journal.record([cancelled])]
        results = await asyncio.gather(*writing, return_exceptions=True)
        assert [type(result) for result in results] == [JournalError, type(None)]
        found = await journal.verify()
    assert (found.records, found.fault) == (4, None)


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table in CHAINED for column in ("seq", "prev_hash", "hash", *table.columns)],
)
def test_any_value_that_is_changed(journal: Path, table: Table, column: str) -> None:
    seq = FIRST[table.name]
    with by_hand(journal) as connection:
        value = {"seq": "seq + 1000", "prev_hash": "zeroblob(32)", "hash": "zeroblob(32)"}.get(
            column, f"coalesce({column}, 0) || '1'"
        )
        if seq == 1 and column == "prev_hash":
            value = "randomblob(32)"
        connection.execute(f"UPDATE {table.name} SET {column} = {value} WHERE seq = ?", (seq,))
    assert (fault_of(journal)).record == seq


async def test_a_number_that_became_text(journal: Path) -> None:
    with by_hand(journal) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = replace(sql, 'attempt INTEGER', 'attempt BLOB')")
    with by_hand(journal) as connection:
        connection.execute("UPDATE transitions SET attempt = '0' WHERE seq = 4")
        (deletion_id,) = connection.execute("SELECT id FROM deletions WHERE seq = 2").fetchone()
    assert fault_of(journal) == Fault(4, "transitions", deletion_id, "was changed")


def test_a_change_with_its_own_hash_made_to_fit(journal: Path) -> None:
    with by_hand(journal) as connection:
        connection.execute("UPDATE transitions SET state = 'refused' WHERE seq = 8")
        rechain(connection, 8)
    fault = fault_of(journal)
    assert fault.record == 9
    assert "one of the two was changed" in fault.problem


def test_a_change_of_the_last_record_with_its_hash_made_to_fit(journal: Path) -> None:
    with by_hand(journal) as connection:
        connection.execute("UPDATE disconnections SET moderator = 'x' WHERE seq = 13")
        rechain(connection, 13)
    assert (fault_of(journal)).record == RECORDS


@pytest.mark.parametrize("first", [1, 2, 4, 7, 11, 12, 13])
def test_a_record_that_is_taken_out(journal: Path, first: int) -> None:
    with by_hand(journal) as connection:
        for table in CHAINED:
            connection.execute(f"DELETE FROM {table.name} WHERE seq = ?", (first,))
    found = checked(journal)
    assert found.fault is not None
    assert (found.fault.record, found.records) == (first, first - 1)
    assert "removed" in found.fault.problem


@pytest.mark.parametrize("last", [0, 3, 9])
def test_an_end_that_is_cut_off(journal: Path, last: int) -> None:
    with by_hand(journal) as connection:
        for table in CHAINED:
            connection.execute(f"DELETE FROM {table.name} WHERE seq > ?", (last,))
        connection.execute("DELETE FROM evidence WHERE seq > ?", (last,))
    fault = fault_of(journal)
    assert (fault.record, fault.problem) == (last + 1, "was removed, with all that came after it")


def test_an_end_that_is_cut_off_with_the_head_made_to_fit_shows_against_a_head_that_was_noted(
    journal: Path,
) -> None:
    whole = checked(journal)
    with by_hand(journal) as connection:
        connection.execute("DELETE FROM disconnections")
        connection.execute("UPDATE head SET seq = 12, hash = (SELECT hash FROM erasures WHERE seq = 12)")
    assert (checked(journal)).fault is None
    fault = (checked(journal, (whole.records, whole.head))).fault
    assert fault is not None
    assert fault.record == RECORDS


async def test_a_noted_head_stays_true_while_the_journal_grows(journal: Path) -> None:
    whole = checked(journal)
    async with opened(journal) as growing:
        await carried_out(growing, "m3")
        assert (await growing.verify((whole.records, whole.head))).fault is None
        other = (await growing.verify((whole.records, "0" * 64))).fault
    assert other is not None
    assert other.record == whole.records


def _swapped(connection: sqlite3.Connection) -> None:
    for old, new in ((5, 900), (6, 5), (900, 6)):
        connection.execute("UPDATE transitions SET seq = ? WHERE seq = ?", (new, old))


def _doubled(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO erasures SELECT 5, prev_hash, hash, at, cause, account, author_id, before, count, moderator, "
        "tool_version FROM erasures"
    )


def _added(connection: sqlite3.Connection) -> None:
    names = ", ".join(TRANSITIONS.columns)
    connection.execute(
        f"INSERT INTO transitions (seq, prev_hash, hash, {names}) "
        f"SELECT 14, (SELECT hash FROM disconnections), randomblob(32), {names} FROM transitions WHERE seq = 11"
    )
    rechain(connection, 14)


def _headless(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM head")


@pytest.mark.parametrize(
    ("change", "record", "words"),
    [
        (_swapped, 5, "does not follow the record before it"),
        (_doubled, 5, "was added|does not follow|was changed"),
        (_added, 14, "was added behind the last record"),
        (_headless, 14, "the row that names the last record is gone"),
    ],
)
def test_records_that_are_moved_or_added(
    journal: Path, change: Callable[[sqlite3.Connection], None], record: int, words: str
) -> None:
    with by_hand(journal) as connection:
        change(connection)
    fault = fault_of(journal)
    assert fault.record == record
    assert any(word in fault.problem for word in words.split("|"))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE evidence SET text = 'what was never said' WHERE seq = 3",
        "UPDATE evidence SET author_name = 'Lena' WHERE seq = 3",
        "UPDATE evidence SET attachments = '[\"a.pdf\"]' WHERE seq = 3",
        "UPDATE evidence SET attachments = '[]' WHERE seq = 3",
        "UPDATE evidence SET attachments = x'00' WHERE seq = 3",
        "UPDATE evidence SET digest = zeroblob(32) WHERE seq = 3",
        "UPDATE evidence SET key = zeroblob(32) WHERE seq = 3",
        "UPDATE evidence SET key = 'no key' WHERE seq = 3",
        "DELETE FROM evidence WHERE seq = 3",
    ],
)
def test_evidence_that_is_changed_or_gone(journal: Path, change: str) -> None:
    with by_hand(journal) as connection:
        connection.execute(change)
    fault = fault_of(journal)
    assert (fault.record, fault.kind) == (3, "evidence")


def test_evidence_of_a_message_of_which_none_was_taken(journal: Path) -> None:
    with by_hand(journal) as connection:
        connection.execute("INSERT INTO evidence VALUES (9, zeroblob(32), zeroblob(32), 'x', 'y', '')")
    assert (fault_of(journal)).record == 9


def test_the_first_of_several_faults_is_named(journal: Path) -> None:
    with by_hand(journal) as connection:
        connection.execute("UPDATE transitions SET at = 0 WHERE seq = 8")
        connection.execute("UPDATE evidence SET text = '' WHERE seq = 2")
        connection.execute("DELETE FROM erasures")
    assert (fault_of(journal)).record == 2


async def test_a_chain_that_goes_on_behind_a_broken_record_stays_broken_there(journal: Path) -> None:
    with by_hand(journal) as connection:
        connection.execute("UPDATE batches SET moderator = 'Lena' WHERE seq = 1")
    async with opened(journal) as growing:
        await carried_out(growing, "m3")
        fault = (await growing.verify()).fault
    assert fault is not None
    assert (fault.record, fault.kind, fault.problem) == (1, "batches", "was changed")


def test_pages_that_belong_to_nothing(journal: Path) -> None:
    with by_hand(journal) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_schema WHERE name = 'deletions_by_author'")
    fault = fault_of(journal)
    assert fault.record == 0
    assert "damaged" in fault.problem
