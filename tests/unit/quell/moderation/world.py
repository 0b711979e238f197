"""A moderator, a service with a will of its own, and one console after the other: the model that engines are held to.

Whatever happens is decided by a seed and the step that is made, and whatever the service answers by the seed, the
message and how often it was asked for: a step that is left out changes little of what the others do.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress

from quell.moderation.deletion import DONE, OPEN, Batch, Deletion, Reason, State
from quell.moderation.engine import Engine
from quell.moderation.journal import JournalError
from quell_providers.provider import Accepted, Quota
from quell_providers.refusal import TRANSIENT, RefusalKind, RefusedError
from tests.unit.quell.moderation.books import Books, PaperBooks, Written, end_every_task
from tests.unit.quell.moderation.simulation import START, ScriptedProvider, SimulatedClock, gone, key, refusal, target

MESSAGES = [f"m{number}" for number in range(6)]
QUOTA = Quota(shape="bucket", calls=50, seconds=1.0)
PERMANENT = tuple(kind for kind in RefusalKind if kind not in TRANSIENT and kind is not RefusalKind.NOT_FOUND)
_LONGEST = 1_000
"""Jumps of the clock after which nothing will come of it any more."""
_NOT_DONE = frozenset({State.REFUSED, State.FAILED, State.CANCELLED})
"""States that say that a message was not deleted."""


class Service(ScriptedProvider):
    """Does mostly what it is asked, sometimes without an answer, and sometimes not."""

    def __init__(self, world: "World") -> None:
        super().__init__(world.clock, QUOTA)
        self._world = world

    async def delete(self, room_id: str, message_id: str, reason: str | None) -> Accepted:
        world = self._world
        try:
            asking = world.check_request(message_id)
        except AssertionError as error:
            world.mistakes.append(error)  # the engine takes whatever is raised here for an answer
            raise
        world.asked[message_id] += 1
        dice = random.Random(f"{world.seed}/{message_id}/{world.asked[message_id]}")
        await world.clock.sleep(dice.uniform(0.0, 0.5))
        return self._answer(asking, message_id, dice)

    def _answer(self, asking: str, message_id: str, dice: random.Random) -> Accepted:
        world, roll = self._world, dice.random()
        if roll < 0.10:
            raise RefusedError(refusal(RefusalKind.THROTTLED, retry_after=1.0 if roll < 0.05 else None))
        if roll < 0.18:
            raise RefusedError(refusal(RefusalKind.UNAVAILABLE))
        if roll < 0.26:
            world.refused_for_good.add(asking)
            raise RefusedError(refusal(dice.choice(PERMANENT)))
        if roll < 0.36:
            raise RefusedError(refusal(RefusalKind.LOST))
        if message_id not in world.present:
            world.refused_for_good.add(asking)
            raise RefusedError(refusal(RefusalKind.NOT_FOUND))
        world.present.discard(message_id)
        world.deleted_by[message_id] = asking
        if dice.random() < 0.6:
            world.events.append(message_id)
        if dice.random() < 0.4:
            world.events_arrive()
        if roll < 0.50:
            raise RefusedError(refusal(RefusalKind.LOST))
        if roll < 0.53:
            raise ValueError("a mistake of the provider's")
        return Accepted(operation_id=f"op-{message_id}")

    async def exists(self, room_id: str, message_id: str) -> bool | None:
        if random.Random(f"{self._world.seed}/{message_id}").random() < 0.3:
            return None
        return message_id in self._world.present


class World:
    """Everything there is. Each public method without a result is a step that `play` may make.

    Attributes:
        present: Messages that the service still has.
        deleted_by: Which of our deletions it was that took a message away.
        refused_for_good: Deletions that the service said a permanent no to, since they were last retried by hand.
        events: Messages that were deleted, and of which the live stream has not told yet.
        mistakes: What went wrong where nobody who waits for it is told.
    """

    def __init__(self, seed: int, books: Books, clock: SimulatedClock) -> None:
        self.seed = seed
        self.dice = random.Random(seed)
        self.books = books
        self.clock = clock
        self.present = set(MESSAGES)
        self.deleted_by: dict[str, str] = {}
        self.refused_for_good: set[str] = set()
        self.events: list[str] = []
        self.mistakes: list[BaseException] = []
        self.asked: Counter[str] = Counter()
        self._requests: Counter[str] = Counter()
        self._free_at: dict[str, float] = {}
        """Seconds at which the grace period of a batch is over."""

    async def open_console(self) -> None:
        grace = self.dice.choice([0.0, 1.0])
        self.grace = grace
        self.seen: dict[str, Deletion] = {}
        """Every deletion that this console told of, as it told last."""
        self.engine = Engine(
            await self.books.open(),
            grace_seconds=grace,
            concurrency=2,
            now=self.clock.time,
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
            random=self.dice.random,
        )
        self.engine.subscribe(lambda deletion: self.seen.update({deletion.id: deletion}))
        self.engine.attach("live", Service(self))

    # What a moderator does

    async def confirm(self) -> None:
        text = self.dice.choice(["buy now", ""])  # of an id that was only given, nothing was seen
        targets = tuple(target(each, text=text) for each in self._some())
        urgent = self.dice.random() < 0.3
        batch = Batch(moderator="amara", reason=Reason("spam", ""), targets=targets, confirmed_at=START, urgent=urgent)
        self._free_at[batch.id] = self.clock.elapsed + self.grace
        try:
            under_way = await self.engine.submit(batch)
        except JournalError:
            return
        assert {each.key for each in under_way} == {each.key for each in targets}, "a message was left out"

    async def cancel(self) -> None:
        await self.engine.cancel([key(each) for each in self._some()])

    async def retry(self) -> None:
        keys = [key(each) for each in self._some()]
        found = [self.engine.find(each) for each in keys]
        self.refused_for_good -= {each.id for each in found if each is not None}
        await self.engine.retry(keys)

    async def retry_failed(self) -> None:
        for progress in self.engine.batches.progress():
            self.refused_for_good -= {each.id for each in self.engine.batches.deletions_of(progress.id)}
            await self.engine.batches.retry_failed(progress.id)

    async def pause(self) -> None:
        for progress in self.engine.batches.progress():
            if self.dice.random() < 0.5:
                self.engine.batches.pause(progress.id)

    async def resume(self) -> None:
        for progress in self.engine.batches.progress():
            self.engine.batches.resume(progress.id)

    async def hurry(self) -> None:
        for progress in self.engine.batches.progress()[-1:]:
            await self.engine.batches.hurry(progress.id)

    async def cancel_rest(self) -> None:
        for progress in self.engine.batches.progress()[:1]:
            await self.engine.batches.cancel_rest(progress.id)

    async def drop_refused(self) -> None:
        for progress in self.engine.batches.progress():
            with suppress(JournalError):
                await self.engine.batches.drop_refused(progress.id)

    async def reconcile(self) -> None:
        with suppress(JournalError):
            await self.engine.leftovers.reconcile("live")

    # What the world does

    async def somebody_else_deletes(self) -> None:
        message_id = self.dice.choice(MESSAGES)
        if message_id in self.present:
            self.present.discard(message_id)
            self.events.append(message_id)

    async def events_come(self) -> None:
        self.events_arrive()

    async def events_are_missed(self) -> None:
        self.events.clear()

    def events_arrive(self) -> None:
        for message_id in self.events:
            self.engine.observe("live", gone(message_id))
        self.events.clear()

    async def journal_breaks(self) -> None:
        if isinstance(self.books, PaperBooks):
            self.books.paper.torn = True

    async def journal_mends(self) -> None:
        if isinstance(self.books, PaperBooks):
            self.books.paper.torn = False

    async def time_passes(self) -> None:
        for _ in range(self.dice.randint(1, 6)):
            await self.books.flush()
            if self.clock.pending:
                self.clock.jump()

    # Consoles come and go

    async def crash(self) -> None:
        await end_every_task()
        await self.books.die()
        await self._restart()

    async def close(self) -> None:
        await self.until_done(self.engine.aclose())
        await self.check()
        await self.books.die()
        await self._restart()

    async def _restart(self) -> None:
        await self.journal_mends()
        await self.open_console()
        await self.books.verify()
        # What could not be written down before, the new console can not know.
        self.refused_for_good -= {id_ for id_, each in self.books.written().items() if each.state is State.SENT}
        leftovers = self.engine.leftovers
        for batch in await leftovers.found():
            act = self.dice.choice([leftovers.resume, leftovers.settle, leftovers.close])
            self._free_at[batch.id] = 0.0  # who takes a batch up decides anew
            await act(batch.id)

    async def until_done(self, work: Awaitable[object]) -> None:
        task = asyncio.ensure_future(work)
        await self.books.flush()
        for _ in range(_LONGEST):
            if task.done():
                break
            self.clock.jump()
            await self.books.flush()
        assert task.done(), "it never comes to an end"
        await task

    def _some(self) -> list[str]:
        return self.dice.sample(MESSAGES, self.dice.randint(1, 4))

    # What must hold

    def check_request(self, message_id: str) -> str:
        """Whether this message may be asked for now; returns which deletion asks."""
        deletion = self.engine.find(key(message_id))
        assert deletion is not None, "asked for a message of no batch"
        found = self.books.written().get(deletion.id)
        assert found is not None, "asked for a deletion that is not written down"
        assert found.state is State.SENT, f"asked while it is written down as {found.state}"
        self._requests[deletion.id] += 1
        assert self._requests[deletion.id] <= found.attempt, "asked more often than written down"
        assert deletion.id not in self.refused_for_good, "asked again after a permanent no"
        assert deletion.batch_id not in self.engine.batches.paused, "asked for a paused batch"
        assert self.clock.elapsed >= self._free_at[deletion.batch_id], "asked during the grace period"
        return deletion.id

    async def check(self) -> None:
        """What holds at any time."""
        await self.books.flush()
        if self.mistakes:
            raise self.mistakes[0]
        written = self.books.written()
        states = Counter(each.state for each in self.seen.values())
        assert self.engine.totals() == states, "totals are not the sums of states"
        for progress in self.engine.batches.progress():
            assert sum(progress.states.values()) == progress.total == progress.open + progress.settled
            assert progress.dropped <= progress.states.get(State.REFUSED, 0)
        if self.engine.trouble is None and not (isinstance(self.books, PaperBooks) and self.books.paper.torn):
            told = {deletion_id: each.state for deletion_id, each in self.seen.items()}
            assert told.items() <= {id_: each.state for id_, each in written.items()}.items(), "told, not written down"
        for each in (*written.values(), *(Written.of(each) for each in self.seen.values())):
            if each.state in DONE:
                assert each.message_id not in self.present, f"told as {each.state}, and still there"
        for message_id, deletion_id in self.deleted_by.items():
            assert written[deletion_id].state not in _NOT_DONE, f"{message_id} is deleted, and told not to be"

    async def check_end(self) -> None:
        """What holds when everything has come to its end."""
        await self.check()
        await self.books.verify()
        open_ones = {id_: each.state for id_, each in self.books.written().items() if each.state in OPEN}
        assert not open_ones, f"never came to an end: {open_ones}"
