"""One messaging connection, and the next one, which is opened before the present one ends."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from quell_providers.ivs.answers import Ticket
from quell_providers.ivs.messaging import LinkLostError, Socket
from quell_providers.refusal import RefusedError

logger = logging.getLogger(__name__)

_EARLY_SECONDS = 600.0
"""A connection is replaced so long before the service would end it, at the earliest."""
_OVERLAP_SECONDS = 2.0
"""Both connections stand so long side by side, so that what is on its way in the old one still arrives."""
_LOOK_SECONDS = 0.5
_RETRY_SECONDS = 30.0


class Standing:
    """A connection that stands.

    Args:
        socket: Where its frames come from.
        ticket: What it was opened with.
        stack: Gives it back.
    """

    def __init__(self, socket: Socket, ticket: Ticket, stack: AsyncExitStack) -> None:
        self.socket = socket
        self.ticket = ticket
        self.opened = asyncio.get_running_loop().time()
        """On the event loop's clock."""
        self.heard = False
        """Whether anything came in."""
        self._stack = stack

    @property
    def age(self) -> float:
        """Seconds since it was opened."""
        return asyncio.get_running_loop().time() - self.opened

    async def aclose(self) -> None:
        """End it."""
        await self._stack.aclose()


class Renewal:
    """Opens the successor of a connection when its time comes; until it stands, the connection serves on.

    Args:
        standing: The connection to be replaced.
        open_next: Opens another one.
    """

    def __init__(self, standing: Standing, open_next: Callable[[], Awaitable[Standing]]) -> None:
        self._open_next = open_next
        self._opening: asyncio.Task[Standing] | None = None
        # Unevenly early, so that rooms opened together are not renewed in the same moment.
        early = random.uniform(0.5, 1.0) * min(_EARLY_SECONDS, standing.ticket.lasts / 4)
        self.due = standing.opened + standing.ticket.lasts - early
        """When to `step` next, on the event loop's clock."""

    def step(self) -> Standing | None:
        """Begin what is due. Returns the successor as soon as it may take over; it then belongs to the caller."""
        now = asyncio.get_running_loop().time()
        if self._opening is None:
            self._opening = asyncio.create_task(self._open())
            self.due = now + min(_LOOK_SECONDS, _OVERLAP_SECONDS)
            return None
        if not self._opening.done():
            self.due = now + min(_LOOK_SECONDS, _OVERLAP_SECONDS)
            return None
        opening, self._opening = self._opening, None
        try:
            return opening.result()
        except (LinkLostError, RefusedError) as error:
            logger.warning("a messaging connection could not be renewed yet: %s", error)
            self.due = now + _RETRY_SECONDS
            return None

    async def aclose(self) -> None:
        """Give up what was begun."""
        opening, self._opening = self._opening, None
        if opening is None:
            return
        opening.cancel()
        await asyncio.wait([opening])
        if not opening.cancelled() and opening.exception() is None:
            await opening.result().aclose()

    async def _open(self) -> Standing:
        standing = await self._open_next()
        try:
            await asyncio.sleep(_OVERLAP_SECONDS)
        except asyncio.CancelledError:
            await standing.aclose()
            raise
        return standing
