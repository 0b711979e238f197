"""Reading a page of a room's history, patiently."""

import asyncio
from collections.abc import Callable

from quell.session.state import RoomState
from quell_providers.provider import HistoryPage, Provider
from quell_providers.refusal import TRANSIENT, RefusedError

PAGE = 100
"""Messages asked for at once."""

PAUSE = 5.0
"""Seconds until the next attempt, where the service names none."""


async def read_page(room: RoomState, provider: Provider, changed: Callable[[], None]) -> HistoryPage:
    """The next older page. A refusal for good gives a page without messages that says why.

    Args:
        room: `room.missing` tells of a refusal that passes, for as long as it lasts.
        provider: The provider of the room's account.
        changed: Called after every change of `room.missing`.
    """
    while True:
        try:
            return await provider.history(room.room.id, limit=PAGE, before=room.older)
        except RefusedError as error:
            if error.refusal.kind not in TRANSIENT:
                return HistoryPage(messages=(), missing=error.refusal)
            room.missing = error.refusal
            changed()
            await asyncio.sleep(error.refusal.retry_after or PAUSE)
