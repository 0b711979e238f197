"""One account's deletions on their way to its service: in turn, at its pace, a few at a time."""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable

from quell.moderation.deletion import Deletion, State
from quell.moderation.journal import JournalError
from quell.moderation.ledger import Ledger, unwritable
from quell.moderation.pace import Pace
from quell.moderation.verdict import Tries, state_after
from quell_providers.provider import Accepted, Provider
from quell_providers.refusal import Refusal, RefusalKind, RefusedError

_log = logging.getLogger(__name__)


class Lane:
    """Carries out the queued deletions of one account. Needs a running event loop.

    Args:
        provider: Whom to ask.
        ledger: Where each deletion stands; one that is not `queued` any more when its turn comes is left alone.
        pace: How fast to ask.
        concurrency: How many requests may be on the way at the same time.
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
        sleep: Callable[[float], Awaitable[object]],
        random: Callable[[], float],
    ) -> None:
        self.pace = pace
        self._provider = provider
        self._ledger = ledger
        self._sleep = sleep
        self._random = random
        self._turns: OrderedDict[str, deque[str]] = OrderedDict()
        """Ids of queued deletions by batch; the batch whose turn is next comes first."""
        self._filled = asyncio.Event()
        self._slots = asyncio.Semaphore(concurrency)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._asking: set[str] = set()
        """Deletions whose request is being made just now, and must not be interrupted."""
        self._closing = False
        self._dispatcher = asyncio.create_task(self._dispatch())

    def add(self, deletions: Iterable[Deletion]) -> None:
        """Queue these; batches take turns."""
        for deletion in deletions:
            self._turns.setdefault(deletion.batch_id, deque()).append(deletion.id)
            self._filled.set()

    async def aclose(self, patience: asyncio.Future[None]) -> None:
        """Start nothing more, and wait for the requests under way until `patience` is done."""
        self._closing = True
        self._dispatcher.cancel()
        tasks = [self._dispatcher, *self._running.values()]
        for deletion_id, task in self._running.items():
            if deletion_id not in self._asking:
                task.cancel()
        while self._running and not patience.done():
            await asyncio.wait({patience, *self._running.values()}, return_when=asyncio.FIRST_COMPLETED)
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _dispatch(self) -> None:
        while True:
            await self._filled.wait()
            await self._slots.acquire()
            await self.pace.acquire()
            deletion_id = self._next()
            if deletion_id is None:  # all of them were cancelled meanwhile
                self.pace.put_back()
                self._slots.release()
            else:
                self._start(deletion_id)

    def _start(self, deletion_id: str) -> None:
        def ended(task: asyncio.Task[None]) -> None:
            del self._running[deletion_id]
            self._slots.release()

        task = asyncio.create_task(self._carry_out(deletion_id))
        self._running[deletion_id] = task
        task.add_done_callback(ended)

    def _next(self) -> str | None:
        """The deletion whose turn it is, taken off the queue."""
        found = None
        while self._turns and found is None:
            batch_id, waiting = next(iter(self._turns.items()))
            deletion_id = waiting.popleft()
            if waiting:
                self._turns.move_to_end(batch_id)
            else:
                del self._turns[batch_id]
            if self._ledger[deletion_id].state is State.QUEUED and deletion_id not in self._running:
                found = deletion_id
        if not self._turns:
            self._filled.clear()
        return found

    async def _carry_out(self, deletion_id: str) -> None:
        """See one deletion through, from its turn to its outcome. Its first call is acquired already."""
        tries = Tries()
        while await self._ask(deletion_id, tries) and not self._closing:
            await self._sleep(tries.backoff(self._random))
            await self.pace.acquire()
            if self._ledger[deletion_id].state not in (State.QUEUED, State.SENT):
                self.pace.put_back()
                break

    async def _ask(self, deletion_id: str, tries: Tries) -> bool:
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
            (answer,) = await asyncio.gather(
                self._provider.delete(target.room_id, target.message_id, deletion.reason.text or None),
                return_exceptions=True,
            )
            return self._take(answer, deletion_id, tries)
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

    def _take(self, answer: Accepted | BaseException, deletion_id: str, tries: Tries) -> bool:
        """Act on an answer; returns whether to ask again."""
        match answer:
            case Accepted():
                self.pace.accepted(answer.quota)
                seen_gone = self._ledger[deletion_id].state is State.CONFIRMED
                state = State.CONFIRMED if seen_gone else State.ACCEPTED
                self._ledger.move([deletion_id], state, operation_id=answer.operation_id)
                return False
            case RefusedError():
                return self._take_refusal(answer.refusal, deletion_id, tries)
            case _:
                # A provider raises nothing else, so this is its mistake, and the request may have left.
                _log.error("deleting one message raised %s instead of a refusal", type(answer).__name__)
                if self._ledger[deletion_id].state is State.SENT:
                    self._ledger.move([deletion_id], State.UNKNOWN, refusal=_mistake(answer))
                return False

    def _take_refusal(self, refusal: Refusal, deletion_id: str, tries: Tries) -> bool:
        tries.count(refusal)
        if refusal.kind is RefusalKind.THROTTLED:
            self.pace.throttled(refusal.retry_after)
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
