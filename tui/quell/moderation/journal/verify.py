"""Proving that nothing in the journal was changed, taken out, added or moved by hand."""

import hmac
import sqlite3
from collections.abc import Callable, Iterator
from heapq import merge
from operator import itemgetter
from typing import Any

from msgspec import Struct

from quell.moderation.evidence import Evidence
from quell.moderation.journal import rows
from quell.moderation.journal.chain import GENESIS, record_hash
from quell.moderation.journal.tables import CHAINED, Table

_EVIDENCE = """
SELECT e.seq, d.commitment, d.id, e.key, e.digest, e.author_name, e.text, e.attachments
FROM evidence AS e LEFT JOIN deletions AS d ON d.seq = e.seq ORDER BY e.seq
"""
_WITHOUT_EVIDENCE = f"""
SELECT d.seq, d.id FROM deletions AS d LEFT JOIN batches AS b ON b.id = d.batch_id
WHERE d.commitment IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM evidence AS e WHERE e.seq = d.seq)
AND NOT EXISTS (SELECT 1 FROM erasures AS x WHERE {rows.ERASED})
ORDER BY d.seq LIMIT 1
"""  # noqa: S608 - nothing of it comes from outside


class Fault(Struct, frozen=True):
    """The first thing that is wrong."""

    record: int
    """Number of the first bad record; 0 where it is the file as a whole."""
    kind: str
    """Its table, such as `transitions`; empty where the record is missing."""
    id: str
    """Of the batch or deletion that it is about, where it is about one."""
    problem: str
    """What is wrong with it, in words that follow its name."""


class Verification(Struct, frozen=True, kw_only=True):
    """What a check of the whole journal found."""

    records: int
    """How many records were good, from the first one on."""
    head: str
    """Hash of the last good record in hexadecimal: noted elsewhere, it proves later that this record is unchanged."""
    fault: Fault | None


def verify(connection: sqlite3.Connection, noted: tuple[int, str] | None = None) -> Verification:
    """Check every record against its hash and the one before it, and what is left of the evidence.

    Args:
        connection: The journal. Should be in one transaction, else others write meanwhile.
        noted: Number and hash of a record as an earlier check told them.
    """
    records, head, fault = _check_chain(connection, noted)
    checks: tuple[Callable[[sqlite3.Connection], Fault | None], ...] = (_check_evidence, _check_absence)
    faults = [fault, *(check(connection) for check in checks)]
    found = min((each for each in faults if each), key=lambda each: each.record, default=None)
    return Verification(records=records, head=head.hex(), fault=found or _check_database(connection))


def _check_chain(connection: sqlite3.Connection, noted: tuple[int, str] | None) -> tuple[int, bytes, Fault | None]:
    """How many records are good, the hash of the last one of these, and what is wrong with the next."""
    seq, previous = 0, GENESIS
    for table, row in merge(*(_records(connection, table) for table in CHAINED), key=lambda each: each[1][0]):
        fault = _check_record(table, row, seq, previous)
        if fault is None and noted is not None and row[0] == noted[0] and row[2].hex() != noted[1]:
            fault = _fault(table, row, "is not the one whose hash was noted earlier")
        if fault is not None:
            return seq, previous, fault
        seq, previous = row[0], row[2]
    return seq, previous, _check_end(connection, seq, previous, noted)


def _records(connection: sqlite3.Connection, table: Table) -> Iterator[tuple[Table, tuple[Any, ...]]]:
    return ((table, row) for row in connection.execute(table.select))


def _check_record(table: Table, row: tuple[Any, ...], before: int, previous: bytes) -> Fault | None:
    seq, prev_hash, hash_, *columns = row
    if seq <= before:
        return _fault(table, row, "was added: another record has its number")
    if seq > before + 1:
        return Fault(before + 1, "", "", "was removed")
    if prev_hash != previous:
        return _fault(table, row, "does not follow the record before it: one of the two was changed, moved or added")
    if hash_ != record_hash(table, seq, previous, columns):
        return _fault(table, row, "was changed")
    return None


def _check_end(connection: sqlite3.Connection, seq: int, last: bytes, noted: tuple[int, str] | None) -> Fault | None:
    heads = connection.execute("SELECT seq, hash FROM head").fetchall()
    if len(heads) != 1:
        return Fault(seq + 1, "", "", "can not be told from the end: the row that names the last record is gone")
    (head, head_hash) = heads[0]
    if head > seq or (noted is not None and noted[0] > seq):
        return Fault(seq + 1, "", "", "was removed, with all that came after it")
    if head < seq:
        return Fault(head + 1, "", "", "was added behind the last record")
    if head_hash != last:
        return Fault(seq, "", "", "is not the one that was written last")
    return None


def _check_evidence(connection: sqlite3.Connection) -> Fault | None:
    for seq, commitment, deletion_id, *evidence in connection.execute(_EVIDENCE):
        try:
            kept = Evidence(*evidence).commitment
        except (AttributeError, TypeError, ValueError):  # a value of another type was put there
            kept = ""
        if commitment is None or not hmac.compare_digest(kept, str(commitment)):
            return Fault(seq, "evidence", deletion_id or "", "is not the text that was written down")
    return None


def _check_absence(connection: sqlite3.Connection) -> Fault | None:
    for seq, deletion_id in connection.execute(_WITHOUT_EVIDENCE):
        return Fault(seq, "evidence", deletion_id, "is gone, and no record tells that it was erased")
    return None


def _check_database(connection: sqlite3.Connection) -> Fault | None:
    (word,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return None if word == "ok" else Fault(0, "", "", f"is damaged as a database: {word}")


_NAMES = dict.fromkeys(("batches", "deletions", "transitions", "disconnections"), itemgetter(3))
"""Where a record has the id of what it is about."""


def _fault(table: Table, row: tuple[Any, ...], problem: str) -> Fault:
    about = _NAMES.get(table.name)
    return Fault(row[0], table.name, "" if about is None else str(about(row)), problem)
