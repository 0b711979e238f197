"""What the realtime API tells of the account itself: its rooms, its rights, and what it has not read."""

import asyncio
import logging
from collections.abc import Callable

from msgspec import Raw

from quell_providers.model import RoomGone, RoomsEvent
from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from quell_providers.rocketchat import rooms, wire
from quell_providers.rocketchat.credentials import Credentials
from quell_providers.rocketchat.ddp import DdpConnection
from quell_providers.rocketchat.directory import Directory
from quell_providers.rocketchat.pacing import SECONDS
from quell_providers.rocketchat.rest import Rest

Watchers = asyncio.Queue[RoomsEvent | Refusal | None]
"""Events for one who watches the list of rooms; a refusal or `None` is the end."""

_log = logging.getLogger(__name__)

MY_MESSAGES = "__my_messages__"
"""The key of `stream-room-messages` that brings the messages of every room."""


class AccountStream:
    """Follows the account over whichever connection there is.

    Args:
        credentials: Whose account it is.
        rest: To list the rooms again after a connection was lost.
        directory: The rooms, which are kept fresh.
        on_removed: Called with the id of a room that the account is no longer in.
        on_rights: Called when what the account may do, or the server's settings, may have changed.
    """

    def __init__(
        self,
        credentials: Credentials,
        rest: Rest,
        directory: Directory,
        on_removed: Callable[[str], None],
        on_rights: Callable[[], None],
    ) -> None:
        self._credentials = credentials
        self._rest = rest
        self._directory = directory
        self._on_removed = on_removed
        self._on_rights = on_rights
        self._watchers: list[Watchers] = []

    @property
    def is_watched(self) -> bool:
        """Somebody wants to know how the list of rooms changes."""
        return bool(self._watchers)

    def watch(self) -> Watchers:
        """A new watcher."""
        watcher = Watchers()
        self._watchers.append(watcher)
        return watcher

    def unwatch(self, watcher: Watchers) -> None:
        """Take a watcher out."""
        if watcher in self._watchers:
            self._watchers.remove(watcher)

    def end(self, refusal: Refusal | None = None) -> None:
        """Nothing more will come, for this reason if there is one."""
        for watcher in self._watchers:
            watcher.put_nowait(refusal)
        self._watchers.clear()

    async def bring_up(self, connection: DdpConnection) -> None:
        """Subscribe on a connection, and find out what changed before that was done.

        Raises:
            RefusedError: The connection ended.
        """
        for stream, key in self._subscriptions():
            await self._subscribe(connection, stream, key)
        if self.is_watched:
            try:
                self._tell(self._directory.fill(await rooms.fetch(self._rest)))
            except RefusedError as error:
                _log.info("the rooms can not be listed again: %s", error)

    def receive(self, topic: str, args: list[Raw]) -> None:
        """Take in an event of the account."""
        try:
            if topic == "subscriptions-changed":
                self._take_subscription(wire.read(args[0], str), wire.read(args[1], wire.Subscription))
            elif topic == "rooms-changed":
                action, room = wire.read(args[0], str), wire.read(args[1], wire.Room)
                self._tell(self._directory.take_room(action, room))
                if action == "removed":
                    self._on_removed(room.id)
        except (wire.MalformedError, IndexError) as error:
            _log.info("an event of the account can not be read: %s", error)

    def receive_message(self, args: list[Raw]) -> None:
        """Take in a message of any room (`__my_messages__`)."""
        try:
            message = wire.read(args[0], wire.Message)
            self._tell(self._directory.count_message(message, self._credentials.user_id))
        except (wire.MalformedError, IndexError) as error:
            _log.info("a message of some room can not be read: %s", error)

    def rights_changed(self) -> None:
        """Permissions, roles or settings of the workspace changed."""
        self._on_rights()

    def _take_subscription(self, action: str, subscription: wire.Subscription) -> None:
        room_id = subscription.rid
        roles = self._directory.roles(room_id)
        events = self._directory.take_subscription(action, subscription)
        self._tell(events)
        if action == "removed" or any(isinstance(event, RoomGone) for event in events):
            self._on_removed(room_id)
        if roles != self._directory.roles(room_id):
            self._on_rights()

    def _tell(self, events: list[RoomsEvent]) -> None:
        for event in events:
            for watcher in self._watchers:
                watcher.put_nowait(event)

    def _subscriptions(self) -> list[tuple[str, str]]:
        user_id = self._credentials.user_id
        always = [
            ("stream-notify-user", f"{user_id}/subscriptions-changed"),
            ("stream-notify-logged", "permissions-changed"),
            ("stream-notify-logged", "roles-change"),
            ("stream-notify-all", "public-settings-changed"),
        ]
        watched = [("stream-notify-user", f"{user_id}/rooms-changed"), ("stream-room-messages", MY_MESSAGES)]
        return always + (watched if self.is_watched else [])

    async def _subscribe(self, connection: DdpConnection, stream: str, key: str) -> None:
        while True:
            try:
                await connection.subscribe(stream, key)
            except RefusedError as error:
                if error.refusal.kind is RefusalKind.UNAVAILABLE:
                    raise
                _log.info("%s is not to be had: %s", key, error)
                if error.refusal.kind is not RefusalKind.THROTTLED:
                    return
                await asyncio.sleep(SECONDS if error.refusal.retry_after is None else error.refusal.retry_after)
            else:
                return
