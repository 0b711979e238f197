"""One room's live events: connected, reconnected, and made whole again from the room's log."""

import asyncio
import logging
import random
from collections import deque
from typing import NoReturn

from msgspec import Struct

from quell_providers.ivs.control import ControlPlane, RoomSummary, Ticket
from quell_providers.ivs.directory import Directory
from quell_providers.ivs.history import History
from quell_providers.ivs.messaging import PING_SECONDS, Dial, LinkLostError, Socket
from quell_providers.ivs.stream import Emit
from quell_providers.ivs.wire import MalformedError, Problem, decode_frame
from quell_providers.model import Deleted, Gap, StateChanged
from quell_providers.refusal import TRANSIENT, RefusedError

logger = logging.getLogger(__name__)

LOG_LAG_SECONDS = 15.0
"""A chat log is about 10 s behind; after this time it holds what was said before a connection stood."""
_UNNOTICED_SECONDS = 2 * PING_SECONDS + 5.0
"""A connection may be dead for so long before that is noticed."""
_OVERLAP_SECONDS = 5.0
"""Messages may arrive in another order than they were sent, by about so much."""
_FIRST_DELAY, _LONGEST_DELAY = 0.5, 30.0
_STEADY_SECONDS = 10.0
"""A connection that stood so long was a good one: the next delay is short again."""
_EXPIRED = 401


class _Hole(Struct, frozen=True):
    """A time in which messages may have been missed; Unix seconds by the service's clock."""

    since: float
    """What was recorded from here on is looked for in the log."""
    lost_at: float | None
    """When a connection was lost; `None` before the first one, where nobody was promised anything."""


class Link:
    """Keeps one room's messaging connection up until cancelled, or until the service refuses it for good.

    Args:
        room_id: The room.
        directory, control, history: The parts of the provider.
        url: Address of the messaging socket.
        dial: Makes a connection.
        emit: Takes each event.
        lag: Seconds by which the room's log is behind.
    """

    def __init__(
        self,
        room_id: str,
        *,
        directory: Directory,
        control: ControlPlane,
        history: History,
        url: str,
        dial: Dial,
        emit: Emit,
        lag: float = LOG_LAG_SECONDS,
    ) -> None:
        self._room_id = room_id
        self._directory = directory
        self._control = control
        self._history = history
        self._url = url
        self._dial = dial
        self._emit = emit
        self._lag = lag
        self._failures = 0
        self._seen = 0.0
        """Everything up to this time was seen, by the service's clock; 0 before the first connection."""
        self._hole: _Hole | None = None

    async def run(self) -> None:
        """Connect, pass events on, and connect again, for ever; returns after a refusal that does not mend."""
        await self._emit(StateChanged(self._room_id, "connecting"))
        while True:
            at_least = 0.0
            try:
                await self._connect_once()
            except LinkLostError as lost:
                detail, cause = lost.detail, lost.cause
            except RefusedError as error:
                refusal = error.refusal
                detail, cause = refusal.detail, refusal.cause
                if refusal.kind not in TRANSIENT:
                    await self._emit(StateChanged(self._room_id, "refused", detail, cause, refusal.remedy))
                    return
                at_least = refusal.retry_after or 0.0
            delay = max(at_least, self._next_delay())
            await self._emit(StateChanged(self._room_id, "reconnecting", detail, cause, retry_in=delay))
            await asyncio.sleep(delay)

    def _next_delay(self) -> float:
        """Seconds to wait: doubled with each failure, and uneven, so that many rooms do not come back at once."""
        longest = min(_LONGEST_DELAY, _FIRST_DELAY * 2**self._failures)
        self._failures = min(self._failures + 1, 10)
        return random.uniform(longest / 2, longest)

    async def _connect_once(self) -> NoReturn:
        """One connection, from its token to its end, which is a `LinkLostError` or a `RefusedError`."""
        room = await self._directory.find(self._room_id)
        ticket = await self._control.create_ticket(room.arn)
        async with self._dial(self._url, ticket.token) as socket:
            opened = asyncio.get_running_loop().time()
            await self._emit(StateChanged(self._room_id, "live"))
            try:
                await self._attend(socket, room, ticket)
            finally:
                self._leave(ticket, asyncio.get_running_loop().time() - opened)

    def _leave(self, ticket: Ticket, stood: float) -> None:
        """Note from when on messages may be missed, now that a connection ended which stood for so many seconds."""
        if stood >= _STEADY_SECONDS:
            self._failures = 0
        # The service's clock is reckoned from its token, because this machine's clock may be wrong.
        self._seen = max(self._seen, ticket.issued_at, ticket.issued_at + stood - _UNNOTICED_SECONDS)
        hole = self._hole or _Hole(self._seen - _OVERLAP_SECONDS, lost_at=None)
        self._hole = _Hole(hole.since, self._seen if hole.lost_at is None else hole.lost_at)

    async def _attend(self, socket: Socket, room: RoomSummary, ticket: Ticket) -> NoReturn:
        """Pass frames on, and look into the room's log for what was said before this connection stood.

        The socket buffers what comes in meanwhile. The log is read at once after a reconnect, and once more when it
        has caught up.
        """
        now = asyncio.get_running_loop().time
        readings = deque([now() + self._lag])
        if self._hole is None:
            self._hole = _Hole(ticket.issued_at - self._lag, lost_at=None)
        else:
            readings.appendleft(now())
        while True:
            if readings and now() >= readings[0]:
                readings.popleft()
                if await self._fill(room, ticket, last=not readings):
                    readings.clear()
                continue
            try:
                async with asyncio.timeout_at(readings[0] if readings else None):
                    data = await socket.receive()
            except TimeoutError:
                continue
            await self._take(data)

    async def _fill(self, room: RoomSummary, ticket: Ticket, *, last: bool) -> bool:
        """Emit what the log holds of the hole. Returns whether the hole is done with."""
        hole = self._hole
        if hole is None:
            return True
        try:
            async for event in self._history.since(room, hole.since):
                await self._emit(event)
            done = last
        except RefusedError as error:
            done = last or error.refusal.kind not in TRANSIENT
            if done and hole.lost_at is not None:
                await self._emit(Gap(self._room_id, since=hole.lost_at, until=ticket.issued_at))
        if done:
            self._hole = None
        return done

    async def _take(self, data: bytes) -> None:
        try:
            event = decode_frame(data, self._room_id)
        except MalformedError as error:
            logger.warning("room %s: a frame that can not be read: %s", self._room_id, error)
            return
        if isinstance(event, Problem):
            logger.warning("room %s: the messaging service reports error %d", self._room_id, event.code)
            if event.code == _EXPIRED:
                raise LinkLostError("The messaging session has expired.", event.text)
        elif isinstance(event, Deleted):
            self._history.note(event)
            self._seen = max(self._seen, event.at or 0.0)
            await self._emit(event)
        elif event is not None:
            self._seen = max(self._seen, event.message.sent_at)
            await self._emit(event)
