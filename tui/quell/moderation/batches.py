"""The batches of this run: how far each has come, and what the moderator can still do about it."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from quell.moderation.deletion import OPEN, RETRYABLE, WAITING, Batch, Deletion, State
from quell.moderation.lane import Lane
from quell.moderation.ledger import Ledger
from quell.moderation.progress import BatchProgress, Speed

Retry = Callable[[list[str]], Awaitable[int]]
"""Queues deletions again, by id; returns how many they were."""
Hurry = Callable[[str], Awaitable[None]]
"""Writes down that the batch of this id is urgent."""
Drop = Callable[[Collection[str]], Awaitable[None]]
"""Writes down that these refused deletions are dropped."""


_TROUBLED = (State.FAILED, State.UNKNOWN, State.REFUSED)


@dataclass(slots=True)
class _Entry:
    batch: Batch
    speed: Speed
    open: set[str]
    """Ids of deletions that have not come to an end yet."""
    dropped: set[str] = field(default_factory=set)


class Batches:
    """Every batch that this console began or took up, in that order.

    A method that is given the id of no such batch raises `KeyError`.

    Args:
        ledger: Where each deletion stands.
        lanes: The lane of each account.
        retry: How to queue deletions again.
        hurry: Writes down that a batch is urgent; may raise `JournalError`.
        drop: Writes down that deletions are dropped; may raise `JournalError`.
        now: Unix seconds.
        monotonic: Seconds of a clock that never jumps.
    """

    def __init__(
        self,
        ledger: Ledger,
        lanes: Mapping[str, Lane],
        retry: Retry,
        hurry: Hurry,
        drop: Drop,
        *,
        now: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        self.urgent: set[str] = set()
        self.paused: set[str] = set()
        self._ledger = ledger
        self._lanes = lanes
        self._retry = retry
        self._hurry = hurry
        self._drop = drop
        self._now = now
        self._monotonic = monotonic
        self._entries: dict[str, _Entry] = {}
        ledger.subscribe(self._note)

    def enter(self, batch: Batch, deletions: Iterable[Deletion], dropped: Iterable[str] = ()) -> None:
        """Take in a batch whose deletions are about to begin, or to go on; some may have been dropped before."""
        unsettled = {deletion.id for deletion in deletions if deletion.state in OPEN}
        self._entries[batch.id] = _Entry(batch, Speed(self._monotonic()), unsettled, set(dropped))
        if batch.urgent:
            self.urgent.add(batch.id)

    def progress(self) -> list[BatchProgress]:
        """How far each has come, oldest first."""
        return [self._progress(entry) for entry in self._entries.values()]

    def deletions_of(self, batch_id: str) -> list[Deletion]:
        """Every deletion of a batch, in its order."""
        return self._ledger.of_batch(self._entries[batch_id].batch.id)

    def pause(self, batch_id: str) -> None:
        """Ask for no more of a batch until it is resumed. What is on its way still comes to its end."""
        self.paused.add(self._entries[batch_id].batch.id)
        self._look_again()

    def resume(self, batch_id: str) -> None:
        """Go on with a paused batch, in its old place."""
        self.paused.discard(self._entries[batch_id].batch.id)
        self._look_again()

    async def hurry(self, batch_id: str) -> None:
        """Let a batch overtake all that are not urgent.

        Raises:
            JournalError: It could not be written down. The batch is urgent all the same, until this console ends.
        """
        self.urgent.add(self._entries[batch_id].batch.id)
        await self._hurry(batch_id)

    async def cancel_rest(self, batch_id: str) -> int:
        """Stop what still waits of a batch; returns how many that were."""
        waiting = self._in(batch_id, WAITING)
        await self._ledger.move(waiting, State.CANCELLED)
        return len(waiting)

    async def drop_refused(self, batch_id: str) -> int:
        """Accept that what was refused of a batch stays refused, so that it is not retried; returns how many.

        Raises:
            JournalError: It could not be written down. They are dropped all the same, until this console ends.
        """
        dropped = self._entries[batch_id].dropped
        new = [each for each in self._in(batch_id, {State.REFUSED}) if each not in dropped]
        dropped.update(new)
        if new:
            await self._drop(new)
        return len(new)

    def troubled(self, batch_id: str) -> Deletion | None:
        """The first that went wrong of a batch and was not dropped: failed, else unknown, else refused."""
        dropped = self._entries[batch_id].dropped
        found = [
            each for each in self.deletions_of(batch_id) if each.id not in dropped or each.state is not State.REFUSED
        ]
        return next((each for state in _TROUBLED for each in found if each.state is state), None)

    async def retry_failed(self, batch_id: str) -> int:
        """Queue again what was refused or failed of a batch and was not dropped; returns how many that were.

        A message that was confirmed anew in a later batch is left to that one.
        """
        dropped = self._entries[batch_id].dropped
        return await self._retry([each for each in self._in(batch_id, RETRYABLE) if each not in dropped])

    def _in(self, batch_id: str, states: Iterable[State]) -> list[str]:
        return [deletion.id for deletion in self.deletions_of(batch_id) if deletion.state in states]

    def _look_again(self) -> None:
        for lane in self._lanes.values():
            lane.look_again()

    def _note(self, deletion: Deletion) -> None:
        entry = self._entries.get(deletion.batch_id)
        if entry is None:
            return
        if deletion.state in OPEN:
            entry.open.add(deletion.id)
        elif deletion.id in entry.open:
            entry.open.discard(deletion.id)
            entry.speed.note(self._monotonic())

    def _progress(self, entry: _Entry) -> BatchProgress:
        batch = entry.batch
        deletions = self._ledger.of_batch(batch.id)
        accounts = {deletion.target.account for deletion in deletions}
        makes_way = batch.id not in self.urgent and any(self._lanes[account].makes_way for account in accounts)
        rooms = ((each.target.account, each.target.room_id, each.target.room_name) for each in deletions)
        return BatchProgress(
            id=batch.id,
            reason=batch.reason,
            moderator=batch.moderator,
            confirmed_at=batch.confirmed_at,
            rooms=tuple(dict.fromkeys(rooms)),
            states=Counter(deletion.state for deletion in deletions),
            total=len(deletions),
            dropped=sum(self._ledger[each].state is State.REFUSED for each in entry.dropped),
            speed=entry.speed.per_second(self._monotonic()),
            allowed=self._allowed(accounts),
            eta=None if makes_way or batch.id in self.paused else self._eta(batch.id, deletions),
            paused=batch.id in self.paused,
            urgent=batch.id in self.urgent,
            makes_way=makes_way,
        )

    def _allowed(self, accounts: Iterable[str]) -> float | None:
        rates = [self._lanes[account].pace.rate for account in accounts]
        if any(rate is None for rate in rates):
            return None
        return sum(calls / seconds for calls, seconds in filter(None, rates))

    def _eta(self, batch_id: str, deletions: Iterable[Deletion]) -> float:
        held = max((each.held_until for each in deletions if each.held_until is not None), default=0.0)
        waiting = self._waiting()
        calls = [
            (account, self._calls_before_done(batch_id, batches))
            for account, batches in waiting.items()
            if batch_id in batches
        ]
        return max([held - self._now(), 0.0, *(self._lanes[account].pace.eta(count) for account, count in calls)])

    def _calls_before_done(self, batch_id: str, waiting: Mapping[str, int]) -> int:
        """Calls of one account until the last of this batch is asked for: batches take turns, urgent ones first."""
        mine, is_urgent = waiting[batch_id], batch_id in self.urgent
        calls = 0
        for other, count in waiting.items():
            if (other in self.urgent) == is_urgent:
                calls += min(count, mine)
            elif not is_urgent:
                calls += count
        return calls

    def _waiting(self) -> dict[str, Counter[str]]:
        """How many deletions wait, by account and batch, those of paused batches left out."""
        waiting: dict[str, Counter[str]] = {}
        for deletion in self._ledger.open_ones():
            if deletion.state in WAITING and deletion.batch_id not in self.paused:
                waiting.setdefault(deletion.target.account, Counter())[deletion.batch_id] += 1
        return waiting
