"""What happens in one room, from the frames of the realtime API to events of the model."""

import asyncio
import logging
import math

from msgspec import Raw

from quell_providers.model import Deleted, Edited, Event, Gap, GapFilled, LinkState, Message, Posted, StateChanged
from quell_providers.refusal import TRANSIENT, Refusal, RefusalKind, RefusedError
from quell_providers.rocketchat import translate, wire
from quell_providers.rocketchat.catchup import CatchUp
from quell_providers.rocketchat.ddp import DdpConnection
from quell_providers.rocketchat.hidden import Hidden
from quell_providers.rocketchat.memory import Memory
from quell_providers.rocketchat.pacing import PER_CONNECTION, SECONDS, Pacing
from quell_providers.rocketchat.rest import Rest

Followers = asyncio.Queue[Event | None]
"""Events for one follower, in order; `None` is the end."""

_log = logging.getLogger(__name__)

_OVERLAP = 5.0
"""Seconds asked for once more when catching up: what was written together may have been announced in another order."""
_TRIES = 8
_PAUSE = 5.0
"""Seconds before another try, where the server does not say how long."""
_FIRST_LOOK, _LONGEST_LOOK = 60.0, 600.0
"""Seconds before it is looked again for what could not be found when it was missed: twice as many each time."""
_LOOKS = 2
"""How often it is asked for then: at once, and by pages where everything together may be too much."""
_SHORT = 0.5
"""Seconds of waiting that are not worth a word."""


class RoomStream:
    """One room's live stream, however often its connection changes.

    Args:
        room_id: The room.
        rest: For the server's clock.
        catch_up: For what was missed while there was no connection.
        hidden: For deletions that it does not tell of.
        memory: Of what was told of this room.
    """

    def __init__(self, room_id: str, rest: Rest, catch_up: CatchUp, hidden: Hidden, memory: Memory) -> None:
        self.room_id = room_id
        self.unreadable = 0
        """How many events could not be understood."""
        self._rest = rest
        self._catch_up = catch_up
        self._hidden = hidden
        self._memory = memory
        self._followers: list[Followers] = []
        self._state = StateChanged(room_id, "connecting")
        self._hint = ""
        """What a moderator has to know although the room is live."""
        self._seen_until: float | None = None
        """Everything up to here was seen, Unix seconds by the server's clock; it stands still while catching up."""
        self._began = math.inf
        """Since when everything is told of; what was sent before is known from the history, if at all."""
        self._latest = 0.0
        """When the newest change was made that came live, by the server's clock."""
        self._newer: dict[str, float] | None = None
        """While catching up: messages that something came live about meanwhile, and when that happened."""
        self._gaps: list[Gap] = []
        """What was told to be missing and may be found yet, the earliest one first."""

    @property
    def subscriptions(self) -> tuple[tuple[str, str], ...]:
        """Streams and keys that make up the room: deletions first, so that none of a message shown is missed."""
        return (
            ("stream-notify-room", f"{self.room_id}/deleteMessage"),
            ("stream-notify-room", f"{self.room_id}/deleteMessageBulk"),
            ("stream-room-messages", self.room_id),
        )

    def join(self) -> Followers:
        """A new follower, who is told the state first."""
        follower = Followers()
        follower.put_nowait(self._state)
        self._followers.append(follower)
        return follower

    def leave(self, follower: Followers) -> bool:
        """Take a follower out. Returns whether nobody is left."""
        if follower in self._followers:
            self._followers.remove(follower)
        return not self._followers

    def show(self, state: LinkState, refusal: Refusal | None = None, retry_in: float | None = None) -> None:
        """Tell the followers how the stream stands, and why."""
        why = refusal or Refusal(kind=RefusalKind.UNAVAILABLE, cause=self._hint if state == "live" else "")
        self._state = StateChanged(self.room_id, state, why.detail, why.cause, why.remedy, retry_in)
        self._tell(self._state)

    def end(self) -> None:
        """Nothing more will come."""
        for follower in self._followers:
            follower.put_nowait(None)
        self._followers.clear()

    async def bring_up(self, connection: DdpConnection, pacing: Pacing) -> None:
        """Subscribe on a new connection, and catch up on what was missed since the one before.

        Raises:
            RefusedError: The room can not be followed, or the connection ended.
        """
        since = self._seen_until
        if since is None:
            self._seen_until = self._rest.server_time()
            self._began = self._seen_until - _OVERLAP
        else:
            self._newer = {}
        await self._subscribe(connection, pacing)
        if since is not None:
            self.show("catching_up")
            pause = 0.0 if await self._make_up_for(since, self._rest.server_time()) else _FIRST_LOOK
        self.show("live")
        if since is not None:
            await self._look_for_hidden()
            await self._fill_gaps(pause)

    def receive(self, topic: str, args: list[Raw]) -> None:
        """Take in an event of the room: a message where `topic` is empty, else what the server calls it."""
        for raw in args:
            try:
                if topic == "":
                    self._receive_message(wire.read(raw, wire.Message))
                elif topic == "deleteMessage":
                    self._receive_removal(wire.read(raw, wire.Removal))
                elif topic == "deleteMessageBulk":
                    self._receive_bulk(wire.read(raw, wire.BulkRemoval))
            except wire.MalformedError as error:
                self._note_unreadable(error)

    def _note_unreadable(self, error: wire.MalformedError) -> None:
        self.unreadable += 1
        _log.info("an event in room %s can not be read: %s", self.room_id, error)

    def _receive_message(self, raw: wire.Message) -> None:
        message = translate.message(raw)
        changed_at = translate.seconds(raw.updated_at) or 0.0
        self._latest = max(self._latest, changed_at)
        if self._newer is not None:
            self._newer[raw.id] = changed_at
        elif self._seen_until is not None:
            self._seen_until = max(self._seen_until, self._latest)
        self._tell_message(raw, message)

    def _receive_removal(self, removal: wire.Removal) -> None:
        at = translate.seconds(removal.deleted_at)
        if self._newer is not None:
            self._newer[removal.id] = math.inf  # nothing comes after a deletion
        self._memory.forget(removal.id)
        self._tell(Deleted(self.room_id, removal.id, at=at))

    def _receive_bulk(self, bulk: wire.BulkRemoval) -> None:
        if not bulk.files_only:
            for message_id in self._memory.named_by(bulk):
                self._receive_removal(wire.Removal(message_id))

    def _tell_message(self, raw: wire.Message, message: Message) -> None:
        """Tell of a message. One that was never told of is new even where it was edited since, unless it is so old
        that only the history has it.
        """
        is_new = message.edited_at is None or (message.sent_at >= self._began and raw.id not in self._memory)
        if message.deleted:
            self._memory.forget(raw.id)
            self._tell(Deleted(message.room_id, message.id, at=translate.seconds(raw.edited_at)))
        else:
            self._memory.remember(raw, message.sent_at)
            self._tell(Posted(message) if is_new else Edited(message))

    def _tell(self, event: Event) -> None:
        for follower in self._followers:
            follower.put_nowait(event)

    async def _subscribe(self, connection: DdpConnection, pacing: Pacing) -> None:
        turn = max(pacing.reserve(stream) for stream, _ in self.subscriptions)
        if turn > _SHORT:
            self.show("connecting", _its_turn_comes(), turn)
        await asyncio.sleep(turn)
        while True:
            try:
                for stream, key in self.subscriptions:
                    await self._subscribe_to(connection, stream, key)
            except RefusedError as error:
                if error.refusal.kind is not RefusalKind.THROTTLED:
                    raise
                pause = SECONDS if error.refusal.retry_after is None else error.refusal.retry_after
                self.show("connecting", error.refusal, pause)
                await asyncio.sleep(pause)
            else:
                return

    async def _subscribe_to(self, connection: DdpConnection, stream: str, key: str) -> None:
        """Subscribe; that deletions are not told to those outside of a room does not keep them from following it."""
        try:
            await connection.subscribe(stream, key)
        except RefusedError as error:
            if stream != "stream-notify-room" or error.refusal.kind is not RefusalKind.PERMISSION:
                raise
            self._hint = "You are not in this room, and the server tells only its members of deletions."

    async def _make_up_for(self, since: float, until: float) -> bool:
        """Tell what changed between two connections, or that it can not be known now. Returns whether it was."""
        try:
            synced = await self._catch_up.since(
                self.room_id, since - _OVERLAP, lambda why, seconds: self.show("catching_up", why, seconds)
            )
        except RefusedError as error:
            _log.info("room %s can not catch up: %s", self.room_id, error)
            gap = Gap(self.room_id, since, until)
            self._tell(gap)
            if error.refusal.kind in TRANSIENT:
                self._gaps.append(gap)
            self._end_of_catching_up(until)
            return False
        self._take_synced(synced, since)
        return True

    def _take_synced(self, synced: wire.SyncResult, since: float) -> None:
        self._end_of_catching_up(max([since, *(self._take_missed(raw) for raw in synced.updated)]))
        self.receive("deleteMessage", synced.deleted)

    async def _fill_gaps(self, pause: float) -> None:
        """Look again for what could not be found when it was missed, first after so many seconds."""
        while self._gaps:
            await asyncio.sleep(pause)
            pause = min(max(2 * pause, _FIRST_LOOK), _LONGEST_LOOK)
            since = self._seen_until or 0.0
            self._newer = {}
            try:
                synced = await self._catch_up.since(self.room_id, self._gaps[0].since - _OVERLAP, tries=_LOOKS)
            except RefusedError as error:
                _log.info("room %s: what was missed is still not known: %s", self.room_id, error)
                self._end_of_catching_up(since)
                if error.refusal.kind not in TRANSIENT:
                    self._gaps.clear()
            else:
                self._take_synced(synced, since)
                for gap in self._gaps:
                    self._tell(GapFilled(gap.room_id, gap.since, gap.until))
                self._gaps.clear()
                await self._look_for_hidden()

    async def _look_for_hidden(self) -> None:
        """Tell which messages were hidden while nobody listened, as soon as that can be asked for."""
        for _ in range(_TRIES):
            try:
                gone = await self._hidden.among(self.room_id, self._memory)
            except RefusedError as error:
                refusal = error.refusal
                _log.info("room %s: it is not known what was hidden in it: %s", self.room_id, error)
                if refusal.kind not in TRANSIENT:
                    return
                await asyncio.sleep(_PAUSE if refusal.retry_after is None else refusal.retry_after)
            else:
                for message_id in gone:
                    self._receive_removal(wire.Removal(message_id))
                return

    def _take_missed(self, raw: Raw) -> float:
        """Tell a missed message, unless something newer came live already. Returns when it changed, or 0."""
        try:
            read = wire.read(raw, wire.Message)
            changed_at = translate.seconds(read.updated_at) or 0.0
            if self._newer is None or changed_at > self._newer.get(read.id, 0.0):
                self._tell_message(read, translate.message(read))
        except wire.MalformedError as error:
            self._note_unreadable(error)
            return 0.0
        return changed_at

    def _end_of_catching_up(self, seen_until: float) -> None:
        self._seen_until = max(seen_until, self._latest)
        self._newer = None


def _its_turn_comes() -> Refusal:
    return Refusal(
        kind=RefusalKind.THROTTLED,
        cause=f"The server lets {PER_CONNECTION // 2} rooms be opened in {SECONDS:g} seconds; this one waits its turn.",
    )
