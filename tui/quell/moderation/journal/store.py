"""The journal as a database: plain SQL, used from one thread."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from quell import __version__
from quell.moderation.deletion import OPEN, Batch, Deletion, Reason, State
from quell.moderation.journal import rows
from quell.moderation.journal.errors import JournalError, from_sqlite, from_system
from quell.moderation.journal.lease import Lease
from quell.moderation.journal.schema import VERSION, prepare


class BatchSummary(Struct, frozen=True, kw_only=True):
    """A batch as a list shows it."""

    id: str
    confirmed_at: float
    """Unix seconds."""
    moderator: str
    reason: Reason
    states: dict[State, int]
    """How many of its deletions stand where."""
    rooms: tuple[tuple[str, str, str], ...]
    """Account, room id and room name of every room it reached into."""

    @property
    def size(self) -> int:
        """How many messages it holds."""
        return sum(self.states.values())


class Store:
    """An open journal file, for the console that `lease` names.

    Every method raises `JournalError` where the file can not be read or written, and then has changed nothing.
    """

    def __init__(self, path: Path, lease: Lease, *, busy_seconds: float) -> None:
        self._path = path
        self._lease = lease
        try:
            self._connection = _connect(path, busy_seconds)
        except OSError as error:
            raise from_system(error, path) from error
        except sqlite3.Error as error:
            raise from_sqlite(error, path) from error

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Look things up inside. Nobody who writes is in the way."""
        try:
            yield
        except sqlite3.Error as error:
            raise from_sqlite(error, self._path) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What is done inside becomes durable at the end, or not at all."""
        with self.reading():
            # Immediate: a transaction that looks something up first could not become a writing one later.
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def begin(self, batch: Batch, deletions: Sequence[Deletion]) -> None:
        """Write down a confirmed batch with the first state of each of its deletions."""
        self._connection.execute(
            "INSERT OR REPLACE INTO consoles (owner, host, pid, expires_at) VALUES (?, ?, ?, ?)", self._lease.row()
        )
        self._connection.execute(
            rows.INSERT_BATCH,
            rows.storable(
                batch.id,
                self._lease.owner,
                batch.confirmed_at,
                batch.moderator,
                batch.reason.code,
                batch.reason.text,
                __version__,
                VERSION,
            ),
        )
        self._connection.executemany(rows.INSERT_DELETION, map(rows.deletion_row, deletions))
        self._append(deletions)

    def record(self, deletions: Iterable[Deletion]) -> None:
        """Write down where these deletions stand now."""
        deletions = tuple(deletions)
        if any(deletion.state is State.SENT for deletion in deletions):
            self._require_lease()
        self._append(deletions)

    def batches(self, limit: int) -> list[BatchSummary]:
        """The newest batches, newest first."""
        found = self._connection.execute(
            "SELECT id, confirmed_at, moderator, reason_code, reason_text FROM batches "
            "ORDER BY confirmed_at DESC, rowid DESC LIMIT ?",
            (limit,),
        ).fetchall()
        return [self._summary(*row) for row in found]

    def deletions(self, batch_id: str) -> list[Deletion]:
        """Every deletion of a batch as it stands now, in the batch's order."""
        found = self._connection.execute(f"{rows.SELECT_DELETIONS} WHERE d.batch_id = ? ORDER BY d.seq", (batch_id,))
        return [rows.read_deletion(row) for row in found]

    def renew(self) -> None:
        """Say that this console still lives. Raises `JournalError` if another console took it for dead."""
        changed = self._connection.execute(
            "UPDATE consoles SET expires_at = ? WHERE owner = ?", (self._lease.expires_at(), self._lease.owner)
        )
        if changed.rowcount == 0:
            raise self._lost_lease()

    def release(self) -> None:
        """Say that this console is done with all its batches."""
        self._connection.execute("DELETE FROM consoles WHERE owner = ?", (self._lease.owner,))

    def recover(self, settle: Callable[[Deletion], Deletion]) -> list[Deletion]:
        """Settle every open deletion of consoles that died; returns these deletions as settled."""
        consoles = self._connection.execute("SELECT owner, host, pid, expires_at FROM consoles").fetchall()
        dead = [
            owner for owner, host, pid, expires_at in consoles if self._lease.outlived(owner, host, pid, expires_at)
        ]
        settled: list[Deletion] = []
        for owner in dead:
            found = self._connection.execute(f"{rows.SELECT_DELETIONS} WHERE b.owner = ? ORDER BY d.seq", (owner,))
            settled.extend(settle(each) for each in map(rows.read_deletion, found.fetchall()) if each.state in OPEN)
            self._connection.execute("DELETE FROM consoles WHERE owner = ?", (owner,))
        self._append(settled)
        return settled

    def _append(self, deletions: Iterable[Deletion]) -> None:
        self._connection.executemany(rows.INSERT_TRANSITION, map(rows.transition_row, deletions))

    def _summary(self, id_: str, confirmed_at: float, moderator: str, code: str, text: str) -> BatchSummary:
        states: dict[State, int] = {}
        rooms: dict[tuple[str, str, str], None] = {}
        for deletion in self.deletions(id_):
            states[deletion.state] = states.get(deletion.state, 0) + 1
            rooms[deletion.target.account, deletion.target.room_id, deletion.target.room_name] = None
        return BatchSummary(
            id=id_,
            confirmed_at=confirmed_at,
            moderator=moderator,
            reason=Reason(code, text),
            states=states,
            rooms=tuple(rooms),
        )

    def _require_lease(self) -> None:
        found = self._connection.execute("SELECT 1 FROM consoles WHERE owner = ?", (self._lease.owner,))
        if found.fetchone() is None:
            raise self._lost_lease()

    def _lost_lease(self) -> JournalError:
        return JournalError(
            f"Another console closed this one's unfinished batches in {self._path}, because it had stopped answering.",
            "What was not sent can be retried.",
        )


def _connect(path: Path, busy_seconds: float) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives its -wal and -shm files the mode of the main file.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
    try:
        connection.text_factory = rows.read_text
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        prepare(connection, path)
        _write_ahead(connection, busy_seconds)
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Let readers and the writer work side by side; the file remembers it."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # Of two consoles that do this to a new file at the same time one is told off without waiting.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return
