"""What other consoles on the same journal are told of this one: that it lives, what it waits for, that it is done."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from quell.moderation.courtesy import Courtesy
from quell.moderation.journal import Journal, JournalError
from quell.moderation.journal.lease import RENEW_SECONDS

_log = logging.getLogger(__name__)


class Presence:
    """Keeps this console's claim to its batches alive, from the first batch on. Needs a running event loop.

    Args:
        journal: Where the claim is written down.
        courtesy: Runs beside it.
        sleep: Waits for so many seconds.
    """

    def __init__(self, journal: Journal, courtesy: Courtesy, sleep: Callable[[float], Awaitable[object]]) -> None:
        self._journal = journal
        self._courtesy = courtesy
        self._sleep = sleep
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """There is a batch now. More than once changes nothing."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._stay_alive()), asyncio.create_task(self._courtesy.keep())]

    async def end(self, *, complete: bool) -> None:
        """Tell nothing more.

        Args:
            complete: Everything is written down, so that no claim needs to stay behind; else the next console has
                something to settle.
        """
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not self._tasks or not complete:
            return
        try:
            await self._journal.release()
        except JournalError as error:
            _log.warning("the journal could not be left in good order: %s", error.problem)

    async def _stay_alive(self) -> None:
        while True:
            await self._sleep(RENEW_SECONDS)
            try:
                await self._journal.renew()
            except JournalError as error:
                # Sending notices it too, and stops then.
                _log.warning("this console could not say that it is alive: %s", error.problem)
