"""Writing an intent: Quell's journal with its hash chain against a plain table with the same columns, both durable.

An intent is the record that a request is about to leave; one is written and made durable for each request. Both files
lie on the same disk and are written in turn, so that the disk's mood is shared; so is a third one, into which as many
bytes are written and synced without a database: what the disk takes, whoever asks.
"""

import asyncio
import os
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from quell.moderation.deletion import Batch, Deletion, Reason, State, Target, advance
from quell.moderation.journal import Journal
from quell.moderation.journal.lease import Lease
from quell.moderation.journal.rows import storable, transition_row
from quell.moderation.journal.store import PAGE_BYTES, Store
from quell.moderation.journal.tables import TRANSITIONS

MESSAGES = 2_000
MOST_MILLISECONDS = 0.3
COMMIT_BYTES = 3 * (PAGE_BYTES + 24)
"""What a commit of one intent adds to SQLite's write-ahead log: three pages (record, index, head) and their headers."""
LOG_BYTES = 1_000 * (PAGE_BYTES + 24)
"""SQLite begins its write-ahead log anew after so much, and so does the bare file."""
VERIFIED = 20_000
"""Messages in the journal that is checked as a whole."""

PLAIN = """
CREATE TABLE transitions (
    seq INTEGER PRIMARY KEY, deletion_id TEXT, state TEXT, at REAL, attempt INTEGER, operation_id TEXT,
    refusal_kind TEXT, refusal_code TEXT, refusal_detail TEXT, refusal_cause TEXT, refusal_remedy TEXT
)
"""


def main() -> None:
    with TemporaryDirectory() as folder:
        _intents(Path(folder))
        asyncio.run(_through_the_thread(Path(folder)))
        asyncio.run(_verified(Path(folder)))


def batch_of(size: int) -> tuple[Batch, list[Deletion]]:
    targets = tuple(
        Target(
            account="live",
            provider="ivs",
            room_id="arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl",
            room_name="finals",
            message_id=f"message{number:05}",
            author_id=f"user-{number % 50}",
            author_name=f"User {number % 50}",
            text="FREE NITRO for the first hundred who click discord-gift.example now",
            sent_at=1_800_000_000.0,
        )
        for number in range(size)
    )
    batch = Batch(moderator="Mo", reason=Reason("spam", "Spam"), targets=targets, confirmed_at=1_800_000_000.0)
    deletions = [
        Deletion(
            id=f"{batch.id}.{number}", batch_id=batch.id, target=each, reason=batch.reason, state=State.QUEUED, at=1.0
        )
        for number, each in enumerate(targets, start=1)
    ]
    return batch, deletions


def _intents(folder: Path) -> None:
    """The journal, a plain table and the bare disk, in turn."""
    batch, deletions = batch_of(MESSAGES)
    store = Store(folder / "chained.sqlite3", Lease(), keep="full", busy_seconds=5.0)
    with (
        closing(sqlite3.connect(folder / "plain.sqlite3", isolation_level=None)) as plain,
        closing(store),
        BareFile(folder / "bare") as bare,
    ):
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("PRAGMA synchronous = FULL")
        plain.execute(PLAIN)
        plain.execute("CREATE INDEX by_deletion ON transitions (deletion_id, seq)")
        with store.writing():
            store.begin(batch, deletions)
        columns = ", ".join(TRANSITIONS.columns)
        insert = f"INSERT INTO transitions ({columns}) VALUES ({', '.join('?' * len(TRANSITIONS.columns))})"

        def chained(deletion: Deletion) -> None:
            with store.writing():
                store.record([deletion])

        def table(deletion: Deletion) -> None:
            plain.execute("BEGIN IMMEDIATE")
            plain.execute(insert, storable(transition_row(deletion)))
            plain.execute("COMMIT")

        taken: dict[str, list[float]] = {"journal with chain": [], "plain table": [], "bare disk": []}
        for deletion in deletions:
            sent = advance(deletion, State.SENT, at=2.0, attempt=1)
            taken["journal with chain"].append(_milliseconds(chained, sent))
            taken["plain table"].append(_milliseconds(table, sent))
            taken["bare disk"].append(_milliseconds(lambda _: bare.write(), sent))
    print(f"Intent write, synchronous=FULL, one record a transaction, {MESSAGES:,} of each in turn, milliseconds")
    for name, each in taken.items():
        _tell(name, each)
    chain, of_table, disk = (statistics.median(each) for each in taken.values())
    print(f"  ratio to the plain table {chain / of_table:.2f}, to the bare disk {chain / disk:.2f}")
    print(f"  p50 at most {MOST_MILLISECONDS}: {_verdict(chain, disk)}")


async def _through_the_thread(folder: Path) -> None:
    """The same, as the engine sees it: asked for in the event loop, written in the journal's thread, and back."""
    journal = await Journal.open(folder / "asked.sqlite3")
    batch, deletions = batch_of(MESSAGES)
    await journal.begin(batch, deletions)
    taken: list[float] = []
    disk: list[float] = []
    with BareFile(folder / "bare") as bare:
        for deletion in deletions:
            sent = advance(deletion, State.SENT, at=2.0, attempt=1)
            started = time.perf_counter()
            await journal.record([sent])
            taken.append((time.perf_counter() - started) * 1e3)
            disk.append(_milliseconds(lambda _: bare.write(), sent))
    await journal.close()
    _tell("awaited by the engine", taken)
    _tell("bare disk, in turn", disk)
    print(f"  p50 at most {MOST_MILLISECONDS}: {_verdict(statistics.median(taken), statistics.median(disk))}")


class BareFile:
    """A file that is written like SQLite's log, and by nobody else."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0
        self._bytes = os.urandom(COMMIT_BYTES)

    def __enter__(self) -> Self:
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.pwrite(self._file, bytes(LOG_BYTES), 0)
        os.fsync(self._file)
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def write(self) -> None:
        """As much as a commit writes, durably."""
        os.pwrite(self._file, self._bytes, self._at)
        os.fdatasync(self._file)
        self._at = (self._at + COMMIT_BYTES) % (LOG_BYTES - COMMIT_BYTES)


async def _verified(folder: Path) -> None:
    journal = await Journal.open(folder / "verified.sqlite3")
    batch, deletions = batch_of(VERIFIED)
    started = time.perf_counter()
    await journal.begin(batch, deletions)
    begun = time.perf_counter() - started
    started = time.perf_counter()
    found = await journal.verify()
    checked = time.perf_counter() - started
    await journal.close()
    assert found.fault is None
    print(f"  {VERIFIED:,} messages confirmed in {begun:.2f} s, {found.records:,} records checked in {checked:.2f} s")


def _verdict(taken: float, disk: float) -> str:
    """Whether this median is low enough, and how much of it is the disk's own, both in milliseconds."""
    verdict = "holds" if taken <= MOST_MILLISECONDS else "MISSED"
    return f"{verdict}; {disk:.3f} of {taken:.3f} are the disk's"


def _milliseconds(write: Callable[[Deletion], None], deletion: Deletion) -> float:
    started = time.perf_counter()
    write(deletion)
    return (time.perf_counter() - started) * 1e3


def _tell(name: str, milliseconds: Sequence[float]) -> None:
    p50, p99 = statistics.median(milliseconds), statistics.quantiles(milliseconds, n=100)[98]
    print(f"  {name:<22} p50 {p50:.3f}   p99 {p99:.3f}")


if __name__ == "__main__":
    main()
