"""Every deletion of this run as it stands now, and the only place where it takes a step."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable
from typing import Unpack

from quell.moderation.deletion import OPEN, WAITING, Batch, Changes, Deletion, MessageKey, State, advance
from quell.moderation.journal import Journal, JournalError
from quell_providers.refusal import Refusal, RefusalKind

Listener = Callable[[Deletion], None]

Durable = asyncio.Future[JournalError | None]
"""Done when steps are written down, with `None`, or can not be, with the cause; it never raises."""

_log = logging.getLogger(__name__)


class Ledger:
    """Deletions by id and by message. Each step is journalled, and then told to the listeners.

    A step counts in here at once, and is told once it is written down, or known to be unwritable: what a listener
    prints or shows must still be true after a crash.

    When the journal can not be written, whatever still waits becomes `failed`: without a record nothing is deleted.
    """

    def __init__(self, journal: Journal, now: Callable[[], float]) -> None:
        self._journal = journal
        self._now = now
        self._deletions: dict[str, Deletion] = {}
        self._newest: dict[MessageKey, str] = {}
        self._batches: dict[str, list[str]] = {}
        self._open: dict[str, None] = {}
        self._totals: Counter[State] = Counter()
        self._listeners: dict[object, Listener] = {}
        self._unwritten: dict[str, None] = {}
        """Deletions whose last step the journal did not take; it gets their state with the next one."""
        self._untold: deque[tuple[Deletion, asyncio.Future[None] | None]] = deque()
        """Steps that no listener knows of yet, in order, with what the journal was asked for to write them down."""
        self._all_settled = asyncio.Event()
        self._all_settled.set()
        self.trouble: JournalError | None = None
        """Why the journal could not be written the last time; `None` once it could again."""

    def __getitem__(self, deletion_id: str) -> Deletion:
        return self._deletions[deletion_id]

    def find(self, key: MessageKey) -> Deletion | None:
        """The newest deletion of this message."""
        deletion_id = self._newest.get(key)
        return None if deletion_id is None else self._deletions[deletion_id]

    def is_newest(self, deletion_id: str) -> bool:
        """Whether no later batch has a deletion of the same message."""
        return self._newest[self._deletions[deletion_id].key] == deletion_id

    def keys_in(self, states: Collection[State]) -> list[MessageKey]:
        """The messages whose newest deletion stands in one of these states, in the order they were confirmed."""
        return [key for key, deletion_id in self._newest.items() if self._deletions[deletion_id].state in states]

    def of_batch(self, batch_id: str) -> list[Deletion]:
        """Every deletion of a batch, in the batch's order; empty for a batch that was never taken in."""
        return [self._deletions[deletion_id] for deletion_id in self._batches.get(batch_id, ())]

    def totals(self) -> Counter[State]:
        """How many deletions stand where."""
        return Counter({state: count for state, count in self._totals.items() if count})

    def open_ones(self) -> list[Deletion]:
        """Every deletion with which something is still going to happen."""
        return [self._deletions[deletion_id] for deletion_id in self._open]

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have every step told to the listener, in order; the returned function ends that."""
        token = object()
        self._listeners[token] = listener

        def unsubscribe() -> None:
            self._listeners.pop(token, None)

        return unsubscribe

    async def begin(self, batch: Batch, deletions: list[Deletion]) -> None:
        """Write down a confirmed batch and take in its deletions. Raises `JournalError`, and then takes in nothing."""
        await self._journal.begin(batch, deletions)
        self.trouble = None
        self.enter(deletions)
        if self._unwritten:
            self._write([])

    def enter(self, deletions: Iterable[Deletion]) -> None:
        """Take in deletions that the journal knows already."""
        for deletion in deletions:
            self._newest.pop(deletion.key, None)  # so that the order is that of the newest ones
            self._newest[deletion.key] = deletion.id
            self._batches.setdefault(deletion.batch_id, []).append(deletion.id)
            self._put(deletion)
            self._untold.append((deletion, None))
        self._tell()

    def move(self, deletion_ids: Iterable[str], state: State, **changes: Unpack[Changes]) -> Durable:
        """Take each of these deletions one step on, and write it down. The steps count at once."""
        return self._write([self._step(deletion_id, state, **changes) for deletion_id in deletion_ids])

    def move_unwritten(self, deletion_id: str, state: State, **changes: Unpack[Changes]) -> None:
        """Take a step that the journal gets later, because it takes nothing now."""
        self._untold.append((self._step(deletion_id, state, **changes), None))
        self._unwritten[deletion_id] = None
        self._tell()

    async def settled(self) -> None:
        """Wait until no deletion is open, and everything is written down as far as the journal can be written."""
        await self._all_settled.wait()
        await self._write([])

    def _step(self, deletion_id: str, state: State, **changes: Unpack[Changes]) -> Deletion:
        deletion = advance(self._deletions[deletion_id], state, at=self._now(), **changes)
        self._put(deletion)
        return deletion

    def _put(self, deletion: Deletion) -> None:
        known = self._deletions.get(deletion.id)
        if known is not None:
            self._totals[known.state] -= 1
        self._totals[deletion.state] += 1
        self._deletions[deletion.id] = deletion
        if deletion.state in OPEN:
            self._open[deletion.id] = None
            self._all_settled.clear()
        else:
            self._open.pop(deletion.id, None)
            if not self._open:
                self._all_settled.set()

    def _write(self, deletions: list[Deletion]) -> Durable:
        rows = {deletion_id: self._deletions[deletion_id] for deletion_id in self._unwritten}
        rows.update((deletion.id, deletion) for deletion in deletions)
        self._unwritten.clear()
        durable: Durable = asyncio.get_running_loop().create_future()
        recording = self._journal.record(rows.values())
        self._untold.extend((deletion, recording) for deletion in deletions)
        recording.add_done_callback(lambda done: self._written(done, tuple(rows), durable))
        return durable

    def _written(self, done: asyncio.Future[None], ids: tuple[str, ...], durable: Durable) -> None:
        self._tell()
        error = _cause(done.exception())
        if ids:
            self.trouble = error
        if ids and error is not None:
            self._unwritten.update(dict.fromkeys(ids))
            self._stop(error)
        if not durable.done():
            durable.set_result(error)

    def _tell(self) -> None:
        """Tell the steps that wait for the journal no more."""
        loop = asyncio.get_running_loop()
        while self._untold:
            deletion, recording = self._untold[0]
            if recording is not None and not recording.done():
                return
            self._untold.popleft()
            # Not called from in here: a listener's mistake must not stop a deletion halfway.
            for listener in self._listeners.values():
                loop.call_soon(listener, deletion)

    def _stop(self, error: JournalError) -> None:
        _log.error("the journal can not be written; nothing more is deleted: %s", error.problem)
        refusal = unwritable(error)
        for deletion in self.open_ones():
            if deletion.state in WAITING:
                self.move_unwritten(deletion.id, State.FAILED, refusal=refusal)


def _cause(error: BaseException | None) -> JournalError | None:
    if error is None or isinstance(error, JournalError):
        return error
    problem = f"The journal could not be written because of a mistake in Quell ({type(error).__name__})."
    return JournalError(problem, "Report this as a bug of Quell.")


def unwritable(error: JournalError) -> Refusal:
    """What is shown on a message that was not deleted because it could not be written down."""
    return Refusal(
        kind=RefusalKind.UNAVAILABLE,
        code="journal",
        detail=error.problem,
        cause="The journal could not be written, so nothing was asked of the service.",
        remedy=error.remedy,
    )
