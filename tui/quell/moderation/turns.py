"""Whose turn it is: the queue of one account, fair between batches and rooms."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Collection

from quell.moderation.deletion import Deletion

_Rooms = OrderedDict[str, deque[str]]
"""Ids of deletions by room, each in its order; the room whose turn is next comes first."""


class Turns:
    """Ids of deletions that wait for their turn.

    Batches take turns, and so do the rooms of a batch. Urgent batches go before all others; paused ones keep their
    place and are passed over.
    """

    def __init__(self, urgent: Collection[str], paused: Collection[str]) -> None:
        self._urgent = urgent
        self._paused = paused
        self.only_urgent = False
        """Whether all that is not urgent is passed over."""
        self._batches: OrderedDict[str, _Rooms] = OrderedDict()
        self._ready = asyncio.Event()

    def add(self, deletion: Deletion) -> None:
        """Have it wait behind the others of its batch and room."""
        self._queue(deletion).append(deletion.id)
        self.look()

    def add_first(self, deletion: Deletion) -> None:
        """Have it wait before the others of its batch and room, because it had its turn already."""
        self._queue(deletion).appendleft(deletion.id)
        self.look()

    def next(self) -> str | None:
        """Take the one whose turn it is off the queue."""
        batch_id = self._next_batch()
        if batch_id is None:
            self.look()
            return None
        rooms = self._batches[batch_id]
        room, waiting = next(iter(rooms.items()))
        found = waiting.popleft()
        rooms.move_to_end(room)
        if not waiting:
            del rooms[room]
        self._batches.move_to_end(batch_id)
        if not rooms:
            del self._batches[batch_id]
        self.look()
        return found

    async def wait(self) -> None:
        """Wait until it is anybody's turn."""
        await self._ready.wait()

    def make_way(self, only_urgent: bool) -> None:
        """Pass over all that is not urgent, or no more."""
        self.only_urgent = only_urgent
        self.look()

    def look(self) -> None:
        """Look again whether it is anybody's turn; call it when a batch was paused, or goes on."""
        if self._next_batch() is None:
            self._ready.clear()
        else:
            self._ready.set()

    def _next_batch(self) -> str | None:
        first = None
        for batch_id in self._batches:
            if batch_id in self._paused:
                continue
            if batch_id in self._urgent:
                return batch_id
            first = first or batch_id
        return None if self.only_urgent else first

    def _queue(self, deletion: Deletion) -> deque[str]:
        rooms = self._batches.setdefault(deletion.batch_id, OrderedDict())
        return rooms.setdefault(deletion.target.room_id, deque())
