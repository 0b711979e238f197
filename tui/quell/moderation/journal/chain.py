"""The hash chain: every record holds the hash of the one before it, so that none can be changed or taken out unseen.

A record's hash is the SHA-256 of a JSON array in ASCII without blanks: the table's name, the record's number, the hash
of the record before it in hexadecimal, and the record's columns in the order of `tables`. Numbers run through all
tables together, from 1; the first record follows 32 zero bytes.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence

from quell.moderation.journal.rows import Row, storable
from quell.moderation.journal.tables import Table

GENESIS = bytes(32)
"""What the first record follows."""

# Bytes stand where the file was changed by hand: they hash to something, but to nothing that was ever written.
_encoded = json.JSONEncoder(separators=(",", ":"), default=repr).encode


def record_hash(table: str, seq: int, previous: bytes, columns: Sequence[object]) -> bytes:
    """The hash of one record, 32 bytes."""
    return hashlib.sha256(_encoded([table, seq, previous.hex(), *columns]).encode("ascii")).digest()


class Chain:
    """The end of the chain, for as long as one writing transaction lasts."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        head = connection.execute("SELECT seq, hash FROM head").fetchone()
        if head is None:
            raise sqlite3.DatabaseError("the row that names its last record is missing")
        self._seq, self._hash = head

    def append(self, table: Table, rows: Iterable[Row]) -> range:
        """Write records; returns their numbers."""
        first = self._seq + 1
        linked = [self._link(table.name, row) for row in rows]
        self._connection.executemany(table.insert, linked)
        return range(first, self._seq + 1)

    def seal(self) -> None:
        """Note which record is the last one now, so that its removal shows."""
        self._connection.execute("UPDATE head SET seq = ?, hash = ?", (self._seq, self._hash))

    def _link(self, table: str, row: Row) -> tuple[object, ...]:
        previous = self._hash
        self._seq += 1
        self._hash = record_hash(table, self._seq, previous, row)
        return self._seq, previous, self._hash, *storable(row)
