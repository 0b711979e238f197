"""Filling gaps that a room's chat log could not fill while its readers waited for that."""

import asyncio
import logging
import math
from collections import deque
from collections.abc import AsyncIterator

from quell_providers.ivs.answers import RoomSummary
from quell_providers.ivs.history import History
from quell_providers.model import Deleted, Gap, GapFilled, Posted
from quell_providers.refusal import TRANSIENT, RefusedError

logger = logging.getLogger(__name__)

_FIRST_LOOK, _LONGEST_LOOK = 60.0, 600.0
"""Seconds before the log is looked into again; twice as many each time."""
_BEFORE, _BEYOND = 5.0, 120.0
"""Seconds around a gap that are read along: messages arrive in another order than they were sent, and a log that holds
what came after the gap holds what was in it."""
_CERTAIN_SECONDS = 900.0
"""What happened so long ago is in the log for certain, even in a room where nothing was said since."""


class LateGaps:
    """The gaps of a room that were told and may be filled yet.

    Args:
        history: Reads the log.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._gaps: deque[Gap] = deque()
        self._pause = _FIRST_LOOK
        self.since = math.inf
        """From when on messages are read again, in Unix seconds by the service's clock."""
        self.due = math.inf
        """When to look again, by the event loop's clock."""

    def add(self, gap: Gap) -> None:
        """Look for what is in a gap, too, from now on."""
        self._gaps.append(gap)
        self._note_since()
        self._pause = _FIRST_LOOK
        self.due = min(self.due, asyncio.get_running_loop().time() + self._pause)

    async def look(self, room: RoomSummary, now: float) -> AsyncIterator[Posted | Deleted | GapFilled]:
        """What the log holds of the oldest gap, and whether that is all of it.

        Args:
            room: The room.
            now: Unix seconds by the service's clock.
        """
        gap = self._gaps[0]
        is_over, is_filled = False, now >= gap.until + _CERTAIN_SECONDS
        try:
            async for event in self._history.since(room, gap.since - _BEFORE, gap.until + _BEYOND):
                at = event.message.sent_at if isinstance(event, Posted) else event.at
                is_filled |= at is not None and at >= gap.until
                yield event
        except RefusedError as error:
            logger.info("room %s: what was missed is still not known: %s", room.id, error)
            is_over, is_filled = error.refusal.kind not in TRANSIENT, False
        if is_filled:
            yield GapFilled(gap.room_id, gap.since, gap.until)
        self._done_looking(is_over or is_filled)

    def _done_looking(self, is_over: bool) -> None:
        if is_over:
            self._gaps.popleft()
            self._note_since()
            self._pause = 0.0
        else:
            self._pause = min(max(2 * self._pause, _FIRST_LOOK), _LONGEST_LOOK)
        self.due = asyncio.get_running_loop().time() + self._pause if self._gaps else math.inf

    def _note_since(self) -> None:
        self.since = min((gap.since - _BEFORE for gap in self._gaps), default=math.inf)
