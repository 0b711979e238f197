"""Batches that a console left unfinished when it died: going on with one, finding out what became of it, ending it."""

from collections.abc import Callable, Collection, Mapping

from quell.moderation.deletion import OPEN, WAITING, Batch, Deletion, State, advance
from quell.moderation.journal import Journal
from quell.moderation.journal.resume import Unfinished
from quell.moderation.lane import Lane
from quell.moderation.ledger import Ledger
from quell.moderation.whereabouts import check_hosts, is_elsewhere
from quell_providers.refusal import Refusal, RefusalKind, RefusedError

INTERRUPTED = Refusal(
    kind=RefusalKind.LOST,
    code="interrupted",
    cause="Quell ended before the service answered.",
    remedy="See whether the message is still there, and delete it again if it is.",
)
"""Why a deletion is `unknown` that was asked for and not answered when its console ended."""
STILL_THERE = Refusal(
    kind=RefusalKind.UNAVAILABLE,
    code="interrupted",
    cause="Quell ended before the service answered, and the message is still there.",
    remedy="Delete it again.",
)
"""Why a deletion is `failed` of which the service tells that it never happened."""

_RECONCILED_SECONDS = 7 * 86_400.0
_MOST_RECONCILED = 10
"""A call each, of which Rocket.Chat allows ten a minute where nobody changed that."""

TakeUp = Callable[[Batch, list[Deletion], Collection[str]], None]
"""Takes in a claimed batch, with the ids of what was dropped of it, and has its open deletions carried out."""


class Leftovers:
    """What is unfinished of consoles that died. Nothing happens to it until one of these methods is called.

    Each of them claims the batch first, so that of two consoles only one acts on it, and raises `JournalError` when the
    other one came first.

    Args:
        journal: Where they are found.
        ledger: Takes in what is claimed, so that it is found and observed from then on.
        lanes: The lane of each account.
        claimed: Called once a batch is this console's own, before anything is done with it; its claim has to be renewed
            from then on.
        take_up: How to go on with a batch.
        now: Unix seconds.
    """

    def __init__(
        self,
        journal: Journal,
        ledger: Ledger,
        lanes: Mapping[str, Lane],
        *,
        claimed: Callable[[], None],
        take_up: TakeUp,
        now: Callable[[], float],
    ) -> None:
        self._journal = journal
        self._ledger = ledger
        self._lanes = lanes
        self._claimed = claimed
        self._take_up = take_up
        self._now = now

    async def found(self) -> list[Unfinished]:
        """The batches that no living console works on, oldest first."""
        return await self._journal.unfinished()

    async def resume(self, batch_id: str) -> list[Deletion]:
        """Go on with a batch as it was confirmed; it runs in the background.

        What was in flight is asked for once more: a message that is gone by then is `gone`. What can not go on, because
        this console does not have the account or deletes the message already, ends as `close` would end it. Returns
        the batch's deletions.

        Raises:
            MovedError: An account leads to another host than when the batch was confirmed. The batch stays unfinished.
        """
        for found in await self.found():
            if found.id == batch_id:
                check_hosts(found.deletions, self.host_of)
        batch = await self._claim(batch_id)
        deletions = [each if self._can_go_on(each) else self._ended(each) for each in batch.deletions]
        await self._write(batch, deletions)
        confirmed = Batch(
            id=batch.id,
            moderator=batch.moderator,
            reason=batch.reason,
            targets=tuple(deletion.target for deletion in deletions),
            confirmed_at=batch.confirmed_at,
            urgent=batch.urgent,
        )
        self._take_up(confirmed, deletions, batch.dropped)
        return deletions

    async def settle(self, batch_id: str) -> list[Deletion]:
        """Find out what happened, and delete nothing more; returns the batch's deletions.

        What was not asked yet is `cancelled`. Of what was in flight the service is asked whether the message is still
        there: then the deletion `failed`; if not, it is `gone`. Where that can not be told,
        or the account leads to another host by now, it stays `unknown`.
        """
        batch = await self._claim(batch_id)
        settled = [await self._looked_up(deletion) for deletion in batch.deletions]
        await self._end(batch, settled)
        return settled

    async def close(self, batch_id: str) -> list[Deletion]:
        """End a batch without asking anybody: what was not asked yet is `cancelled`, what was in flight is `unknown`.

        Returns the batch's deletions.
        """
        batch = await self._claim(batch_id)
        closed = [self._ended(deletion) for deletion in batch.deletions]
        await self._end(batch, closed)
        return closed

    async def reconcile(self, account: str) -> int:
        """Find out what became of deletions of an account that earlier consoles left `unknown`; returns of how many.

        A message that is not there any more is `gone`. Of the others nothing new is known: one that is still there may
        have been asked for in vain, or not at all. Where the service can not tell, or another
        one was asked then, nothing changes.
        """
        since = self._now() - _RECONCILED_SECONDS
        left = await self._journal.unknown(account, since=since, limit=_MOST_RECONCILED)
        gone = [advance(each, State.GONE, at=self._now()) for each in left if await self._exists(each) is False]
        return await self._journal.reconcile(gone) if gone else 0

    def host_of(self, account: str) -> str:
        """The host of whom deletions of an account are asked now; empty where that is not known."""
        lane = self._lanes.get(account)
        return lane.provider.endpoint_host if lane is not None else ""

    def _can_go_on(self, deletion: Deletion) -> bool:
        known = self._ledger.find(deletion.key)
        return deletion.target.account in self._lanes and (known is None or known.state not in OPEN)

    async def _claim(self, batch_id: str) -> Unfinished:
        batch = await self._journal.claim(batch_id)
        self._claimed()
        return batch

    async def _end(self, batch: Unfinished, deletions: list[Deletion]) -> None:
        await self._write(batch, deletions)
        self._ledger.enter(deletions)

    async def _write(self, batch: Unfinished, deletions: list[Deletion]) -> None:
        """Write down each deletion that was taken a step on."""
        await self._journal.record(new for old, new in zip(batch.deletions, deletions, strict=True) if new is not old)

    async def _looked_up(self, deletion: Deletion) -> Deletion:
        if deletion.state is not State.SENT:
            return self._ended(deletion)
        exists = await self._exists(deletion)
        if exists is None:
            return self._ended(deletion)
        if exists:
            return advance(deletion, State.FAILED, at=self._now(), refusal=STILL_THERE)
        return advance(deletion, State.GONE, at=self._now())

    async def _exists(self, deletion: Deletion) -> bool | None:
        lane = self._lanes.get(deletion.target.account)
        if lane is None or is_elsewhere(deletion.target, lane.provider.endpoint_host):
            return None
        try:
            return await lane.provider.exists(deletion.target.room_id, deletion.target.message_id)
        except RefusedError:
            return None

    def _ended(self, deletion: Deletion) -> Deletion:
        """The deletion, ended without asking anybody."""
        if deletion.state in WAITING:
            return advance(deletion, State.CANCELLED, at=self._now())
        if deletion.state in OPEN:
            return advance(deletion, State.UNKNOWN, at=self._now(), refusal=INTERRUPTED)
        return deletion
