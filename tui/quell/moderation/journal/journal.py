"""The journal as the rest of Quell sees it: asynchronous, in front of one database in one thread."""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Self, TypeVar

from quell.moderation.deletion import Batch, Deletion
from quell.moderation.disconnection import Disconnection
from quell.moderation.evidence import EvidencePolicy
from quell.moderation.journal.authors import AuthorRecord
from quell.moderation.journal.disconnections import DisconnectionEntry
from quell.moderation.journal.erasing import Erasure
from quell.moderation.journal.errors import JournalError
from quell.moderation.journal.filters import JournalFilter
from quell.moderation.journal.jobs import Answer, Answers, Job, transactions
from quell.moderation.journal.lease import Lease
from quell.moderation.journal.resume import Unfinished
from quell.moderation.journal.search import BatchSummary, JournalEntry, Story
from quell.moderation.journal.store import Store
from quell.moderation.journal.verify import Verification

_log = logging.getLogger(__name__)

_BUSY_SECONDS = 2.0
"""How long another program may hold the file before it counts as locked."""

EXPIRY_SECONDS = 86_400.0
"""Between two looks for words that have been kept for long enough, in a console that runs for weeks."""

_EVERYTHING = JournalFilter()
_KEEP_ALL = EvidencePolicy()

_Result = TypeVar("_Result")


class Journal:
    """An open journal. Make one with `open`.

    Everything is carried out in the order in which it was asked for; what waits together becomes durable together, in
    one transaction. Every method raises `JournalError` where the file can not be used.
    """

    def __init__(self, path: Path, *, evidence: EvidencePolicy, now: Callable[[], float], busy_seconds: float) -> None:
        self._path = path
        self.evidence = evidence
        """What is kept of the messages' words, and for how long."""
        self._now = now
        self._lease = Lease(now)
        self._busy_seconds = busy_seconds
        self._loop = asyncio.get_running_loop()
        self._answers = Answers(self._loop)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._closed = False
        self._expiring: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        evidence: EvidencePolicy = _KEEP_ALL,
        now: Callable[[], float] = time.time,
        busy_seconds: float = _BUSY_SECONDS,
    ) -> Self:
        """Open the journal at `path`, making the file (mode 0600) and its folder (0700) where they are missing.

        Args:
            path: Where it lies.
            evidence: What to keep of the messages' words. What has been kept for longer is erased now, and from then on
                once a day.
            now: Unix seconds; by this clock leases of consoles run out.
            busy_seconds: How long another program may hold the file before it counts as locked.

        Raises:
            JournalError: It is read-only, locked, not a journal, or of a newer Quell.
        """
        journal = cls(path, evidence=evidence, now=now, busy_seconds=busy_seconds)
        journal._thread.start()
        try:
            await journal._read(lambda store: None)
            await journal._expire()
        except BaseException:
            await journal.close()
            raise
        if evidence.seconds is not None:
            journal._expiring = asyncio.create_task(journal._keep_expiring())
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

    async def record_disconnection(self, disconnection: Disconnection) -> None:
        """Write down where the disconnection of an author stands now. Durable when it returns."""
        await self._write(lambda store: store.record_disconnection(disconnection))

    async def disconnections(
        self, wanted: JournalFilter = _EVERYTHING, *, limit: int = 50, before: int | None = None, after: int = 0
    ) -> list[DisconnectionEntry]:
        """The disconnections that are looked for as they stand now, newest first.

        Args:
            wanted: Which.
            limit: At most so many.
            before: Only those with a lower `record`, which may be that of a deletion.
            after: Only those with a higher one.
        """
        return await self._read(lambda store: store.disconnections(wanted, limit, before, after))

    async def batches(self, limit: int = 50, wanted: JournalFilter = _EVERYTHING) -> list[BatchSummary]:
        """The newest batches that hold a deletion that is looked for, newest first."""
        return await self._read(lambda store: store.batches(limit, wanted))

    async def deletions(self, batch_id: str) -> list[Deletion]:
        """Every deletion of a batch as it stands now, in the batch's order."""
        return await self._read(lambda store: store.deletions(batch_id))

    async def search(
        self, wanted: JournalFilter = _EVERYTHING, *, limit: int = 100, before: int | None = None
    ) -> list[JournalEntry]:
        """The deletions that are looked for as they stand now, newest first.

        Args:
            wanted: Which.
            limit: At most so many.
            before: For the next page, the `record` of the last entry of this one.
        """
        return await self._read(lambda store: store.search(wanted, limit, before))

    async def author_record(self, account: str, author_id: str, *, limit: int = 3) -> AuthorRecord:
        """How an author's deletions in this account stand, and the newest `limit` batches that deleted any of them."""
        return await self._read(lambda store: store.author_record(account, author_id, limit))

    async def story(self, batch_id: str) -> Story | None:
        """All that happened with one batch; `None` where there is none of this id."""
        return await self._read(lambda store: store.story(batch_id))

    async def verify(self, noted: tuple[int, str] | None = None) -> Verification:
        """Check the whole journal for anything that was changed, removed, added or moved by hand.

        Args:
            noted: Number and hash of a record as an earlier check told them; it must still be there.
        """
        return await self._read(lambda store: store.verify(noted))

    async def count_of_author(self, author_id: str, account: str = "") -> int:
        """Of how many messages of this author there still are words; in one account, or in all where it is empty."""
        return await self._read(lambda store: store.count_of_author(author_id, account))

    async def erase_author(self, author_id: str, account: str = "", *, moderator: str) -> Erasure:
        """Erase the words of all messages of this author; what happened to the messages stays on record.

        Args:
            author_id: As the service knows the author.
            account: In this account only; empty: in all.
            moderator: Who wants it; goes on record.
        """
        at = self._now()
        record, count = await self._write(
            lambda store: store.erase_author(author_id, account, at=at, moderator=moderator)
        )
        return Erasure(record=record, count=count, complete=await self._alone(lambda store: store.scrub()))

    async def hurry(self, batch_id: str) -> None:
        """Write down that a batch is urgent from now on, also for a console that takes it up after a crash."""
        await self._write(lambda store: store.hurry(batch_id))

    async def drop(self, deletion_ids: Collection[str]) -> None:
        """Write down that these refused deletions are not to be tried again, also after a crash."""
        await self._write(lambda store: store.drop(deletion_ids))

    async def press(self, accounts: Collection[str]) -> None:
        """Tell the other consoles in which accounts urgent deletions of this one wait now; nothing else is told."""
        await self._write(lambda store: store.press(accounts))

    async def pressed(self) -> frozenset[str]:
        """The accounts in which urgent deletions of other living consoles wait now."""
        return await self._read(lambda store: store.pressed())

    async def renew(self) -> None:
        """Say that this console still lives, so that no other one takes over its batches."""
        await self._write(lambda store: store.renew())

    async def release(self) -> None:
        """Say that this console is done with all its batches."""
        await self._write(lambda store: store.release())

    async def unfinished(self) -> list[Unfinished]:
        """The batches of consoles that died before they were done, oldest first, unless another one took them up.

        Of their disconnections that were not answered it is written down that nobody knows what became of them.
        """
        at = self._now()
        return await self._write(lambda store: store.unfinished(at=at))

    async def claim(self, batch_id: str) -> Unfinished:
        """Take up one of these batches, so that no other console does. Raises `JournalError` when one did."""
        return await self._write(lambda store: store.leftovers.claim(batch_id))

    async def unknown(self, account: str, *, since: float, limit: int) -> list[Deletion]:
        """The newest deletions of an account that stand as `unknown` and that no living console works on.

        Args:
            account: Its name.
            since: Unix seconds: confirmed then or later.
            limit: At most so many.
        """
        return await self._read(lambda store: store.unknown(account, since, limit))

    async def reconcile(self, deletions: Sequence[Deletion]) -> int:
        """Write down what was found out about these, as far as they are still `unknown`; returns how many that were."""
        return await self._write(lambda store: store.reconcile(deletions))

    async def close(self) -> None:
        """Finish what was asked for, and give the file back. Safe to call again."""
        if not self._closed:
            self._closed = True
            if self._expiring is not None:
                self._expiring.cancel()
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._answers.close()

    async def _keep_expiring(self) -> None:
        while True:
            await asyncio.sleep(EXPIRY_SECONDS)
            await self._expire()

    async def _expire(self) -> None:
        """Erase what has been kept for long enough. Where that can not be done now, it is tried again later."""
        seconds = self.evidence.seconds
        try:
            if seconds is not None:
                at = self._now()
                before = at - seconds
                if await self._read(lambda store: store.has_expired(before)):
                    await self._write(lambda store: store.erase_expired(before, at=at))
            await self._alone(lambda store: store.scrub())
        except JournalError as error:
            _log.warning("the words of old messages could not be erased: %s", error)

    def _read(self, work: Callable[[Store], _Result]) -> asyncio.Future[_Result]:
        done: asyncio.Future[_Result] = self._loop.create_future()
        self._put(Job(work, done, "read"))
        return done

    def _write(self, work: Callable[[Store], _Result]) -> asyncio.Future[_Result]:
        done: asyncio.Future[_Result] = self._loop.create_future()
        self._put(Job(work, done, "write"))
        return done

    def _alone(self, work: Callable[[Store], _Result]) -> asyncio.Future[_Result]:
        done: asyncio.Future[_Result] = self._loop.create_future()
        self._put(Job(work, done, "alone"))
        return done

    def _put(self, job: Job) -> None:
        if self._closed:
            job.done.set_exception(JournalError(f"The journal {self._path} is closed.", "Start Quell again."))
        else:
            self._jobs.put(job)

    def _work(self) -> None:
        try:
            store = Store(self._path, self._lease, keep=self.evidence.keep, busy_seconds=self._busy_seconds)
        except JournalError as error:
            for job in self._waiting():
                self._answers.give([(job.done, None, error)])
            return
        try:
            while jobs := self._waiting():
                for together in transactions(jobs):
                    while together:
                        together = self._carry_out(store, together)
        finally:
            store.close()

    def _waiting(self) -> list[Job]:
        """The next job, and all that wait behind it; nothing at the end."""
        jobs: list[Job] = []
        while not jobs or not self._jobs.empty():
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)  # found again once these jobs are done
                break
            jobs.append(job)
        return jobs

    def _carry_out(self, store: Store, jobs: list[Job]) -> list[Job]:
        """Do these in one transaction; returns what is still to be done, because another one of them spoiled it."""
        answers: list[Answer] = []
        under_way: Job | None = None
        try:
            with store.writing() if "write" in [job.way for job in jobs] else store.reading():
                for under_way in jobs:
                    answers.append((under_way.done, under_way.work(store), None))
                under_way = None
        except Exception as error:  # noqa: BLE001 - whoever asked gets it; the thread must live on for the others
            failed = jobs if under_way is None else [under_way]
            self._answers.give([(job.done, None, error) for job in failed])
            return [job for job in jobs if job not in failed]
        self._answers.give(answers)
        return []
