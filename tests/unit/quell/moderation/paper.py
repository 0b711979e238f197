"""A journal without a disk, which outlives its consoles and checks every step that is written down."""

import asyncio
from collections.abc import Collection, Iterable, Sequence

from quell.moderation.deletion import OPEN, TRANSITIONS, Batch, Deletion, State
from quell.moderation.journal import Journal, JournalError
from quell.moderation.journal.resume import Unfinished

TORN = JournalError("The paper is torn.", "Mend it.")


class Paper:
    """What is written down, whoever wrote it."""

    def __init__(self) -> None:
        self.batches: dict[str, Batch] = {}
        self.owners: dict[str, PaperJournal] = {}
        self.urgent: set[str] = set()
        self.dropped: set[str] = set()
        self.now: dict[str, Deletion] = {}
        """Every deletion as it stands, by id."""
        self.torn = False
        """Nothing can be written just now."""
        self.missed: set[str] = set()
        """Deletions of which a step could not be written, so that the next one may not follow the last one."""


class PaperJournal(Journal):
    """One console's way to the paper; once it is dead, it writes no more."""

    def __init__(self, paper: Paper) -> None:  # and nothing of what opens a file
        self.paper = paper
        self.dead = False

    async def begin(self, batch: Batch, deletions: Sequence[Deletion]) -> None:
        if self.paper.torn:
            raise TORN
        self.paper.batches[batch.id] = batch
        self.paper.owners[batch.id] = self
        if batch.urgent:
            self.paper.urgent.add(batch.id)
        self.paper.now |= {deletion.id: deletion for deletion in deletions}

    def record(self, deletions: Iterable[Deletion]) -> "asyncio.Future[None]":
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.dead:
            return done
        written = tuple(deletions)
        if self.paper.torn:
            self.paper.missed.update(deletion.id for deletion in written)
        else:
            for deletion in written:
                self._write_down(deletion)
        asyncio.get_running_loop().call_soon(_answer, done, TORN if self.paper.torn else None)
        return done

    def _write_down(self, deletion: Deletion) -> None:
        before = self.paper.now[deletion.id].state
        if deletion.id not in self.paper.missed:
            assert deletion.state in TRANSITIONS[before], f"{before} to {deletion.state} is no legal step"
        self.paper.missed.discard(deletion.id)
        self.paper.now[deletion.id] = deletion

    async def unfinished(self) -> list[Unfinished]:
        return [
            self._unfinished(batch)
            for batch in self.paper.batches.values()
            if self.paper.owners[batch.id].dead and any(each.state in OPEN for each in self._deletions(batch.id))
        ]

    async def claim(self, batch_id: str) -> Unfinished:
        if self.paper.torn:
            raise TORN
        assert self.paper.owners[batch_id].dead
        self.paper.owners[batch_id] = self
        return self._unfinished(self.paper.batches[batch_id])

    async def unknown(self, account: str, *, since: float, limit: int) -> list[Deletion]:
        return [
            each
            for each in self.paper.now.values()
            if each.state is State.UNKNOWN and self.paper.owners[each.batch_id].dead
        ][:limit]

    async def reconcile(self, deletions: Sequence[Deletion]) -> int:
        if self.paper.torn:
            raise TORN
        for deletion in deletions:
            self._write_down(deletion)
        return len(deletions)

    async def hurry(self, batch_id: str) -> None:
        self.paper.urgent.add(batch_id)

    async def drop(self, deletion_ids: Collection[str]) -> None:
        if self.paper.torn:
            raise TORN
        self.paper.dropped.update(deletion_ids)

    async def press(self, accounts: Collection[str]) -> None:
        return

    async def pressed(self) -> frozenset[str]:
        return frozenset()

    async def renew(self) -> None:
        return

    async def release(self) -> None:
        return

    def _deletions(self, batch_id: str) -> list[Deletion]:
        return [each for each in self.paper.now.values() if each.batch_id == batch_id]

    def _unfinished(self, batch: Batch) -> Unfinished:
        return Unfinished(
            id=batch.id,
            confirmed_at=batch.confirmed_at,
            moderator=batch.moderator,
            reason=batch.reason,
            urgent=batch.id in self.paper.urgent,
            deletions=tuple(self._deletions(batch.id)),
            dropped=frozenset(each.id for each in self._deletions(batch.id) if each.id in self.paper.dropped),
        )


def _answer(done: "asyncio.Future[None]", error: JournalError | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
