"""Random sequences of what moderators, services and crashes do keep every promise of the life of a deletion."""

import asyncio
import gc
import random
from collections import Counter
from collections.abc import Coroutine

import pytest

from quell.moderation.deletion import DONE, OPEN, Batch, Reason, State
from quell.moderation.engine import Engine
from quell_providers.provider import Accepted, Quota
from quell_providers.refusal import RefusalKind, RefusedError
from tests.unit.quell.moderation.paper import Paper, PaperJournal
from tests.unit.quell.moderation.simulation import START, ScriptedProvider, SimulatedClock, gone, key, refusal, target

SEQUENCES = 300
STEPS = 14
MESSAGES = [f"m{number}" for number in range(6)]
QUOTA = Quota(shape="bucket", calls=50, seconds=1.0)


class Service(ScriptedProvider):
    """A service that does mostly what it is asked, sometimes without an answer, and sometimes not."""

    def __init__(self, world: "World") -> None:
        super().__init__(world.clock, QUOTA)
        self._world = world

    async def delete(self, room_id: str, message_id: str, reason: str | None) -> Accepted:
        world = self._world
        assert State.SENT in world.paper.states(message_id), "asked without a record of the intent"
        world.asked[message_id] += 1
        await world.clock.sleep(world.dice.uniform(0.0, 0.5))
        return self._answer(message_id)

    def _answer(self, message_id: str) -> Accepted:
        world, roll = self._world, self._world.dice.random()
        if roll < 0.2:
            raise RefusedError(refusal(RefusalKind.THROTTLED if roll < 0.1 else RefusalKind.UNAVAILABLE))
        if message_id not in world.present:
            raise RefusedError(refusal(RefusalKind.NOT_FOUND))
        if roll < 0.28:
            raise RefusedError(refusal(RefusalKind.PERMISSION))
        if roll < 0.40:
            raise RefusedError(refusal(RefusalKind.LOST))
        world.present.discard(message_id)
        world.deleted.add(message_id)
        if world.dice.random() < 0.5:
            world.engine.observe("live", gone(message_id))
        if roll < 0.56:
            raise RefusedError(refusal(RefusalKind.LOST))
        return Accepted()

    async def exists(self, room_id: str, message_id: str) -> bool | None:
        return None if self._world.dice.random() < 0.3 else message_id in self._world.present


class World:
    """A service, a paper, and the console that is alive just now."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.clock = SimulatedClock()
        self.paper = Paper()
        self.present = set(MESSAGES)
        self.deleted: set[str] = set()
        """Deleted by us."""
        self.asked: Counter[str] = Counter()
        self.open_console()

    def open_console(self) -> None:
        self.journal = PaperJournal(self.paper)
        self.engine = Engine(
            self.journal,
            grace_seconds=self.dice.choice([0.0, 1.0]),
            concurrency=2,
            now=self.clock.time,
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
            random=self.dice.random,
        )
        self.engine.attach("live", Service(self))

    async def confirm(self) -> None:
        targets = tuple(target(each) for each in self.some())
        await self.engine.submit(
            Batch(
                moderator="amara",
                reason=Reason("spam", ""),
                targets=targets,
                confirmed_at=START,
                urgent=self.dice.random() < 0.3,
            )
        )

    async def cancel(self) -> None:
        await self.engine.cancel([key(each) for each in self.some()])

    async def retry(self) -> None:
        await self.engine.retry([key(each) for each in self.some()])

    async def act_on_a_batch(self) -> None:
        batches = self.engine.batches
        for progress in batches.progress():
            act = self.dice.choice(["pause", "resume", "hurry", "cancel_rest", "drop_refused", "retry_failed"])
            result = getattr(batches, act)(progress.id)
            if asyncio.iscoroutine(result):
                await result

    async def somebody_else_deletes(self) -> None:
        message_id = self.dice.choice(MESSAGES)
        self.present.discard(message_id)
        if self.dice.random() < 0.7:
            self.engine.observe("live", gone(message_id))

    async def crash(self) -> None:
        self.journal.dead = True
        mine = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not mine]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.open_console()
        await self.take_up()

    async def close(self) -> None:
        await self.until_done(self.engine.aclose())
        self.journal.dead = True
        self.check_console()
        self.open_console()

    async def take_up(self) -> None:
        for batch in await self.engine.leftovers.found():
            leftovers = self.engine.leftovers
            await self.dice.choice([leftovers.resume, leftovers.settle, leftovers.close])(batch.id)

    async def time_passes(self) -> None:
        for _ in range(self.dice.randint(1, 6)):
            await turns()
            if self.clock.pending:
                self.clock.jump()

    def some(self) -> list[str]:
        return self.dice.sample(MESSAGES, self.dice.randint(1, 4))

    async def until_done(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        await turns()
        while not task.done():
            self.clock.jump()
            await turns()
        await task

    def check_console(self) -> None:
        """What holds at any time."""
        totals = self.engine.totals()
        states = [each.state for each in self.paper.now.values()]
        assert all(count <= states.count(state) for state, count in totals.items()), "totals larger than the truth"
        for progress in self.engine.batches.progress():
            assert sum(progress.states.values()) == progress.total
        for deletion in self.paper.now.values():
            if deletion.state in DONE:
                assert deletion.target.message_id not in self.present, f"{deletion.state}, and still there"

    def check_end(self) -> None:
        """What holds when everything has come to its end."""
        assert not any(each.state in OPEN for each in self.paper.now.values())
        for message_id in MESSAGES:
            assert self.asked[message_id] <= self.paper.attempts(message_id), "asked more often than written down"
        for message_id in self.deleted:
            known = self.paper.states(message_id)
            assert any(state in DONE or state is State.UNKNOWN for state in known), "deleted, and told not to be"


async def turns() -> None:
    for _ in range(16):
        await asyncio.sleep(0)


async def play(seed: int) -> Counter[State]:
    world = World(seed)
    moves = [
        *[world.confirm] * 3,
        world.cancel,
        world.retry,
        world.act_on_a_batch,
        world.somebody_else_deletes,
        world.crash,
        world.close,
        *[world.time_passes] * 4,
    ]
    for _ in range(STEPS):
        await world.dice.choice(moves)()
        world.check_console()
    for progress in world.engine.batches.progress():
        world.engine.batches.resume(progress.id)
    await world.until_done(world.engine.settled())
    await world.close()
    await world.crash()
    await world.close()
    world.check_end()
    return Counter(each.state for each in world.paper.now.values())


@pytest.mark.parametrize("part", range(6))
async def test_random_lives_keep_every_promise(part: int) -> None:
    mistakes: list[object] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: mistakes.append(context["exception"]) if "exception" in context else None
    )
    reached: Counter[State] = Counter()
    for seed in range(part, SEQUENCES, 6):
        try:
            reached += await play(seed)
        except AssertionError as error:
            raise AssertionError(f"sequence {seed}: {error}") from error
    gc.collect()  # tells of tasks that failed
    assert mistakes == []
    assert set(reached) == set(State) - OPEN
