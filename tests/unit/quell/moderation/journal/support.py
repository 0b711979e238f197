"""Journals for tests, and batches to put in them."""

import sqlite3
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

from quell.moderation.deletion import Batch, Deletion, Reason, State, advance
from quell.moderation.disconnection import Disconnection
from quell.moderation.journal import EvidencePolicy, Journal, Verification
from quell.moderation.journal.schema import VERSION
from quell_providers.refusal import Refusal
from tests.unit.quell.moderation.simulation import PATIENT, START, batch_of

KEEP_ALL = EvidencePolicy()


@asynccontextmanager
async def opened(
    path: Path, busy_seconds: float = PATIENT, evidence: EvidencePolicy = KEEP_ALL, now: float = START
) -> AsyncGenerator[Journal, None]:
    journal = await Journal.open(path, busy_seconds=busy_seconds, evidence=evidence, now=lambda: now)
    try:
        yield journal
    finally:
        await journal.close()


def deletions_of(batch: Batch, state: State = State.QUEUED) -> list[Deletion]:
    return [
        Deletion(
            id=f"{batch.id}.{number}", batch_id=batch.id, target=each, reason=batch.reason, state=state, at=START + 1
        )
        for number, each in enumerate(batch.targets, start=1)
    ]


async def begun(journal: Journal, *message_ids: str) -> tuple[Batch, list[Deletion]]:
    batch = batch_of(*message_ids)
    deletions = deletions_of(batch)
    await journal.begin(batch, deletions)
    return batch, deletions


async def carried_out(journal: Journal, *message_ids: str) -> Batch:
    """A batch that went all the way: each message is five records, and the batch is one."""
    batch, deletions = await begun(journal, *message_ids)
    for state in (State.SENT, State.ACCEPTED, State.CONFIRMED):
        deletions = [advance(each, state, at=START + 2, attempt=1, operation_id="op") for each in deletions]
        await journal.record(deletions)
    return batch


def disconnection(state: State = State.SENT, refusal: Refusal | None = None, id_: str = "d1") -> Disconnection:
    """The decision to disconnect somebody from a room, with characters that a terminal or a database may act on."""
    return Disconnection(
        id=id_,
        account="live",
        provider="ivs",
        room_id="AbCd1234wxyz",
        room_name="finals'; \x1b[2J",
        author_id="vlad\x00\u202e",
        moderator="Mo",
        reason=Reason("flood", "Flooding the chat"),
        state=state,
        at=START + 3,
        refusal=refusal,
    )


async def disconnections(journal: Journal, limit: int = 50) -> list[Disconnection]:
    return [entry.disconnection for entry in await journal.disconnections(limit=limit)]


async def verified(path: Path, noted: tuple[int, str] | None = None) -> Verification:
    async with opened(path) as journal:
        return await journal.verify(noted)


@contextmanager
def by_hand(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as someone has it who knows SQLite: no trigger and no foreign key is in the way."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


_ADDED = {
    2: ("DROP TABLE disconnections",),
    3: ("DROP TABLE urgent", "DROP TABLE pressing"),
    4: ("DROP TABLE dropped", "DROP TABLE disconnecting"),
    5: (
        "ALTER TABLE deletions DROP COLUMN endpoint_host",
        "ALTER TABLE deletions DROP COLUMN acting_account",
        "ALTER TABLE deletions DROP COLUMN thread_id",
        "ALTER TABLE disconnections DROP COLUMN endpoint_host",
        "ALTER TABLE disconnections DROP COLUMN acting_account",
        "ALTER TABLE evidence DROP COLUMN attachments",
    ),
}
"""How what each format added is taken out."""


def as_format(path: Path, version: int) -> None:
    """Take out of a journal what later formats added."""
    with by_hand(path) as connection:
        for number in range(VERSION, version, -1):
            for statement in _ADDED[number]:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version}")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """The journal, held by another program."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def whole_content(path: Path) -> bytes:
    """Every byte of the journal's files."""
    files = [Path(f"{path}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")]
    return b"".join(file.read_bytes() for file in files if file.exists())
