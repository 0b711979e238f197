"""One room's live events: connected, renewed, reconnected, and made whole again from the room's log."""

import asyncio
import logging
import random
from collections import Counter, deque
from contextlib import AsyncExitStack
from functools import partial
from typing import NoReturn

from msgspec import Struct

from quell_providers.ivs.answers import RoomSummary
from quell_providers.ivs.control import ControlPlane
from quell_providers.ivs.directory import Directory
from quell_providers.ivs.history import History
from quell_providers.ivs.late import LateGaps
from quell_providers.ivs.merge import Merge
from quell_providers.ivs.messaging import PING_SECONDS, Dial, LinkLostError
from quell_providers.ivs.refusals import refusal_of_frame
from quell_providers.ivs.renewal import Renewal, Standing
from quell_providers.ivs.stream import Emit
from quell_providers.ivs.wire import MalformedError, Problem, decode_frame
from quell_providers.model import Deleted, Gap, GapFilled, Posted, StateChanged
from quell_providers.refusal import TRANSIENT, RefusedError

logger = logging.getLogger(__name__)

LOG_LAG_SECONDS = 15.0
"""A chat log is about 10 s behind; after this time it holds, as a rule, what was said before a connection stood."""
_LATE_READINGS = (1.0, 4.0)
"""When the log is read again, in multiples of its lag: it may be slow for once."""
_TRIES = 8
"""When even the last reading fails for a while, or finds the log behind, it is made up for so often."""
_LATEST_SECONDS = 120.0
"""What happened so long ago is in the log for certain, and need not be looked for again."""
_UNNOTICED_SECONDS = 2 * PING_SECONDS + 5.0
"""A connection may be dead for so long before that is noticed."""
_OVERLAP_SECONDS = 5.0
"""Messages may arrive in another order than they were sent, by about so much."""
_RETOLD_SECONDS = 60.0
"""By so much what is told may be older than the time it is told from: a log may go by when it recorded something."""
_FIRST_DELAY, _LONGEST_DELAY = 0.5, 30.0
_STEADY_SECONDS = 10.0
"""A connection that stood so long was a good one: the next delay is short again."""
_FEW_FAILURES = 2
"""A connection that told at least something is followed by another within 2 s."""
_ENDING = frozenset({401, 403, 404})
"""ERROR frames after which nothing more will come; what is wrong, the next CreateChatToken tells for certain."""


class _Hole(Struct, frozen=True):
    """A time in which messages may have been missed; Unix seconds by the service's clock."""

    since: float
    """What was recorded from here on is looked for in the log."""
    lost_at: float | None
    """When a connection was lost; `None` before the first one, where nobody was promised anything."""

    def after(self, time: float) -> "_Hole":
        """What is left of it when all up to a time was read."""
        return _Hole(max(self.since, time), None if self.lost_at is None else max(self.lost_at, time))


class Link:
    """Keeps one room's messaging connection up until cancelled, or until the service refuses it for good.

    Args:
        room_id: The room.
        directory, control, history: The parts of the provider.
        url: Address of the messaging socket.
        dial: Makes a connection.
        emit: Takes each event.
        unreadable: Counts the frames of each room that can not be understood.
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
        unreadable: Counter[str],
        lag: float = LOG_LAG_SECONDS,
    ) -> None:
        self._room_id = room_id
        self._directory = directory
        self._control = control
        self._history = history
        self._url = url
        self._dial = dial
        self._emit = emit
        self._unreadable = unreadable
        self._lag = lag
        self._failures = 0
        self._seen = 0.0
        """Everything up to this time was seen, by the service's clock; 0 before the first connection."""
        self._hole: _Hole | None = None
        self._behind = False
        """Whether the missed messages are still to be fetched, of which the room's state tells."""
        self._tries = _TRIES
        self._first_live = ""
        """Id of the first message that came over the present connection."""
        self._is_level = False
        """Whether the log was seen to hold that message, and so everything before it."""
        self._late = LateGaps(history)
        self._merge = Merge()

    async def run(self) -> None:
        """Connect, pass events on, and connect again, for ever; returns after a refusal that does not mend."""
        await self._emit(StateChanged(self._room_id, "connecting"))
        while True:
            at_least = 0.0
            try:
                await self._stay_connected()
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

    async def _stay_connected(self) -> NoReturn:
        """One connection after another, each opened before the last one is closed, until one is lost.

        Its end is a `LinkLostError` or a `RefusedError`.
        """
        room = await self._directory.find(self._room_id)
        standing = await self._open(room)
        readings = await self._begin(standing)
        while True:
            renewal = Renewal(standing, partial(self._open, room))
            try:
                successor = await self._attend(standing, room, readings, renewal)
            except LinkLostError:
                self._leave(standing)
                raise
            finally:
                await renewal.aclose()
                await standing.aclose()
            standing = successor

    async def _open(self, room: RoomSummary) -> Standing:
        ticket = await self._control.create_ticket(room.arn)
        async with AsyncExitStack() as stack:
            socket = await stack.enter_async_context(self._dial(self._url, ticket.token))
            return Standing(socket, ticket, stack.pop_all())

    async def _begin(self, standing: Standing) -> deque[float]:
        """Tell that the room is live, or will be when it has caught up. Returns when to read its log."""
        readings = deque(standing.opened + self._lag * times for times in _LATE_READINGS)
        self._behind, self._tries = self._hole is not None, _TRIES
        self._first_live, self._is_level = "", False
        if self._hole is None:
            self._hole = _Hole(standing.ticket.issued_at - self._lag, lost_at=None)
            await self._emit(StateChanged(self._room_id, "live"))
        else:
            readings.appendleft(standing.opened)
            await self._emit(StateChanged(self._room_id, "catching_up"))
        return readings

    def _leave(self, standing: Standing) -> None:
        """Note from when on messages may be missed, now that a connection ended."""
        ticket, stood = standing.ticket, standing.age
        if stood >= _STEADY_SECONDS:
            self._failures = 0
        elif standing.heard:
            self._failures = min(self._failures, _FEW_FAILURES)
        # The service's clock is reckoned from its token, because this machine's clock may be wrong.
        self._seen = max(self._seen, ticket.issued_at, ticket.issued_at + stood - _UNNOTICED_SECONDS)
        hole = self._hole or _Hole(self._seen - _OVERLAP_SECONDS, lost_at=None)
        self._hole = _Hole(hole.since, self._seen if hole.lost_at is None else hole.lost_at)

    async def _attend(
        self, standing: Standing, room: RoomSummary, readings: deque[float], renewal: Renewal
    ) -> Standing:
        """Pass frames on until the connection's successor may take over, which is returned.

        Meanwhile look into the room's log, at the times in `readings`, for what was said before a connection stood;
        the socket buffers what comes in then.
        """
        now = asyncio.get_running_loop().time
        while True:
            due = min((renewal.due, self._late.due, *readings))
            if now() >= due:
                if readings and now() >= readings[0]:
                    readings.popleft()
                    await self._catch_up(room, standing, readings)
                elif now() >= self._late.due:
                    await self._fill_gap(room, standing)
                elif (successor := renewal.step()) is not None:
                    return successor
                continue
            try:
                async with asyncio.timeout_at(due):
                    data = await standing.socket.receive()
            except TimeoutError:
                continue
            standing.heard = True
            await self._take(data)
            # Most frames come in batches, and a timer for each would cost more than reading it.
            while standing.socket.has_frame and now() < due:
                await self._take(await standing.socket.receive())

    async def _catch_up(self, room: RoomSummary, standing: Standing, readings: deque[float]) -> None:
        """Look into the log at the first of several readings or a later one; the last one closes the hole.

        A log that lacks what came over the connection itself is behind, and is read once more. Where the log can not
        be read, or stays behind, what may be missing is told as a `Gap`, and looked for later, if that can help.
        """
        try:
            await self._read_log(room, standing)
        except RefusedError as error:
            is_done, can_mend = False, error.refusal.kind in TRANSIENT
        else:
            is_done, can_mend = self._is_level or not self._first_live, True
        if not can_mend or not (is_done or readings or self._tries):
            readings.clear()
            await self._give_up(standing, can_mend=can_mend)
        elif not readings and is_done:
            self._hole = None
        elif not readings:
            self._tries -= 1
            readings.append(asyncio.get_running_loop().time() + self._lag)
        if self._behind:
            self._behind = False
            await self._emit(StateChanged(self._room_id, "live"))

    async def _read_log(self, room: RoomSummary, standing: Standing) -> None:
        """Emit what the log holds of the hole; only the end of that is left if it is level. Raises `RefusedError`."""
        hole = self._hole
        if hole is None:
            return
        async for event in self._history.since(room, hole.since):
            self._is_level |= isinstance(event, Posted) and event.message.id == self._first_live
            await self._pass_on(event)
        if self._is_level:
            self._hole = hole.after(standing.ticket.issued_at + standing.age - _LATEST_SECONDS)

    async def _give_up(self, standing: Standing, *, can_mend: bool) -> None:
        """Nothing can fill the hole, or not before long."""
        hole, self._hole = self._hole, None
        if hole is not None and hole.lost_at is not None:
            gap = Gap(self._room_id, since=hole.lost_at, until=standing.ticket.issued_at)
            await self._emit(gap)
            if can_mend:
                self._late.add(gap)

    async def _fill_gap(self, room: RoomSummary, standing: Standing) -> None:
        async for event in self._late.look(room, standing.ticket.issued_at + standing.age):
            await (self._emit(event) if isinstance(event, GapFilled) else self._pass_on(event))

    @property
    def _retold_since(self) -> float:
        """What happened before can not be told again.

        The log is read from the beginning of the hole and of each late gap on, as often as it takes, and a later hole
        begins after what was seen. Two connections that overlap tell only the same few seconds.
        """
        return min(self._seen if self._hole is None else self._hole.since, self._late.since) - _RETOLD_SECONDS

    async def _pass_on(self, event: Posted | Deleted) -> None:
        """Emit what was not emitted before: two connections, or the log and a connection, may tell the same."""
        if self._merge.is_new(event, self._retold_since):
            await self._emit(event)

    async def _take(self, data: bytes) -> None:
        try:
            event = decode_frame(data, self._room_id)
        except MalformedError as error:
            self._unreadable[self._room_id] += 1
            logger.warning("room %s: a frame that can not be read: %s", self._room_id, error)
            return
        if isinstance(event, Problem):
            refusal = refusal_of_frame(event.code, event.text)
            logger.warning("room %s: the messaging service reports %s: %s", self._room_id, refusal.code, refusal.cause)
            if event.code in _ENDING:
                raise LinkLostError(refusal.cause, event.text)
        elif isinstance(event, Deleted):
            self._history.note(event)
            self._seen = max(self._seen, event.at or 0.0)
            await self._pass_on(event)
        elif event is not None:
            self._seen = max(self._seen, event.message.sent_at)
            self._first_live = self._first_live or event.message.id
            await self._pass_on(event)
