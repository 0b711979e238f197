"""Taking the words of deleted messages out of the journal for good. That they were erased is itself on record."""

import sqlite3

from msgspec import Struct

from quell import __version__
from quell.moderation.journal.chain import Chain
from quell.moderation.journal.tables import ERASURES

_COUNT_OF_AUTHOR = """
SELECT count(*) FROM evidence WHERE seq IN (SELECT seq FROM deletions WHERE author_id = ?1 AND ?2 IN ('', account))
"""
_ERASE_AUTHOR = """
DELETE FROM evidence WHERE seq IN (SELECT seq FROM deletions WHERE author_id = ?1 AND ?2 IN ('', account))
"""
_ERASE_EXPIRED = """
DELETE FROM evidence WHERE seq IN (
    SELECT d.seq FROM deletions AS d JOIN batches AS b ON b.id = d.batch_id WHERE b.confirmed_at < ?
)
"""
# Goes through what is kept, not through all deletions there ever were.
_HAS_EXPIRED = """
SELECT 1 FROM evidence AS e CROSS JOIN deletions AS d ON d.seq = e.seq JOIN batches AS b ON b.id = d.batch_id
WHERE b.confirmed_at < ? LIMIT 1
"""


class Erasure(Struct, frozen=True, kw_only=True):
    """What was erased."""

    record: int
    """Number of the record that tells of it; 0 when there was nothing to erase, which is not recorded."""
    count: int
    """How many messages' words there were."""
    complete: bool
    """Whether no trace is left in the journal's files. If not, another program was in the way; the next start tries
    again."""


def count_of_author(connection: sqlite3.Connection, author_id: str, account: str) -> int:
    """Of how many messages of this author there still are words; of one account, or of all where it is empty."""
    (count,) = connection.execute(_COUNT_OF_AUTHOR, (author_id, account)).fetchone()
    return int(count)


def erase_author(
    connection: sqlite3.Connection, chain: Chain, author_id: str, account: str, *, at: float, moderator: str
) -> tuple[int, int]:
    """Erase all words of this author; returns the number of the record that tells of it, and how many there were."""
    erased = connection.execute(_ERASE_AUTHOR, (author_id, account)).rowcount
    if erased == 0:
        return 0, 0
    (record,) = chain.append(ERASURES, [(at, "author", account, author_id, None, erased, moderator, __version__)])
    _note_that_traces_are_left(connection)
    return record, erased


def has_expired(connection: sqlite3.Connection, before: float) -> bool:
    """Whether there are words of messages whose deletion was confirmed before this time, in Unix seconds."""
    return connection.execute(_HAS_EXPIRED, (before,)).fetchone() is not None


def erase_expired(connection: sqlite3.Connection, chain: Chain, before: float, *, at: float) -> None:
    """Erase the words of messages whose deletion was confirmed before this time, in Unix seconds."""
    erased = connection.execute(_ERASE_EXPIRED, (before,)).rowcount
    if erased:
        chain.append(ERASURES, [(at, "expiry", "", "", before, erased, "", __version__)])
        _note_that_traces_are_left(connection)


def scrub(connection: sqlite3.Connection) -> bool:
    """Leave no trace of what was erased in the file and its log; returns whether that is so. Not in a transaction.

    What is erased is overwritten at once, but the database may have copied it within the file before, when it moved
    its neighbours about; only a file that is written anew is without such copies.
    """
    if connection.execute("SELECT 1 FROM head WHERE scrub_due").fetchone() is None:
        return True
    try:
        connection.execute("VACUUM")
        (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            return False
        connection.execute("UPDATE head SET scrub_due = 0")
    except sqlite3.OperationalError:  # locked, or no room for a second copy
        return False
    return True


def _note_that_traces_are_left(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE head SET scrub_due = 1")
