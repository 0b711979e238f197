"""The hash chain: every record holds the hash of the one before it, so that none can be changed or taken out unseen.

A record's hash is the SHA-256 of a JSON array in ASCII without blanks: the table's name, the record's number, the hash
of the record before it in hexadecimal, and the record's columns in the order of `tables`, without those at the end that
a later format added and that are nothing. Numbers run through all tables together, from 1; the first record follows 32
zero bytes.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Self

from quell.moderation.journal.rows import Row, storable
from quell.moderation.journal.tables import Table

GENESIS = bytes(32)
"""What the first record follows."""

# Bytes stand where the file was changed by hand: they hash to something, but to nothing that was ever written.
_encoded = json.JSONEncoder(separators=(",", ":"), default=repr).encode


_SURROGATE = r"\ud"
"""Half of a pair as it is encoded; and each half of a proper one, which is not told apart here."""
_HEAD = "SELECT rowid, seq, hash FROM head"
_HEAD_OF_LIVING = "SELECT rowid, seq, hash FROM head WHERE EXISTS (SELECT 1 FROM consoles WHERE owner = ?)"
# There is but one row. Where SQLite is told which one, it goes through the table once, not twice.
_SEAL = "UPDATE head SET seq = ?, hash = ? WHERE rowid = ?"


def record_hash(table: Table, seq: int, previous: bytes, columns: Sequence[object]) -> bytes:
    """The hash of one record, 32 bytes."""
    return _hash(_covered(table, seq, previous, columns))


def _covered(table: Table, seq: int, previous: bytes, columns: Sequence[object]) -> str:
    """What the hash covers."""
    return _encoded([table.name, seq, previous.hex(), *table.hashed(columns)])


def _hash(encoded: str) -> bytes:
    return hashlib.sha256(encoded.encode("ascii")).digest()


class Chain:
    """The end of the chain, for as long as one writing transaction lasts."""

    def __init__(self, connection: sqlite3.Connection, head: tuple[int, int, bytes]) -> None:
        self._connection = connection
        self._row, self._seq, self._hash = head

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Self:
        """The chain as this transaction found it."""
        head = connection.execute(_HEAD).fetchone()
        if head is None:
            raise sqlite3.DatabaseError("the row that names its last record is missing")
        return cls(connection, head)

    @classmethod
    def of_living(cls, connection: sqlite3.Connection, owner: str) -> Self | None:
        """The same, if this console was not taken for dead. One question for both: a request waits for the answer."""
        head = connection.execute(_HEAD_OF_LIVING, (owner,)).fetchone()
        return None if head is None else cls(connection, head)

    def append(self, table: Table, rows: Iterable[Row]) -> range:
        """Write records; returns their numbers."""
        first = self._seq + 1
        linked = [self._link(table, row) for row in rows]
        self._connection.executemany(table.insert, linked)
        return range(first, self._seq + 1)

    def seal(self) -> None:
        """Note which record is the last one now, so that its removal shows."""
        self._connection.execute(_SEAL, (self._seq, self._hash, self._row))

    def _link(self, table: Table, row: Row) -> tuple[object, ...]:
        previous = self._hash
        self._seq += 1
        encoded = _covered(table, self._seq, previous, row)
        self._hash = _hash(encoded)
        values = storable(row) if _SURROGATE in encoded else row
        return self._seq, previous, self._hash, *values
