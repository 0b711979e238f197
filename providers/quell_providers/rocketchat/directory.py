"""The rooms of an account as they are now: listed once, then kept fresh by what the realtime API tells."""

from collections.abc import Iterable

from msgspec.structs import replace

from quell_providers.model import Room, RoomGone, RoomListed, RoomsEvent, Unread
from quell_providers.rocketchat import translate, wire
from quell_providers.rocketchat.rooms import Listed

_GONE = "removed"


class Directory:
    """Rooms with the account's own view of them; tells what changes."""

    def __init__(self) -> None:
        self._rooms: dict[str, wire.Room] = {}
        self._subscriptions: dict[str, wire.Subscription] = {}
        self._shown: dict[str, Room] = {}
        self._public: dict[str, wire.Room] = {}
        self._unread: dict[str, int] = {}
        self._counted: dict[str, tuple[float, set[str]]] = {}
        """By room: when the newest message was sent that counted as unread, and ids of those of that very time."""

    def find(self, room_id: str) -> wire.Room | None:
        """A room that the account is in, or that was found among the public ones."""
        return self._rooms.get(room_id) or self._public.get(room_id)

    def add_public(self, rooms: Iterable[wire.Room]) -> tuple[Room, ...]:
        """Take in public rooms. Returns those that the account is not in."""
        self._public.update((room.id, room) for room in rooms)
        others = (room for room in self._public.values() if room.id not in self._rooms)
        return tuple(found for room in others if (found := translate.public_room(room)) is not None)

    def fill(self, listed: Iterable[Listed]) -> list[RoomsEvent]:
        """Take in all rooms at once. Returns how that differs from what was known."""
        entries = list(listed)
        self._rooms = {entry.room.id: entry.room for entry in entries}
        self._subscriptions = {entry.room.id: entry.subscription for entry in entries if entry.subscription is not None}
        lost = [room_id for room_id in self._shown if room_id not in self._rooms]
        gone = [event for room_id in lost for event in self._remove(room_id)]
        return gone + [event for room_id in self._rooms for event in self._changed(room_id)]

    def rooms(self) -> tuple[Room, ...]:
        """Every room, in the order of the server."""
        return tuple(self._shown.values())

    def take_room(self, action: str, room: wire.Room) -> list[RoomsEvent]:
        """`rooms-changed`: `inserted`, `updated`, `removed`. Returns what is to be told."""
        if action == _GONE:
            return self._remove(room.id)
        self._rooms[room.id] = room
        return self._changed(room.id)

    def take_subscription(self, action: str, subscription: wire.Subscription) -> list[RoomsEvent]:
        """`subscriptions-changed`: `inserted`, `updated`, `removed`. Returns what is to be told."""
        room_id = subscription.rid
        if action == _GONE or subscription.status is not None:
            return self._remove(room_id)
        self._subscriptions[room_id] = subscription
        return self._changed(room_id) + self._count(room_id)

    def roles(self, room_id: str) -> frozenset[str]:
        """The account's roles in a room."""
        subscription = self._subscriptions.get(room_id)
        return frozenset(subscription.roles or ()) if subscription else frozenset()

    def count_message(self, raw: wire.Message, user_id: str) -> list[RoomsEvent]:
        """A message came in any room (`__my_messages__`). Returns the unread count that follows from it, if any.

        The same message comes again when it is edited, or gets a reply; only its first coming counts.
        """
        at = translate.seconds(raw.ts) or 0.0
        newest, ids = self._counted.get(raw.rid, (0.0, set()))
        counts = raw.u.id != user_id and raw.t in (None, "e2e") and raw.edited_at is None and not raw.tmid
        if raw.rid not in self._shown or not counts or at < newest or (at == newest and raw.id in ids):
            return []
        self._counted[raw.rid] = (at, ids | {raw.id} if at == newest else {raw.id})
        self._unread[raw.rid] = self._unread.get(raw.rid, 0) + 1
        return [Unread(raw.rid, self._unread[raw.rid])]

    def _count(self, room_id: str) -> list[RoomsEvent]:
        """Bring the count in line with the subscription, which may count mentions alone, but knows what was read."""
        own = self._subscriptions[room_id]
        before = self._unread.get(room_id, 0)
        told = own.unread or 0
        now = max(before, told) if told or own.alert else 0
        self._unread[room_id] = now
        return [Unread(room_id, now)] if now != before and room_id in self._shown else []

    def _changed(self, room_id: str) -> list[RoomsEvent]:
        """The room, if anything but what is unread differs from what was told."""
        room = self._rooms.get(room_id)
        parent = self._rooms.get(room.prid) if room and room.prid else None
        found = translate.room(room, self._subscriptions.get(room_id), parent) if room else None
        if found is None:
            return []
        known = self._shown.get(room_id)
        self._shown[room_id] = found
        if known is not None and replace(known, unread=0) == replace(found, unread=0):
            return []
        self._unread.setdefault(room_id, found.unread)
        return [RoomListed(found)]

    def _remove(self, room_id: str) -> list[RoomsEvent]:
        for known in (self._rooms, self._subscriptions, self._unread, self._counted):
            known.pop(room_id, None)
        return [RoomGone(room_id)] if self._shown.pop(room_id, None) is not None else []
