"""The journal as the rest of Quell sees it: asynchronous, in front of one database in one thread."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from quell.moderation.deletion import Batch, Deletion
from quell.moderation.journal.errors import JournalError
from quell.moderation.journal.lease import Lease
from quell.moderation.journal.store import BatchSummary, Store

_BUSY_SECONDS = 2.0
"""How long another program may hold the file before it counts as locked."""

_Result = TypeVar("_Result")


class _Job(NamedTuple):
    work: Callable[[Store], Any]
    done: asyncio.Future[Any]
    writes: bool


class Journal:
    """An open journal. Make one with `open`.

    Everything is carried out in the order in which it was asked for; what waits together becomes durable together, in
    one transaction. Every method raises `JournalError` where the file can not be used.
    """

    def __init__(self, path: Path, *, now: Callable[[], float], busy_seconds: float) -> None:
        self._path = path
        self._lease = Lease(now)
        self._busy_seconds = busy_seconds
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)

    @classmethod
    async def open(
        cls, path: Path, *, now: Callable[[], float] = time.time, busy_seconds: float = _BUSY_SECONDS
    ) -> Self:
        """Open the journal at `path`, making the file (mode 0600) and its folder (0700) where they are missing.

        Args:
            path: Where it lies.
            now: Unix seconds; by this clock leases of consoles run out.
            busy_seconds: How long another program may hold the file before it counts as locked.

        Raises:
            JournalError: It is read-only, locked, not a journal, or of a newer Quell.
        """
        journal = cls(path, now=now, busy_seconds=busy_seconds)
        journal._thread.start()
        try:
            await journal._read(lambda store: None)
        except BaseException:
            await journal.close()
            raise
        return journal

    async def begin(self, batch: Batch, deletions: Sequence[Deletion]) -> None:
        """Write down a confirmed batch and the first state of each deletion. Durable when it returns."""
        await self._write(lambda store: store.begin(batch, deletions))

    def record(self, deletions: Iterable[Deletion]) -> asyncio.Future[None]:
        """Write down where these deletions stand now. Durable when the future is done.

        The order of calls is the order in the journal, whether or not they are awaited.
        """
        written = tuple(deletions)
        return self._write(lambda store: store.record(written))

    async def batches(self, limit: int = 50) -> list[BatchSummary]:
        """The newest batches, newest first."""
        return await self._read(lambda store: store.batches(limit))

    async def deletions(self, batch_id: str) -> list[Deletion]:
        """Every deletion of a batch as it stands now, in the batch's order."""
        return await self._read(lambda store: store.deletions(batch_id))

    async def renew(self) -> None:
        """Say that this console still lives, so that no other one takes over its batches."""
        await self._write(lambda store: store.renew())

    async def release(self) -> None:
        """Say that this console is done with all its batches."""
        await self._write(lambda store: store.release())

    async def recover(self, settle: Callable[[Deletion], Deletion]) -> list[Deletion]:
        """Settle every open deletion of consoles that died, and of no other; returns these deletions as settled.

        Args:
            settle: Takes an open deletion one step on. Runs in the journal's thread.
        """
        return await self._write(lambda store: store.recover(settle))

    async def close(self) -> None:
        """Finish what was asked for, and give the file back. Safe to call again."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _read(self, work: Callable[[Store], _Result]) -> asyncio.Future[_Result]:
        done: asyncio.Future[_Result] = self._loop.create_future()
        self._put(_Job(work, done, writes=False))
        return done

    def _write(self, work: Callable[[Store], _Result]) -> asyncio.Future[_Result]:
        done: asyncio.Future[_Result] = self._loop.create_future()
        self._put(_Job(work, done, writes=True))
        return done

    def _put(self, job: _Job) -> None:
        if self._closed:
            job.done.set_exception(JournalError(f"The journal {self._path} is closed.", "Start Quell again."))
        else:
            self._jobs.put(job)

    def _work(self) -> None:
        try:
            store = Store(self._path, self._lease, busy_seconds=self._busy_seconds)
        except JournalError as error:
            for job in self._waiting():
                self._loop.call_soon_threadsafe(_fail, job.done, error)
            return
        try:
            while jobs := self._waiting():
                while jobs:
                    jobs = self._carry_out(store, jobs)
        finally:
            store.close()

    def _waiting(self) -> list[_Job]:
        """The next job, and all that wait behind it; nothing at the end."""
        jobs: list[_Job] = []
        while not jobs or not self._jobs.empty():
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)  # found again once these jobs are done
                break
            jobs.append(job)
        return jobs

    def _carry_out(self, store: Store, jobs: list[_Job]) -> list[_Job]:
        """Do these in one transaction; returns what is still to be done, because another one of them spoiled it."""
        results: list[object] = []
        under_way: _Job | None = None
        try:
            with store.writing() if any(job.writes for job in jobs) else store.reading():
                for under_way in jobs:
                    results.append(under_way.work(store))
                under_way = None
        except Exception as error:  # noqa: BLE001 - whoever asked gets it; the thread must live on for the others
            failed = jobs if under_way is None else [under_way]
            for job in failed:
                self._loop.call_soon_threadsafe(_fail, job.done, error)
            return [job for job in jobs if job not in failed]
        for job, result in zip(jobs, results, strict=True):
            self._loop.call_soon_threadsafe(_succeed, job.done, result)
        return []


def _succeed(done: asyncio.Future[Any], result: object) -> None:
    if not done.done():  # else who asked has gone
        done.set_result(result)


def _fail(done: asyncio.Future[Any], error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
