"""Journals for tests, and batches to put in them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from quell.moderation.deletion import Batch, Deletion, State
from quell.moderation.journal import Journal
from tests.unit.quell.moderation.simulation import START, batch_of


@asynccontextmanager
async def opened(path: Path, busy_seconds: float = 0.05) -> AsyncGenerator[Journal, None]:
    journal = await Journal.open(path, busy_seconds=busy_seconds)
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
