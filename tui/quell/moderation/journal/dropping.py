"""Refused deletions of which the moderator accepted that they stay refused.

None of it is part of the chain: it says what is not offered again, not what was done.
"""

import sqlite3
from collections.abc import Iterable

_OF_BATCH = "SELECT r.deletion_id FROM dropped AS r JOIN deletions AS d ON d.id = r.deletion_id WHERE d.batch_id = ?"


def drop(connection: sqlite3.Connection, deletion_ids: Iterable[str]) -> None:
    """Remember that these were dropped, for whoever takes their batch up after a crash."""
    rows = [(deletion_id,) for deletion_id in deletion_ids]
    connection.executemany("INSERT OR IGNORE INTO dropped (deletion_id) VALUES (?)", rows)


def dropped(connection: sqlite3.Connection, batch_id: str) -> frozenset[str]:
    """Ids of the deletions of a batch that were dropped."""
    return frozenset(deletion_id for (deletion_id,) in connection.execute(_OF_BATCH, (batch_id,)))
