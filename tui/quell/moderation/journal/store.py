"""The journal as a database: plain SQL, used from one thread."""

import os
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from quell import __version__
from quell.moderation.deletion import Batch, Deletion, State
from quell.moderation.disconnection import Disconnection
from quell.moderation.evidence import Keep, taken
from quell.moderation.journal import authors, disconnections, dropping, erasing, rows, search, urgency
from quell.moderation.journal.authors import AuthorRecord
from quell.moderation.journal.chain import Chain
from quell.moderation.journal.disconnections import DisconnectionEntry
from quell.moderation.journal.errors import JournalError, from_sqlite, from_system
from quell.moderation.journal.filters import JournalFilter
from quell.moderation.journal.lease import Lease
from quell.moderation.journal.resume import Leftovers, Unfinished
from quell.moderation.journal.schema import VERSION, prepare
from quell.moderation.journal.search import BatchSummary, JournalEntry, Story
from quell.moderation.journal.tables import BATCHES, DELETIONS, TRANSITIONS
from quell.moderation.journal.verify import Verification, verify

PAGE_BYTES = 1_024
"""Of a new file. Half a dozen records fit; a commit writes whole pages, and a request waits until the disk has them."""


class Store:
    """An open journal file, for the console that `lease` names.

    Every method raises `JournalError` where the file can not be read or written, and then has changed nothing.
    """

    def __init__(self, path: Path, lease: Lease, *, keep: Keep, busy_seconds: float) -> None:
        self._path = path
        self._lease = lease
        self._keep = keep
        self._chain: Chain | None = None
        try:
            self._connection = _connect(path, busy_seconds)
        except OSError as error:
            raise from_system(error, path) from error
        except sqlite3.Error as error:
            raise from_sqlite(error, path) from error
        self.leftovers = Leftovers(self._connection, lease, self.deletions)

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
        try:
            # Immediate: a transaction that looks something up first could not become a writing one later.
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                if self._chain is not None:
                    self._chain.seal()
                self._connection.execute("COMMIT")
            finally:
                self._chain = None  # others may append before the next transaction
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise from_sqlite(error, self._path) from error

    def begin(self, batch: Batch, deletions: Sequence[Deletion]) -> None:
        """Write down a confirmed batch with the first state of each of its deletions."""
        self.leftovers.take_lease()
        chain = self._end_of_chain()
        chain.append(BATCHES, [rows.batch_row(batch, self._lease.owner, __version__, VERSION)])
        evidence = [taken(deletion.target, self._keep) for deletion in deletions]
        numbers = chain.append(
            DELETIONS,
            [
                rows.deletion_row(deletion, self._keep, None if kept is None else kept.commitment)
                for deletion, kept in zip(deletions, evidence, strict=True)
            ],
        )
        self._connection.executemany(
            rows.INSERT_EVIDENCE,
            [rows.evidence_row(seq, kept) for seq, kept in zip(numbers, evidence, strict=True) if kept is not None],
        )
        if batch.urgent:
            urgency.mark(self._connection, batch.id)
        self._append(deletions)

    def record(self, deletions: Iterable[Deletion]) -> None:
        """Write down where these deletions stand now."""
        deletions = tuple(deletions)
        if not deletions:
            return
        chain = Chain.of_living(self._connection, self._lease.owner) if self._chain is None else None
        if chain is None:
            self._require_lease()  # else whoever took a batch up would be contradicted
        else:
            self._chain = chain
        self._append(deletions)

    def record_disconnection(self, disconnection: Disconnection) -> None:
        """Write down where a disconnection stands now."""
        self.leftovers.take_lease()
        disconnections.record(self._connection, self._end_of_chain(), self._lease.owner, disconnection)

    def disconnections(
        self, wanted: JournalFilter, limit: int, before: int | None, after: int
    ) -> list[DisconnectionEntry]:
        """Up to `limit` disconnections that are looked for, newest first, with a record between these two."""
        return disconnections.find(self._connection, wanted, limit, before, after)

    def unfinished(self, *, at: float) -> list[Unfinished]:
        """The batches that no living console works on; disconnections that none waits for become `unknown`."""
        found = self.leftovers.found()
        for each in disconnections.lost(self._connection):
            ended = disconnections.given_up(each, at=at)
            disconnections.record(self._connection, self._end_of_chain(), self._lease.owner, ended)
        return found

    def batches(self, limit: int, wanted: JournalFilter) -> list[BatchSummary]:
        """The newest batches that hold a deletion that is looked for, newest first."""
        return search.find_batches(self._connection, wanted, limit)

    def deletions(self, batch_id: str) -> list[Deletion]:
        """Every deletion of a batch as it stands now, in the batch's order."""
        return search.find_deletions(self._connection, batch_id)

    def unknown(self, account: str, since: float, limit: int) -> list[Deletion]:
        """Deletions of an account, confirmed since then, of which nobody knows any more what became of them."""
        return search.find_unknown(self._connection, account, since, limit)

    def reconcile(self, deletions: Iterable[Deletion]) -> int:
        """Write down what was found out about `unknown` deletions, unless somebody was faster; returns how many."""
        query = "SELECT state FROM transitions WHERE deletion_id = ? ORDER BY seq DESC LIMIT 1"
        news = [
            each
            for each in deletions
            if self._connection.execute(query, (each.id,)).fetchone() == (State.UNKNOWN.value,)
        ]
        self._append(news)
        return len(news)

    def search(self, wanted: JournalFilter, limit: int, before: int | None) -> list[JournalEntry]:
        """Up to `limit` deletions that are looked for, newest first; only those with a record below `before`."""
        return search.find_entries(self._connection, wanted, limit, before)

    def author_record(self, account: str, author_id: str, limit: int) -> AuthorRecord:
        """How this author's deletions stand, with up to `limit` batches."""
        return authors.author_record(self._connection, account, author_id, limit)

    def story(self, batch_id: str) -> Story | None:
        """All that happened with one batch; `None` where there is none of this id."""
        return search.tell_story(self._connection, batch_id)

    def verify(self, noted: tuple[int, str] | None) -> Verification:
        """Check the whole journal, as it is at this moment."""
        with self._snapshot():
            return verify(self._connection, noted)

    def count_of_author(self, author_id: str, account: str) -> int:
        """Of how many messages of this author there still are words."""
        return erasing.count_of_author(self._connection, author_id, account)

    def erase_author(self, author_id: str, account: str, *, at: float, moderator: str) -> tuple[int, int]:
        """Erase all words of this author; returns the record that tells of it, and how many messages there were."""
        chain = self._end_of_chain()
        return erasing.erase_author(self._connection, chain, author_id, account, at=at, moderator=moderator)

    def has_expired(self, before: float) -> bool:
        """Whether there are words of messages whose deletion was confirmed before this time."""
        return erasing.has_expired(self._connection, before)

    def erase_expired(self, before: float, *, at: float) -> None:
        """Erase the words of messages whose deletion was confirmed before this time."""
        erasing.erase_expired(self._connection, self._end_of_chain(), before, at=at)

    def scrub(self) -> bool:
        """Leave no trace of what was erased; returns whether that is so. Not inside `writing`."""
        return erasing.scrub(self._connection)

    def hurry(self, batch_id: str) -> None:
        """Remember that a batch is urgent."""
        urgency.mark(self._connection, batch_id)

    def drop(self, deletion_ids: Iterable[str]) -> None:
        """Remember that these refused deletions are not to be tried again."""
        dropping.drop(self._connection, deletion_ids)

    def press(self, accounts: Collection[str]) -> None:
        """Tell other consoles in which accounts urgent deletions of this one wait."""
        urgency.press(self._connection, self._lease, accounts)

    def pressed(self) -> frozenset[str]:
        """The accounts in which urgent deletions of other living consoles wait."""
        return urgency.pressed(self._connection, self._lease)

    def renew(self) -> None:
        """Say that this console still lives. Raises `JournalError` if another console took it for dead."""
        changed = self._connection.execute(
            "UPDATE consoles SET expires_at = ? WHERE owner = ?", (self._lease.expires_at(), self._lease.owner)
        )
        if changed.rowcount == 0:
            raise self._lost_lease()

    def release(self) -> None:
        """Say that this console is done with all its batches."""
        urgency.withdraw(self._connection, self._lease.owner)
        self._connection.execute("DELETE FROM consoles WHERE owner = ?", (self._lease.owner,))

    def _append(self, deletions: Iterable[Deletion]) -> None:
        self._end_of_chain().append(TRANSITIONS, map(rows.transition_row, deletions))

    def _end_of_chain(self) -> Chain:
        """Where this transaction appends."""
        if self._chain is None:
            self._chain = Chain.of(self._connection)
        return self._chain

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Inside, what others write meanwhile is not seen."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

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
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
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
