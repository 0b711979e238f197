"""Consoles on one journal let each other's urgent batches go first.

They know of each other what is written down: in which accounts a console has urgent deletions waiting. While another
one has some, an account's lane asks for nothing that is not urgent itself, which leaves the service's limit to them.
Nothing else is shared: how much the limit still allows, each console learns from the service's own answers.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping

from quell.moderation.deletion import State
from quell.moderation.journal import Journal, JournalError
from quell.moderation.lane import Lane
from quell.moderation.ledger import Ledger

_log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""Between two looks at what others wait for: so late, at most, an urgent batch of another console is noticed."""


class Courtesy:
    """Says for which accounts urgent deletions wait here, and has the lanes make room for those of others.

    Args:
        journal: Where consoles tell each other.
        ledger: What waits here.
        lanes: The lane of each account.
        urgent: Ids of the urgent batches.
        paused: Ids of the paused batches, which nobody has to wait for.
        sleep: Waits for so many seconds.
    """

    def __init__(
        self,
        journal: Journal,
        ledger: Ledger,
        lanes: Mapping[str, Lane],
        *,
        urgent: Collection[str],
        paused: Collection[str],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._journal = journal
        self._ledger = ledger
        self._lanes = lanes
        self._urgent = urgent
        self._paused = paused
        self._sleep = sleep
        self._told: frozenset[str] = frozenset()

    async def keep(self) -> None:
        """Go on until cancelled."""
        while True:
            await self._look()
            await self._sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        try:
            await self._tell()
            others = await self._others()
        except JournalError as error:
            # Sending notices it too, and stops then; nobody is to wait for what can not be read.
            _log.warning("urgent batches of other consoles are not looked for: %s", error.problem)
            others = frozenset()
        for account, lane in self._lanes.items():
            lane.make_way(account in others)

    async def _tell(self) -> None:
        pressing = frozenset(
            deletion.target.account
            for deletion in self._ledger.open_ones()
            if deletion.batch_id in self._urgent
            and deletion.batch_id not in self._paused
            and deletion.state is not State.HELD
        )
        if pressing != self._told:
            await self._journal.press(pressing)
            self._told = pressing

    async def _others(self) -> frozenset[str]:
        return await self._journal.pressed() if self._ledger.open_ones() else frozenset()
