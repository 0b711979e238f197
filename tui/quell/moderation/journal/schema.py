"""The tables of the journal.

`batches`, `deletions`, `transitions`, `erasures` and `disconnections` only ever grow, and their rows are the records of
one hash chain; triggers hold every program to that, not only this one. `head` names the chain's last record. `evidence`
holds the words of deleted messages, which may be erased. `consoles` names the consoles that may still act on their
batches: one that ends in good order leaves no row. `leftovers` names the batches of consoles that died, and who took
each one up. `urgent` names the batches that go first, and `pressing` the accounts in which a console's urgent deletions
wait now. `dropped` names the refused deletions that are not to be tried again, and `disconnecting` the disconnections
whose answer a console waits for.
"""

import sqlite3
from itertools import count
from pathlib import Path

from quell.moderation.journal.chain import GENESIS
from quell.moderation.journal.errors import JournalError
from quell.moderation.journal.tables import BATCHES, DELETIONS, DISCONNECTIONS, ERASURES, TRANSITIONS, Table

VERSION = 5
"""Kept in the database's `user_version`. Format 2 added disconnections, format 3 urgency, format 4 what was dropped and
who waits for the answer to a disconnection, format 5 whom it is asked of, as whom, in which thread, and the names of
attached files; older ones are brought up."""
APPLICATION_ID = 0x5175656C
"""Kept in the database's `application_id`: "Quel" in ASCII."""

_URGENCY = """
CREATE TABLE urgent (
    batch_id TEXT PRIMARY KEY REFERENCES batches (id)
);
CREATE TABLE pressing (
    owner TEXT NOT NULL,
    account TEXT NOT NULL,
    PRIMARY KEY (owner, account)
);
"""
# Of what an older Quell asked for nobody knows the console, which is taken for dead.
_DROPPED = """
CREATE TABLE dropped (
    deletion_id TEXT PRIMARY KEY REFERENCES deletions (id)
);
CREATE TABLE disconnecting (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL
);
INSERT INTO disconnecting (id, owner)
SELECT id, '' FROM disconnections GROUP BY id HAVING count(*) = 1 AND max(state) = 'sent';
"""
# Of older records it stays unknown: nothing that was written down is touched.
_ORIGINS = """
ALTER TABLE deletions ADD COLUMN endpoint_host TEXT;
ALTER TABLE deletions ADD COLUMN acting_account TEXT;
ALTER TABLE deletions ADD COLUMN thread_id TEXT;
ALTER TABLE disconnections ADD COLUMN endpoint_host TEXT;
ALTER TABLE disconnections ADD COLUMN acting_account TEXT;
ALTER TABLE evidence ADD COLUMN attachments TEXT NOT NULL DEFAULT '';
"""
_TABLES = """
CREATE TABLE consoles (
    owner TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    expires_at REAL NOT NULL
);
CREATE TABLE leftovers (
    batch_id TEXT PRIMARY KEY,
    owner TEXT
);
CREATE TABLE head (
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    scrub_due INTEGER NOT NULL
);
CREATE TABLE batches (
    seq INTEGER PRIMARY KEY,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    confirmed_at REAL NOT NULL,
    moderator TEXT NOT NULL,
    reason_code TEXT NOT NULL,
    reason_text TEXT NOT NULL,
    tool_version TEXT NOT NULL,
    schema INTEGER NOT NULL
);
CREATE INDEX batches_by_owner ON batches (owner);
CREATE INDEX batches_by_time ON batches (confirmed_at);
CREATE TABLE deletions (
    seq INTEGER PRIMARY KEY,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    id TEXT NOT NULL UNIQUE,
    batch_id TEXT NOT NULL REFERENCES batches (id),
    account TEXT NOT NULL,
    provider TEXT NOT NULL,
    room_id TEXT NOT NULL,
    room_name TEXT NOT NULL,
    message_id TEXT NOT NULL,
    author_id TEXT NOT NULL,
    sent_at REAL,
    kept TEXT NOT NULL,
    commitment TEXT
);
CREATE INDEX deletions_by_batch ON deletions (batch_id);
CREATE INDEX deletions_by_author ON deletions (author_id);
CREATE TABLE transitions (
    seq INTEGER PRIMARY KEY,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    deletion_id TEXT NOT NULL REFERENCES deletions (id),
    state TEXT NOT NULL,
    at REAL NOT NULL,
    attempt INTEGER NOT NULL,
    operation_id TEXT,
    refusal_kind TEXT,
    refusal_code TEXT,
    refusal_detail TEXT,
    refusal_cause TEXT,
    refusal_remedy TEXT
);
CREATE INDEX transitions_by_deletion ON transitions (deletion_id, seq);
CREATE TABLE erasures (
    seq INTEGER PRIMARY KEY,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    at REAL NOT NULL,
    cause TEXT NOT NULL,
    account TEXT NOT NULL,
    author_id TEXT NOT NULL,
    before REAL,
    count INTEGER NOT NULL,
    moderator TEXT NOT NULL,
    tool_version TEXT NOT NULL
);
CREATE TABLE evidence (
    seq INTEGER PRIMARY KEY REFERENCES deletions (seq),
    key BLOB NOT NULL,
    digest BLOB NOT NULL,
    author_name TEXT NOT NULL,
    text TEXT NOT NULL
);
"""

_DISCONNECTIONS = """
CREATE TABLE disconnections (
    seq INTEGER PRIMARY KEY,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    provider TEXT NOT NULL,
    room_id TEXT NOT NULL,
    room_name TEXT NOT NULL,
    author_id TEXT NOT NULL,
    moderator TEXT NOT NULL,
    reason_code TEXT NOT NULL,
    reason_text TEXT NOT NULL,
    tool_version TEXT NOT NULL,
    state TEXT NOT NULL,
    at REAL NOT NULL,
    refusal_kind TEXT,
    refusal_code TEXT,
    refusal_detail TEXT,
    refusal_cause TEXT,
    refusal_remedy TEXT
);
CREATE INDEX disconnections_by_id ON disconnections (id, seq);
"""


def _changes_of(*tables: Table) -> tuple[str, ...]:
    return tuple(f"{verb} ON {table.name}" for table in tables for verb in ("UPDATE", "DELETE"))


_FORBIDDEN = (
    *_changes_of(BATCHES, DELETIONS, TRANSITIONS, ERASURES),
    "UPDATE ON evidence",
    "DELETE ON head",
    "UPDATE ON head WHEN NEW.seq < OLD.seq",
)
_STEPS = (
    (_TABLES, _FORBIDDEN),
    (_DISCONNECTIONS, _changes_of(DISCONNECTIONS)),
    (_URGENCY, ()),
    (_DROPPED, ()),
    (_ORIGINS, ()),
)
"""What each format added to the one before: tables or columns, and what triggers forbid."""
_TRIGGER = """
CREATE TRIGGER append_only_{number} BEFORE {event}
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make sure that the database is a journal of this format, making one of an empty file or of an older format.

    Raises:
        JournalError: It belongs to another program, or to a newer Quell.
        sqlite3.Error: It can not be read or written.
    """
    if _format_of(connection, path) < VERSION:
        # Two consoles may be the first ones at the same time: only what is inside the transaction is certain.
        connection.execute("BEGIN IMMEDIATE")
        try:
            _bring_up(connection, _format_of(connection, path))
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _format_of(connection: sqlite3.Connection, path: Path) -> int:
    """The format that the tables are in; 0 for an empty database."""
    # First of all, since another console may be making the tables: once they are there, so is the rest.
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if objects == 0:
        return 0
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        problem = f"{path} is the database of another program, not a Quell journal."
        raise JournalError(problem, "Move the file away; a new journal is made in its place.")
    if version > VERSION:
        problem = f"The journal {path} was written by a newer Quell (format {version}; this one knows {VERSION})."
        raise JournalError(problem, "Install that version of Quell, or use another journal.")
    return int(version)


def _bring_up(connection: sqlite3.Connection, version: int) -> None:
    """Make what is missing in a database of this format."""
    numbers = count(1 + sum(len(forbidden) for _, forbidden in _STEPS[:version]))
    for tables, forbidden in _STEPS[version:]:
        for statement in tables.split(";\n"):
            connection.execute(statement)
        for event in forbidden:
            connection.execute(_TRIGGER.format(number=next(numbers), event=event))
    if version == 0:
        connection.execute("INSERT INTO head (seq, hash, scrub_due) VALUES (0, ?, 0)", (GENESIS,))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
