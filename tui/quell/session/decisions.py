"""What the moderator decides about messages and their authors: what to expect of it, and carrying it out."""

from collections.abc import Callable, Mapping, Sequence

from quell.moderation.deletion import Batch, Deletion, Reason, Target
from quell.moderation.disconnecting import disconnect
from quell.moderation.disconnection import Disconnection
from quell.moderation.engine import Engine
from quell.moderation.forecast import ForecastSummary, Summing
from quell.moderation.journal import Journal
from quell.pauses import in_chunks, with_pauses
from quell.session.records import disconnection_of, target_of
from quell.session.state import AccountState, RoomState
from quell_providers.model import Message
from quell_providers.provider import Forecast, Provider


class Decisions:
    """Deletions and disconnections in the rooms of a session.

    Args:
        moderator: Who decides.
        accounts: Whose rooms they are in, by account name.
        providers: By account name.
        engine: What deletes.
        journal: Where disconnections are written down; the engine has it for deletions.
        now: Unix seconds.
    """

    def __init__(
        self,
        moderator: str,
        accounts: Mapping[str, AccountState],
        providers: Mapping[str, Provider],
        engine: Engine,
        journal: Journal,
        now: Callable[[], float],
    ) -> None:
        self._moderator = moderator
        self._accounts = accounts
        self._providers = providers
        self._engine = engine
        self._journal = journal
        self._now = now

    def target(self, room: RoomState, message: Message) -> Target:
        """What a deletion of this message needs to know, and the journal to keep."""
        return target_of(self._accounts[room.account], room, message)

    async def forecast(self, targets: Sequence[Target]) -> ForecastSummary:
        """What the services are expected to answer to these deletions, put together for a confirmation."""
        summing = Summing()
        async for some in with_pauses(in_chunks(targets)):
            summing.add(some, await self.forecasts(some))
        return summing.summary()

    async def forecasts(self, targets: Sequence[Target]) -> tuple[Forecast, ...]:
        """What the services are expected to answer to each deletion. Asks for permissions, deletes nothing."""
        forecasts: dict[Target, Forecast] = {}
        for name, account in self._accounts.items():
            mine = [target for target in targets if target.account == name]
            known = [(target, _message(account, target)) for target in mine]
            found = [(target, message) for target, message in known if message is not None]
            if not found:
                continue
            answers = await self._providers[name].forecast([message for _, message in found])
            forecasts.update(zip((target for target, _ in found), answers, strict=True))
        unknown = Forecast(verdict="unknown", cause="The message is not loaded")
        return tuple(forecasts.get(target, unknown) for target in targets)

    def estimate(self, counts: Mapping[str, int]) -> float:
        """Seconds that so many deletions of each account take at the rate the services allow now."""
        return max((self._engine.eta(account, count) for account, count in counts.items()), default=0.0)

    async def confirm(self, targets: Sequence[Target], reason: Reason, *, urgent: bool = False) -> tuple[Deletion, ...]:
        """Make one batch of these targets and give it to the engine.

        Args:
            targets: What to delete.
            reason: Why.
            urgent: Let the batch overtake all that are not urgent.

        Raises:
            JournalError: The batch could not be written down, so nothing will be deleted.
        """
        batch = Batch(
            moderator=self._moderator,
            reason=reason,
            targets=tuple(targets),
            confirmed_at=self._now(),
            urgent=urgent,
        )
        return await self._engine.submit(batch)

    async def disconnect(self, room: RoomState, message: Message, reason: Reason) -> Disconnection:
        """End all connections of a message's author to its room. Returns what the service answered.

        Raises:
            AnswerNotRecordedError: The service was asked, and its answer could not be written down.
            JournalError: Nothing could be written down, so the service was not asked.
        """
        account = self._accounts[room.account]
        asked = disconnection_of(account, room, message, reason, moderator=self._moderator, at=self._now())
        return await disconnect(asked, self._providers[room.account], self._journal, now=self._now)


def _message(account: AccountState, target: Target) -> Message | None:
    room = account.rooms.get(target.room_id)
    return room.timeline.get(target.message_id) if room else None
