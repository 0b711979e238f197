"""One account's deletions on their way to its service: in turn, at its pace, a few at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection

from quell.moderation.deletion import Deletion, State
from quell.moderation.journal import JournalError
from quell.moderation.ledger import Ledger, unwritable
from quell.moderation.limits import Call
from quell.moderation.pace import Pace
from quell.moderation.slots import Slots
from quell.moderation.turns import Turns
from quell.moderation.verdict import Tries, state_after
from quell_providers.provider import Accepted, Provider
from quell_providers.refusal import Refusal, RefusalKind, RefusedError

_log = logging.getLogger(__name__)


class Lane:
    """Carries out the queued deletions of one account. Needs a running event loop.

    Args:
        provider: Whom to ask.
        ledger: Where each deletion stands; one that does not wait any more when its turn comes is left alone.
        pace: How fast to ask.
        concurrency: How many requests may be on the way at the same time.
        urgent: Ids of batches that go before all others; may change.
        paused: Ids of batches that are passed over; call `look_again` when it changes.
        now: Monotonic seconds.
        sleep: Waits for so many seconds.
        random: A number from 0 up to 1.
    """

    def __init__(
        self,
        provider: Provider,
        ledger: Ledger,
        pace: Pace,
        *,
        concurrency: int,
        urgent: Collection[str],
        paused: Collection[str],
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
        random: Callable[[], float],
    ) -> None:
        self.pace = pace
        self.provider = provider
        self._ledger = ledger
        self._now = now
        self._sleep = sleep
        self._random = random
        self._turns = Turns(urgent, paused)
        self._slots = Slots(concurrency)
        self._tries: dict[str, Tries] = {}
        """Of those that will be asked for again."""
        self._running: dict[asyncio.Task[None], str] = {}
        self._asking: set[str] = set()
        """Deletions whose request is being made just now, and must not be interrupted."""
        self._closing = False
        self._dispatcher = asyncio.create_task(self._dispatch())

    def add(self, deletion: Deletion) -> None:
        """Queue one. If it is only between two attempts, it goes on by itself."""
        if deletion.id not in self._tries:
            self._turns.add(deletion)

    def repeat(self, deletion: Deletion) -> None:
        """Queue one that was asked for before, and whose answer was lost."""
        self._tries[deletion.id] = Tries(lost=1)
        self._turns.add(deletion)

    @property
    def makes_way(self) -> bool:
        """Whether only urgent batches are asked for, because another console has such."""
        return self._turns.only_urgent

    def make_way(self, is_pressed: bool) -> None:
        """Say whether another console has urgent deletions waiting in this account."""
        self._turns.make_way(is_pressed)

    def look_again(self) -> None:
        """A batch was paused, or goes on."""
        self._turns.look()

    async def aclose(self, patience: asyncio.Future[None]) -> None:
        """Start nothing more, and wait for the requests under way until `patience` is done."""
        self._closing = True
        self._dispatcher.cancel()
        tasks = [self._dispatcher, *self._running]
        for task, deletion_id in self._running.items():
            if deletion_id not in self._asking:
                task.cancel()
        while self._running and not patience.done():
            await asyncio.wait({patience, *self._running}, return_when=asyncio.FIRST_COMPLETED)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _dispatch(self) -> None:
        while True:
            await self._turns.wait()
            await self._slots.acquire()
            call = await self.pace.acquire()
            deletion_id = self._next()
            if deletion_id is None:  # all of them were cancelled or paused meanwhile
                self.pace.put_back()
                self._slots.release()
            else:
                self._start(deletion_id, call)

    def _start(self, deletion_id: str, call: Call) -> None:
        task = asyncio.create_task(self._carry_out(deletion_id, call))
        self._running[task] = deletion_id
        task.add_done_callback(self._running.pop)

    def _next(self) -> str | None:
        """The deletion whose turn it is, taken off the queue."""
        while (deletion_id := self._turns.next()) is not None:
            if self._is_due(deletion_id):
                return deletion_id
            self._tries.pop(deletion_id, None)
        return None

    def _is_due(self, deletion_id: str) -> bool:
        """Whether it still waits to be asked for: for the first time, or once more because an answer was lost."""
        state = self._ledger[deletion_id].state
        return deletion_id not in self._asking and (
            state is State.QUEUED or (state is State.SENT and deletion_id in self._tries)
        )

    async def _carry_out(self, deletion_id: str, call: Call) -> None:
        """Ask once, for which the call is acquired already; queue it again where that is the outcome."""
        is_due = self._is_due(deletion_id)  # it may have been cancelled since its turn came
        tries = self._tries.pop(deletion_id, None) or Tries()
        try:
            if not is_due:
                self.pace.put_back()
            again = is_due and await self._ask(deletion_id, tries, call)
        finally:
            self._slots.release()
        if not again or self._closing:
            return
        self._tries[deletion_id] = tries
        await self._sleep(tries.backoff(self._random))
        if self._is_due(deletion_id):
            self._turns.add_first(self._ledger[deletion_id])
        else:
            self._tries.pop(deletion_id, None)

    async def _ask(self, deletion_id: str, tries: Tries, call: Call) -> bool:
        """Make one request; returns whether to make another."""
        self._asking.add(deletion_id)
        try:
            # The intent is durable before the request leaves; without a record nothing is asked.
            attempt = self._ledger[deletion_id].attempt + 1
            unrecorded = await self._ledger.move([deletion_id], State.SENT, attempt=attempt)
            deletion = self._ledger[deletion_id]
            if unrecorded is not None or deletion.state is not State.SENT:
                self.pace.put_back()
                self._leave(deletion, tries, unrecorded)
                return False
            target = deletion.target
            asked_at = self._now()
            (answer,) = await asyncio.gather(
                self.provider.delete(target.room_id, target.message_id, deletion.reason.text or None),
                return_exceptions=True,
            )
            self._slots.fit(self._now() - asked_at, self.pace.steady)
            return self._take(answer, deletion_id, tries, call)
        finally:
            self._asking.discard(deletion_id)

    def _leave(self, deletion: Deletion, tries: Tries, unrecorded: JournalError | None) -> None:
        """End a deletion whose request was not made after all: the journal did not take it, or an event came first."""
        if deletion.state is State.SENT and unrecorded is not None:
            state = State.UNKNOWN if tries.lost else State.FAILED
            self._ledger.move_unwritten(deletion.id, state, refusal=unwritable(unrecorded))
        elif deletion.state is State.CONFIRMED and not tries.lost:
            # Nothing of ours ever reached the service, so it was somebody else's.
            self._ledger.move([deletion.id], State.GONE)

    def _take(self, answer: Accepted | BaseException, deletion_id: str, tries: Tries, call: Call) -> bool:
        """Act on an answer; returns whether to ask again."""
        match answer:
            case Accepted():
                self.pace.accepted(answer.quota)
                seen_gone = self._ledger[deletion_id].state is State.CONFIRMED
                state = State.CONFIRMED if seen_gone else State.ACCEPTED
                self._ledger.move([deletion_id], state, operation_id=answer.operation_id)
                return False
            case RefusedError():
                return self._take_refusal(answer.refusal, deletion_id, tries, call)
            case _:
                # A provider raises nothing else, so this is its mistake, and the request may have left.
                _log.error("deleting one message raised %s instead of a refusal", type(answer).__name__)
                if self._ledger[deletion_id].state is State.SENT:
                    self._ledger.move([deletion_id], State.UNKNOWN, refusal=_mistake(answer))
                return False

    def _take_refusal(self, refusal: Refusal, deletion_id: str, tries: Tries, call: Call) -> bool:
        tries.count(refusal)
        if refusal.kind is RefusalKind.THROTTLED:
            self.pace.throttled(call, refusal.retry_after)
        deletion = self._ledger[deletion_id]
        if deletion.state is State.CONFIRMED:
            if not tries.lost:  # ours was refused, so it was somebody else's that the live stream showed
                self._ledger.move([deletion_id], State.GONE, refusal=refusal)
            return False
        state = state_after(refusal, deletion, tries)
        if state is not State.SENT:
            self._ledger.move([deletion_id], state, refusal=refusal)
        return state in (State.SENT, State.QUEUED)


def _mistake(error: BaseException) -> Refusal:
    return Refusal(
        kind=RefusalKind.LOST,
        code=type(error).__name__,
        cause="Quell made a mistake while asking the service, so it is not known whether the message was deleted.",
        remedy="See whether the message is still there, and report this as a bug of Quell.",
    )
