"""Writing an intent: Quell's journal with its hash chain against a plain table with the same columns, both durable.

An intent is the record that a request is about to leave; one is written and made durable for each request. Both files
lie on the same disk and are written in turn, so that the disk's mood is shared.
"""

import asyncio
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from quell.moderation.deletion import Batch, Deletion, Reason, State, Target, advance
from quell.moderation.journal import Journal
from quell.moderation.journal.lease import Lease
from quell.moderation.journal.rows import storable, transition_row
from quell.moderation.journal.store import Store
from quell.moderation.journal.tables import TRANSITIONS

MESSAGES = 2_000
MOST_MILLISECONDS = 0.3
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
        plain = _intents(Path(folder))
        asyncio.run(_through_the_thread(Path(folder), plain))
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


def _intents(folder: Path) -> float:
    """Both in turn; returns the plain table's median, in milliseconds."""
    batch, deletions = batch_of(MESSAGES)
    store = Store(folder / "chained.sqlite3", Lease(), keep="full", busy_seconds=5.0)
    with closing(sqlite3.connect(folder / "plain.sqlite3", isolation_level=None)) as plain, closing(store):
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

        def bare(deletion: Deletion) -> None:
            plain.execute("BEGIN IMMEDIATE")
            plain.execute(insert, storable(transition_row(deletion)))
            plain.execute("COMMIT")

        taken: dict[str, list[float]] = {"journal with chain": [], "plain table": []}
        for deletion in deletions:
            sent = advance(deletion, State.SENT, at=2.0, attempt=1)
            taken["journal with chain"].append(_milliseconds(chained, sent))
            taken["plain table"].append(_milliseconds(bare, sent))
    print(f"Intent write, synchronous=FULL, one record a transaction, {MESSAGES:,} of each in turn, milliseconds")
    for name, each in taken.items():
        _tell(name, each)
    chain, table = (statistics.median(each) for each in taken.values())
    print(f"  ratio {chain / table:.2f}; p50 at most {MOST_MILLISECONDS}: {_verdict(chain, table)}")
    return table


async def _through_the_thread(folder: Path, plain: float) -> None:
    """The same, as the engine sees it: asked for in the event loop, written in the journal's thread, and back."""
    journal = await Journal.open(folder / "asked.sqlite3")
    batch, deletions = batch_of(MESSAGES)
    await journal.begin(batch, deletions)
    taken: list[float] = []
    for deletion in deletions:
        sent = advance(deletion, State.SENT, at=2.0, attempt=1)
        started = time.perf_counter()
        await journal.record([sent])
        taken.append((time.perf_counter() - started) * 1e3)
    await journal.close()
    _tell("awaited by the engine", taken)
    print(f"  p50 at most {MOST_MILLISECONDS}: {_verdict(statistics.median(taken), plain)}")


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


def _verdict(taken: float, plain: float) -> str:
    """Whether this median is low enough, in milliseconds, as far as the disk lets that be told."""
    if taken <= MOST_MILLISECONDS:
        return "holds"
    return "MISSED" if plain < MOST_MILLISECONDS / 2 else "MISSED, on a disk that is busy: see the plain table"


def _milliseconds(write: Callable[[Deletion], None], deletion: Deletion) -> float:
    started = time.perf_counter()
    write(deletion)
    return (time.perf_counter() - started) * 1e3


def _tell(name: str, milliseconds: Sequence[float]) -> None:
    p50, p99 = statistics.median(milliseconds), statistics.quantiles(milliseconds, n=100)[98]
    print(f"  {name:<22} p50 {p50:.3f}   p99 {p99:.3f}")
