"""A clock that only moves when nothing is left to do, and a service that answers as told; both for engine tests."""

import asyncio
import heapq
import itertools
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from types import MappingProxyType
from typing import Any

from quell.moderation.deletion import Batch, Deletion, MessageKey, Reason, State, Target
from quell.moderation.engine import Engine
from quell.moderation.journal import Journal
from quell.moderation.learned import Learned
from quell_providers.model import Deleted, Event, Message, Room
from quell_providers.provider import Accepted, Capabilities, Forecast, HistoryPage, Identity, Provider, Quota
from quell_providers.refusal import Refusal, RefusalKind, RefusedError

START = 1_800_000_000.0
FAST = Quota(shape="bucket", calls=1_000, seconds=1.0)
PATIENT = 60.0
"""Seconds for which a journal waits for others that write to it: longer than any disk takes, however busy it is."""
IMPATIENT = 0.05
"""The same, where another program is to hold the file until the journal gives up."""
_TURNS = 30
"""More turns of the event loop than any chain of tasks in here needs."""

Answer = Accepted | Refusal | Exception


class SimulatedClock:
    """Time that jumps to the next sleeper's end."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def time(self) -> float:
        """Unix seconds."""
        return START + self.elapsed

    def monotonic(self) -> float:
        return self.elapsed

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.elapsed + seconds, next(self._numbers), woken))
        await woken

    @property
    def pending(self) -> bool:
        """Whether anyone sleeps."""
        return any(not sleeper[2].done() for sleeper in self._sleepers)

    def jump(self) -> None:
        """Go on to the next moment at which anyone wakes up."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        assert self._sleepers, "nothing will ever happen again"
        self.elapsed = max(self.elapsed, self._sleepers[0][0])
        while self._sleepers and self._sleepers[0][0] <= self.elapsed:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)


class CountingJournal(Journal):
    """A journal that knows how much it was asked to do."""

    asked = 0

    def _put(self, job: Any) -> None:
        self.asked += 1
        super()._put(job)

    async def flushed(self) -> None:
        """Wait until nothing more is written and no task can go on without the clock."""
        await quiet()
        before = -1
        while before != self.asked:
            barrier = self.record(())
            before = self.asked
            await asyncio.gather(barrier, return_exceptions=True)
            await quiet()


async def quiet() -> None:
    """Let every task go as far as it can without the clock or the journal."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


class ScriptedProvider(Provider):
    """Answers deletions from a script; everything that is not in it is accepted."""

    def __init__(self, clock: SimulatedClock, quota: Quota = FAST, *, unlimited_without_quota: bool = False) -> None:
        self.capabilities = Capabilities(
            reason_limit=256,
            deletion_quota=quota,
            unlimited_without_quota=unlimited_without_quota,
            deletion_effect="",
            unread_counts=False,
        )
        self.latency = 0.0
        self.script: dict[str, list[Answer]] = {}
        """What to answer to a message id, first to last; after the last one it is accepted."""
        self.calls: list[tuple[float, str]] = []
        """At which second which message id was asked for."""
        self.reasons: list[str | None] = []
        self.before_answer: Callable[[str], None] = lambda message_id: None
        self.service: Callable[[], Answer] = lambda: Accepted(operation_id=f"op-{len(self.calls)}")
        self.there: dict[str, bool] = {}
        """Whether a message exists; of one that is not in here the service can not tell."""
        self.asked_about: list[str] = []
        self.hangs = False
        self.at_once = self.most_at_once = 0
        self._clock = clock

    async def delete(self, room_id: str, message_id: str, reason: str | None) -> Accepted:
        self.calls.append((self._clock.elapsed, message_id))
        self.reasons.append(reason)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.before_answer(message_id)
            if self.hangs:
                await asyncio.get_running_loop().create_future()
            if self.latency:
                await self._clock.sleep(self.latency)
            answers = self.script.get(message_id)
            answer = answers.pop(0) if answers else self.service()
        finally:
            self.at_once -= 1
        if isinstance(answer, Refusal):
            raise RefusedError(answer)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def login(self) -> Identity:
        raise NotImplementedError

    async def rooms(self) -> tuple[Room, ...]:
        raise NotImplementedError

    async def history(self, room_id: str, *, limit: int = 100, before: str | None = None) -> HistoryPage:
        raise NotImplementedError

    def follow(self, room_id: str) -> AsyncGenerator[Event, None]:
        raise NotImplementedError

    async def forecast(self, messages: Sequence[Message]) -> tuple[Forecast, ...]:
        raise NotImplementedError

    async def exists(self, room_id: str, message_id: str) -> bool | None:
        self.asked_about.append(message_id)
        return self.there.get(message_id)

    async def aclose(self) -> None:
        raise NotImplementedError


class Desk:
    """An engine with everything around it simulated but the journal."""

    def __init__(self, clock: SimulatedClock, journal: CountingJournal, engine: Engine) -> None:
        self.clock = clock
        self.journal = journal
        self.engine = engine
        self.provider = ScriptedProvider(clock)
        self.steps: list[Deletion] = []
        self.engine.subscribe(self.steps.append)

    async def until(self, reached: Callable[[], bool]) -> None:
        """Let time pass until this is so."""
        await self.journal.flushed()
        while not reached():
            self.clock.jump()
            await self.journal.flushed()

    async def until_settled(self) -> None:
        settled = asyncio.create_task(self.engine.settled())
        await self.until(settled.done)
        await settled

    async def until_closed(self) -> None:
        await self.until_done(self.engine.aclose())

    async def until_done(self, work: Awaitable[object]) -> None:
        task = asyncio.ensure_future(work)
        await self.until(task.done)
        await task

    async def submit(self, *message_ids: str, reason: str = "spam", **fields: str) -> tuple[Deletion, ...]:
        return await self.engine.submit(batch_of(*message_ids, reason=reason, **fields))

    def state(self, message_id: str) -> State:
        deletion = self.engine.find(key(message_id))
        assert deletion is not None
        return deletion.state

    def deletion(self, message_id: str) -> Deletion:
        deletion = self.engine.find(key(message_id))
        assert deletion is not None
        return deletion

    def path_of(self, message_id: str) -> list[State]:
        """Every state this message's deletions were in, in order."""
        return [step.state for step in self.steps if step.target.message_id == message_id]


@asynccontextmanager
async def desk(
    path: Path,
    *,
    grace_seconds: float = 0.0,
    concurrency: int = 8,
    busy_seconds: float = PATIENT,
    quota: Quota = FAST,
    unlimited_without_quota: bool = False,
    clock: SimulatedClock | None = None,
    learned: Mapping[str, Learned] = MappingProxyType({}),
) -> AsyncGenerator[Desk, None]:
    """An engine with one account named `live`, and its journal at `path`; several may share a journal and a clock."""
    clock = clock or SimulatedClock()
    journal = await CountingJournal.open(path, now=clock.time, busy_seconds=busy_seconds)
    engine = Engine(
        journal,
        grace_seconds=grace_seconds,
        concurrency=concurrency,
        learned=learned,
        now=clock.time,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        random=lambda: 0.0,
    )
    work = Desk(clock, journal, engine)
    work.provider = ScriptedProvider(clock, quota, unlimited_without_quota=unlimited_without_quota)
    engine.attach("live", work.provider)
    try:
        yield work
    finally:
        await work.until_closed()
        await journal.close()


def key(message_id: str) -> MessageKey:
    return MessageKey("live", "room", message_id)


def target(message_id: str, *, account: str = "live", room: str = "room", text: str = "buy now") -> Target:
    return Target(
        account=account,
        provider="ivs",
        room_id=room,
        room_name="finals",
        message_id=message_id,
        author_id="u1",
        author_name="Vlad",
        text=text,
        sent_at=START - 60 if text else None,
    )


def batch_of(*message_ids: str, reason: str = "spam", text: str = "buy now", account: str = "live") -> Batch:
    targets = tuple(target(message_id, text=text, account=account) for message_id in message_ids)
    return Batch(moderator="amara", reason=Reason("spam", reason), targets=targets, confirmed_at=START)


def refusal(kind: RefusalKind, *, retry_after: float | None = None) -> Refusal:
    return Refusal(kind=kind, code=f"code-{kind}", detail="no", cause="because", remedy="ask", retry_after=retry_after)


def gone(message_id: str) -> Deleted:
    return Deleted("room", message_id)


def journalled(path: Path, message_id: str) -> list[str]:
    """Every state of a message's deletions, as another program sees it in the file."""
    query = (
        "SELECT state FROM transitions JOIN deletions ON deletions.id = deletion_id "
        "WHERE message_id = ? ORDER BY transitions.seq"
    )
    with closing(sqlite3.connect(path)) as connection:
        return [state for (state,) in connection.execute(query, (message_id,))]


async def recorded(journal: Journal) -> dict[str, State]:
    """Where every message stands, by the journal."""
    found: dict[str, State] = {}
    for batch in await journal.batches():
        found |= {deletion.target.message_id: deletion.state for deletion in await journal.deletions(batch.id)}
    return found


async def with_one_of_each(work: Desk) -> None:
    """Bring one message into each state that is still open."""
    work.provider.hangs = True
    await work.submit("sent", "queued")
    await work.until(lambda: len(work.provider.calls) == 1)
