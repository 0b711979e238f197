"""The deletion engine: takes confirmed batches and sees every deletion of them through."""

import asyncio
import random as randomness
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from types import MappingProxyType

from quell.moderation.batches import Batches
from quell.moderation.courtesy import Courtesy
from quell.moderation.deletion import OPEN, RETRYABLE, WAITING, Batch, Deletion, MessageKey, State, Target
from quell.moderation.journal import Journal, JournalError
from quell.moderation.lane import Lane
from quell.moderation.learned import Learned
from quell.moderation.ledger import Ledger, Listener
from quell.moderation.leftovers import INTERRUPTED, Leftovers
from quell.moderation.pace import Pace
from quell.moderation.presence import Presence
from quell_providers.model import Deleted, Edited, Event, Posted
from quell_providers.provider import Provider

_PATIENCE = 3.0
"""Seconds for which closing waits for answers that are still on the way."""
_NOTHING: Mapping[str, Learned] = MappingProxyType({})


class Engine:
    """Sees every deletion through: grace, queue, request, retries, outcome. Needs a running event loop.

    Each step is in the journal; the one to `sent` is durable there before the request leaves. When the journal can
    not be written, everything that waits becomes `failed` and nothing is asked of any service; `retry` tries again.

    Urgent batches go first, also those of other consoles on the same journal; see `courtesy`.

    `batches` is what this console works on, with how far each has come, to pause, cancel or retry as a whole.
    `leftovers` is what consoles that died left unfinished.

    Args:
        journal: Stays open for as long as the engine lives; its owner closes it.
        grace_seconds: For how long a confirmed deletion can be stopped before anything happens.
        concurrency: Requests that may be on the way at the same time at most, for each account.
        learned: What an earlier run learned of each account's rate, as `learned` told.
        now: Unix seconds, for the record.
        monotonic: Seconds of a clock that never jumps, for the pace.
        sleep: Waits for so many seconds.
        random: A number from 0 up to 1, to spread retries.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        grace_seconds: float = 5.0,
        concurrency: int = 16,
        learned: Mapping[str, Learned] = _NOTHING,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = randomness.random,
    ) -> None:
        self._grace_seconds = grace_seconds
        self._concurrency = concurrency
        self._recalled = learned
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._random = random
        self._ledger = Ledger(journal, now)
        self._lanes: dict[str, Lane] = {}
        self.batches = Batches(
            self._ledger, self._lanes, self._retry, journal.hurry, journal.drop, now=now, monotonic=monotonic
        )
        urgent, paused = self.batches.urgent, self.batches.paused
        courtesy = Courtesy(journal, self._ledger, self._lanes, urgent=urgent, paused=paused, sleep=sleep)
        self._presence = Presence(journal, courtesy, sleep)
        self.leftovers = Leftovers(
            journal, self._ledger, self._lanes, claimed=self._presence.begin, take_up=self._take_up, now=now
        )
        self._graces: set[asyncio.Task[None]] = set()
        self._submitting = asyncio.Lock()
        self._closed = False

    @property
    def trouble(self) -> JournalError | None:
        """Why the journal can not be written, and therefore nothing is deleted; `None` when all is well."""
        return self._ledger.trouble

    def attach(self, account: str, provider: Provider, *, ceiling_per_minute: float | None = None) -> None:
        """Have the deletions of this account carried out by this provider. Its owner closes it, after the engine.

        Args:
            account: Its name.
            provider: Whom to ask.
            ceiling_per_minute: Deletions that may be asked for in a minute, whatever the service allows.
        """
        if account in self._lanes:
            raise ValueError(f"account {account!r} has a provider already")
        capabilities = provider.capabilities
        pace = Pace(
            capabilities.deletion_quota,
            unlimited_without_quota=capabilities.unlimited_without_quota,
            ceiling_per_minute=ceiling_per_minute,
            learned=self._recalled.get(account),
            now=self._monotonic,
            sleep=self._sleep,
        )
        self._lanes[account] = Lane(
            provider,
            self._ledger,
            pace,
            concurrency=self._concurrency,
            urgent=self.batches.urgent,
            paused=self.batches.paused,
            now=self._monotonic,
            sleep=self._sleep,
            random=self._random,
        )

    async def submit(self, batch: Batch) -> tuple[Deletion, ...]:
        """Begin a confirmed batch; it runs on in the background. The batch is journalled when this returns.

        Returns:
            One deletion for each message, in the batch's order. A message whose deletion is under way already is not
            asked for twice: its running deletion, of an earlier batch, is returned.

        Raises:
            JournalError: The batch could not be written down, and nothing of it will happen.
            ValueError: A target's account has no provider.
        """
        for target in batch.targets:
            if target.account not in self._lanes:
                raise ValueError(f"account {target.account!r} has no provider")
        # Whoever waits may be cancelled, but never between writing the batch down and taking it in.
        return await asyncio.shield(self._begin(batch))

    async def cancel(self, keys: Iterable[MessageKey]) -> int:
        """Stop what still waits among these; returns how many that were."""
        found = self._found(keys, WAITING)
        await self._ledger.move(found, State.CANCELLED)
        return len(found)

    async def retry(self, keys: Iterable[MessageKey]) -> int:
        """Queue again what was refused or failed among these; returns how many that were."""
        return await self._retry(self._found(keys, RETRYABLE))

    def observe(self, account: str, event: Event) -> None:
        """Learn from the live stream that a message is gone, whoever deleted it."""
        key = _gone(account, event)
        deletion = None if key is None else self._ledger.find(key)
        if deletion is None:
            return
        if deletion.state in WAITING:
            self._ledger.move([deletion.id], State.GONE)
        elif deletion.state in (State.SENT, State.ACCEPTED, State.UNKNOWN):
            self._ledger.move([deletion.id], State.CONFIRMED)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have the listener called in the event loop for every step, in order, once the journal has it.

        Steps that the journal does not take are told as well. Returns how to end that.
        """
        return self._ledger.subscribe(listener)

    def find(self, key: MessageKey) -> Deletion | None:
        """The newest deletion of this message."""
        return self._ledger.find(key)

    def keys_in(self, states: Collection[State]) -> list[MessageKey]:
        """The messages whose newest deletion stands in one of these states, in the order they were confirmed."""
        return self._ledger.keys_in(states)

    def totals(self) -> Counter[State]:
        """How many deletions stand where."""
        return self._ledger.totals()

    def eta(self, account: str, count: int) -> float:
        """Seconds until so many more deletions of this account could all be on their way, behind those that wait."""
        waiting = sum(
            deletion.target.account == account and deletion.state in WAITING for deletion in self._ledger.open_ones()
        )
        return self._lanes[account].pace.eta(waiting + count)

    def rate(self, account: str) -> tuple[int, float] | None:
        """Deletions allowed in so many seconds, as far as known now; `None` where there is no limit."""
        return self._lanes[account].pace.rate

    def learned(self) -> dict[str, Learned]:
        """What this run learned of each account's rate, where it asked for anything."""
        found = ((account, lane.pace.learned) for account, lane in self._lanes.items())
        return {account: learned for account, learned in found if learned is not None}

    async def settled(self) -> None:
        """Wait until no deletion is held, queued or sent, and the journal has it all, if it can be written."""
        await self._ledger.settled()

    async def aclose(self) -> None:
        """Stop: what waits becomes `cancelled`; what is on the way is awaited shortly, and then is `unknown`."""
        async with self._submitting:
            self._closed = True
        self._cancel_waiting()
        patience = asyncio.ensure_future(self._sleep(_PATIENCE))
        await asyncio.gather(*(lane.aclose(patience) for lane in self._lanes.values()))
        self._cancel_waiting()  # what was on the way may have been told to come again
        sent = [deletion.id for deletion in self._ledger.open_ones()]
        self._ledger.move(sent, State.UNKNOWN, refusal=INTERRUPTED)
        await self._ledger.settled()
        tasks = (patience, *self._graces)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._presence.end(complete=self.trouble is None)

    def _cancel_waiting(self) -> None:
        waiting = [deletion.id for deletion in self._ledger.open_ones() if deletion.state in WAITING]
        self._ledger.move(waiting, State.CANCELLED)

    async def _retry(self, deletion_ids: list[str]) -> int:
        self._require_open()
        # What was confirmed anew in a later batch is that one's: nothing is asked for twice at a time.
        newest = [each for each in deletion_ids if self._ledger.is_newest(each)]
        known = [each for each in newest if self._ledger[each].target.account in self._lanes]
        written = self._ledger.move(known, State.QUEUED)
        self._queue(known)
        await written
        return len(known)

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("the engine is closed")

    async def _begin(self, batch: Batch) -> tuple[Deletion, ...]:
        targets = {target.key: target for target in batch.targets}
        async with self._submitting:
            self._require_open()
            first = [self._first(batch, number, target) for number, target in enumerate(targets.values(), start=1)]
            new = [deletion for deletion in first if not self._is_open(deletion.key)]
            if new:
                await self._ledger.begin(batch, new)
                self.batches.enter(batch, new)
                self._start(new)
            return tuple(deletion for key in targets if (deletion := self.find(key)) is not None)

    def _found(self, keys: Iterable[MessageKey], states: frozenset[State]) -> list[str]:
        """Ids of the newest deletions of these messages, as far as they stand in one of these states."""
        deletions = (self.find(key) for key in dict.fromkeys(keys))
        return [deletion.id for deletion in deletions if deletion is not None and deletion.state in states]

    def _first(self, batch: Batch, number: int, target: Target) -> Deletion:
        now = self._now()
        held = self._grace_seconds > 0
        return Deletion(
            id=f"{batch.id}.{number}",
            batch_id=batch.id,
            target=target,
            reason=batch.reason,
            state=State.HELD if held else State.QUEUED,
            at=now,
            held_until=now + self._grace_seconds if held else None,
        )

    def _is_open(self, key: MessageKey) -> bool:
        deletion = self.find(key)
        return deletion is not None and deletion.state in OPEN

    def _start(self, deletions: list[Deletion]) -> None:
        self._presence.begin()
        ids = [deletion.id for deletion in deletions]
        if self._grace_seconds > 0:
            grace = asyncio.create_task(self._release_later(ids))
            self._graces.add(grace)
            grace.add_done_callback(self._graces.discard)
        else:
            self._queue(ids)

    def _take_up(self, batch: Batch, deletions: list[Deletion], dropped: Collection[str]) -> None:
        """Go on with what a dead console began; the grace period is over."""
        self._ledger.enter(deletions)
        self.batches.enter(batch, deletions, dropped)
        self._ledger.move([each.id for each in deletions if each.state is State.HELD], State.QUEUED)
        for deletion in deletions:
            if deletion.state in WAITING:
                self._queue([deletion.id])
            elif deletion.state is State.SENT:
                self._lanes[deletion.target.account].repeat(deletion)

    async def _release_later(self, deletion_ids: list[str]) -> None:
        """End the grace period of what is still held then."""
        await self._sleep(self._grace_seconds)
        held = [deletion_id for deletion_id in deletion_ids if self._ledger[deletion_id].state is State.HELD]
        self._ledger.move(held, State.QUEUED)
        self._queue(held)

    def _queue(self, deletion_ids: Iterable[str]) -> None:
        for deletion_id in deletion_ids:
            deletion = self._ledger[deletion_id]
            self._lanes[deletion.target.account].add(deletion)


def _gone(account: str, event: Event) -> MessageKey | None:
    """The message that an event shows to be gone; services also show it as an edit that leaves a placeholder."""
    match event:
        case Deleted():
            return MessageKey(account, event.room_id, event.message_id)
        case Posted(message) | Edited(message) if message.deleted:
            return MessageKey(account, message.room_id, message.id)
        case _:
            return None
