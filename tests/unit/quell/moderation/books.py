"""Two journals that outlive their consoles: one on paper, which is quick and strict, and the real one in a file."""

import asyncio
import contextlib
import queue
import sqlite3
from abc import ABC, abstractmethod
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Self

from quell.moderation.deletion import TRANSITIONS, Deletion, State
from quell.moderation.journal import Journal
from quell.moderation.journal.lease import LEASE_SECONDS
from tests.unit.quell.moderation.paper import Paper, PaperJournal
from tests.unit.quell.moderation.simulation import CountingJournal, SimulatedClock, quiet


class Written(NamedTuple):
    """One deletion, as whoever opens the journal next will find it."""

    message_id: str
    state: State
    attempt: int

    @classmethod
    def of(cls, deletion: Deletion) -> Self:
        return cls(deletion.target.message_id, deletion.state, deletion.attempt)


class Books(ABC):
    """A journal, and the console that writes in it just now."""

    @abstractmethod
    async def open(self) -> Journal:
        """A new console opens it."""

    @abstractmethod
    async def die(self) -> None:
        """The console is gone, and with it what was not written yet. The next one may take its batches up."""

    @abstractmethod
    def written(self) -> dict[str, Written]:
        """Every deletion by id."""

    @abstractmethod
    async def flush(self) -> None:
        """Let every task go as far as it can without the clock."""

    @abstractmethod
    async def verify(self) -> None:
        """Fail unless the record holds together."""


class PaperBooks(Books):
    """On paper, which checks every step as it is written and can be torn for a while."""

    def __init__(self) -> None:
        self.paper = Paper()

    async def open(self) -> Journal:
        self._journal = PaperJournal(self.paper)
        return self._journal

    async def die(self) -> None:
        self._journal.dead = True

    def written(self) -> dict[str, Written]:
        return {deletion_id: Written.of(each) for deletion_id, each in self.paper.now.items()}

    async def flush(self) -> None:
        await quiet()

    async def verify(self) -> None:
        assert {each.batch_id for each in self.paper.now.values()} <= set(self.paper.batches)


class MortalJournal(CountingJournal):
    """A journal of which nothing more is written once its console died."""

    dead = False

    def _put(self, job: Any) -> None:
        if not self.dead:  # else nobody ever hears of it again
            super()._put(job)

    async def die(self) -> None:
        self.dead = True
        with contextlib.suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()
        await self.close()


class FileBooks(Books):
    """The real journal."""

    def __init__(self, path: Path, clock: SimulatedClock) -> None:
        self._path = path
        self._clock = clock

    async def open(self) -> Journal:
        self._journal = await MortalJournal.open(self._path, now=self._clock.time)
        return self._journal

    async def die(self) -> None:
        await self._journal.die()
        self._clock.elapsed += LEASE_SECONDS + 1.0

    def written(self) -> dict[str, Written]:
        query = (
            "SELECT d.id, d.message_id, t.state, t.attempt FROM deletions AS d JOIN transitions AS t "
            "ON t.seq = (SELECT max(seq) FROM transitions WHERE deletion_id = d.id)"
        )
        with closing(sqlite3.connect(self._path)) as connection:
            return {id_: Written(message, State(state), n) for id_, message, state, n in connection.execute(query)}

    async def flush(self) -> None:
        await self._journal.flushed()

    async def verify(self) -> None:
        """The chain holds, and nothing in it is anything but a legal life."""
        assert (await self._journal.verify()).fault is None, "the journal does not verify"
        for batch in await self._journal.batches(limit=1_000):
            story = await self._journal.story(batch.id)
            assert story is not None
            for steps in story.steps.values():
                for before, after in pairwise(steps):
                    assert after.state in TRANSITIONS[before.state], f"{before.state} to {after.state} is no legal step"


async def end_every_task() -> None:
    """What a killed process does to its tasks, but for the one that tells of it."""
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
