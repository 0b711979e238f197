"""What happens in one room, from the frames of the realtime API to events of the model."""

import asyncio
import logging
import math

from msgspec import Raw

from quell_providers.model import Deleted, Edited, Event, Gap, LinkState, Posted, StateChanged
from quell_providers.refusal import TRANSIENT, Refusal, RefusalKind, RefusedError
from quell_providers.rocketchat import translate, wire
from quell_providers.rocketchat.ddp import DdpConnection
from quell_providers.rocketchat.rest import Rest

Followers = asyncio.Queue[Event | None]
"""Events for one follower, in order; `None` is the end."""

_log = logging.getLogger(__name__)

_OVERLAP = 5.0
"""Seconds asked for once more when catching up: what was written together may have been announced in another order."""
_TRIES = 5
_PAUSE = 5.0
"""Seconds before another try to catch up, where the server does not say how long."""
_THROTTLED_PAUSE = 40.0
"""Seconds before subscribing again, where the server does not say how long: the whole window of that limit."""


class RoomStream:
    """One room's live stream, however often its connection changes.

    Args:
        room_id: The room.
        rest: For what was missed while there was no connection.
    """

    def __init__(self, room_id: str, rest: Rest) -> None:
        self.room_id = room_id
        self._rest = rest
        self._followers: list[Followers] = []
        self._state = StateChanged(room_id, "connecting")
        self._seen_until: float | None = None
        """Everything up to here was seen, Unix seconds by the server's clock; it stands still while catching up."""
        self._latest = 0.0
        """When the newest change was made that came live, by the server's clock."""
        self._newer: dict[str, float] | None = None
        """While catching up: messages that something came live about meanwhile, and when that happened."""

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
        why = refusal or Refusal(kind=RefusalKind.UNAVAILABLE)
        self._state = StateChanged(self.room_id, state, why.detail, why.cause, why.remedy, retry_in)
        self._tell(self._state)

    def end(self) -> None:
        """Nothing more will come."""
        for follower in self._followers:
            follower.put_nowait(None)
        self._followers.clear()

    async def bring_up(self, connection: DdpConnection) -> None:
        """Subscribe on a new connection, and catch up on what was missed since the one before.

        Raises:
            RefusedError: The room can not be followed, or the connection ended.
        """
        since = self._seen_until
        if since is None:
            self._seen_until = self._rest.server_time()
        else:
            self._newer = {}
        await self._subscribe(connection)
        until = self._rest.server_time()
        self.show("live")
        if since is not None:
            await self._catch_up(since, until)

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
                _log.info("an event in room %s can not be read: %s", self.room_id, error)

    def _receive_message(self, raw: wire.Message) -> None:
        event = _event(raw)
        changed_at = translate.seconds(raw.updated_at) or 0.0
        self._latest = max(self._latest, changed_at)
        if self._newer is not None:
            self._newer[raw.id] = changed_at
        elif self._seen_until is not None:
            self._seen_until = max(self._seen_until, self._latest)
        self._tell(event)

    def _receive_removal(self, removal: wire.Removal) -> None:
        if self._newer is not None:
            self._newer[removal.id] = math.inf  # nothing comes after a deletion
        self._tell(Deleted(self.room_id, removal.id, at=translate.seconds(removal.deleted_at)))

    def _receive_bulk(self, bulk: wire.BulkRemoval) -> None:
        if not bulk.files_only:
            for message_id in bulk.ids or ():
                self._receive_removal(wire.Removal(message_id))

    def _tell(self, event: Event) -> None:
        for follower in self._followers:
            follower.put_nowait(event)

    async def _subscribe(self, connection: DdpConnection) -> None:
        while True:
            try:
                for stream, key in self.subscriptions:
                    await connection.subscribe(stream, key)
            except RefusedError as error:
                if error.refusal.kind is not RefusalKind.THROTTLED:
                    raise
                pause = error.refusal.retry_after or _THROTTLED_PAUSE
                self.show("reconnecting", error.refusal, pause)
                await asyncio.sleep(pause)
            else:
                return

    async def _catch_up(self, since: float, until: float) -> None:
        """Tell what changed between two connections (`chat.syncMessages`), or that it can not be known."""
        try:
            synced = await self._missed(since - _OVERLAP)
        except RefusedError as error:
            _log.info("room %s can not catch up: %s", self.room_id, error)
            self._tell(Gap(self.room_id, since, until))
            self._end_of_catching_up(until)
        else:
            self._end_of_catching_up(max([since, *(self._take_missed(raw) for raw in synced.updated)]))
            for removal in synced.deleted:
                self.receive("deleteMessage", [removal])

    async def _missed(self, since: float) -> wire.SyncResult:
        params = {"roomId": self.room_id, "lastUpdate": translate.iso(since)}
        for _ in range(_TRIES - 1):
            try:
                return (await self._rest.get("chat.syncMessages", wire.Synced, params)).result
            except RefusedError as error:
                if error.refusal.kind not in TRANSIENT:
                    raise
                await asyncio.sleep(error.refusal.retry_after or _PAUSE)
        return (await self._rest.get("chat.syncMessages", wire.Synced, params)).result

    def _take_missed(self, raw: Raw) -> float:
        """Tell a missed message, unless something newer came live already. Returns when it changed, or 0."""
        try:
            message = wire.read(raw, wire.Message)
            changed_at = translate.seconds(message.updated_at) or 0.0
            if self._newer is None or changed_at > self._newer.get(message.id, 0.0):
                self._tell(_event(message))
        except wire.MalformedError as error:
            _log.info("a missed message in room %s can not be read: %s", self.room_id, error)
            return 0.0
        return changed_at

    def _end_of_catching_up(self, seen_until: float) -> None:
        self._seen_until = max(seen_until, self._latest)
        self._newer = None


def _event(raw: wire.Message) -> Event:
    message = translate.message(raw)
    if message.deleted:
        return Deleted(message.room_id, message.id, at=translate.seconds(raw.edited_at))
    return Posted(message) if message.edited_at is None else Edited(message)
