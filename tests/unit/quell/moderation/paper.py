"""A journal without a disk, which outlives its consoles and checks every step that is written down."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from quell.moderation.deletion import OPEN, TRANSITIONS, Batch, Deletion, State
from quell.moderation.journal import Journal
from quell.moderation.journal.resume import Unfinished


class Paper:
    """What is written down, whoever wrote it."""

    def __init__(self) -> None:
        self.batches: dict[str, Batch] = {}
        self.owners: dict[str, PaperJournal] = {}
        self.urgent: set[str] = set()
        self.now: dict[str, Deletion] = {}
        """Every deletion as it stands, by id."""

    def states(self, message_id: str) -> list[State]:
        """Where every deletion of a message stands."""
        return [each.state for each in self.now.values() if each.target.message_id == message_id]

    def attempts(self, message_id: str) -> int:
        """How often a message may have been asked for by what is written down."""
        return sum(each.attempt for each in self.now.values() if each.target.message_id == message_id)


class PaperJournal(Journal):
    """One console's way to the paper; once it is dead, it writes no more."""

    def __init__(self, paper: Paper) -> None:  # and nothing of what opens a file
        self.paper = paper
        self.dead = False

    async def begin(self, batch: Batch, deletions: Sequence[Deletion]) -> None:
        self.paper.batches[batch.id] = batch
        self.paper.owners[batch.id] = self
        if batch.urgent:
            self.paper.urgent.add(batch.id)
        self.paper.now |= {deletion.id: deletion for deletion in deletions}

    def record(self, deletions: Iterable[Deletion]) -> "asyncio.Future[None]":
        for deletion in [] if self.dead else deletions:
            before = self.paper.now[deletion.id].state
            assert deletion.state in TRANSITIONS[before], f"{before} to {deletion.state}"
            self.paper.now[deletion.id] = deletion
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if not self.dead:
            asyncio.get_running_loop().call_soon(_set, done)
        return done

    async def unfinished(self) -> list[Unfinished]:
        return [
            self._unfinished(batch)
            for batch in self.paper.batches.values()
            if self.paper.owners[batch.id].dead and any(each.state in OPEN for each in self._deletions(batch.id))
        ]

    async def claim(self, batch_id: str) -> Unfinished:
        assert self.paper.owners[batch_id].dead
        self.paper.owners[batch_id] = self
        return self._unfinished(self.paper.batches[batch_id])

    async def hurry(self, batch_id: str) -> None:
        self.paper.urgent.add(batch_id)

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
        )


def _set(done: "asyncio.Future[Any]") -> None:
    if not done.done():
        done.set_result(None)
