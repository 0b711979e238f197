"""The rooms an account is in, and its rights in them: `rooms.get` joined with `subscriptions.get`."""

import asyncio
import logging
from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from msgspec import Raw

from quell_providers.model import Room
from quell_providers.rocketchat import translate, wire
from quell_providers.rocketchat.permissions import Membership
from quell_providers.rocketchat.rest import Rest

T = TypeVar("T")

_log = logging.getLogger(__name__)

_PAGE = 100
"""The server's own upper limit (`API_Upper_Count_Limit`)."""


class Listed(NamedTuple):
    """One room, with the account's own view of it."""

    room: wire.Room
    subscription: wire.Subscription | None

    def to_model(self) -> Room | None:
        """The room, or `None` where it is no chat room."""
        return translate.room(self.room, self.subscription)

    def membership(self) -> Membership:
        """The account's standing in the room."""
        return Membership(
            roles=frozenset(self.subscription.roles or () if self.subscription else ()),
            read_only=bool(self.room.ro),
            unmuted=frozenset(self.room.unmuted or ()),
        )


async def fetch(rest: Rest) -> list[Listed]:
    """Every room the account is in, by two calls. Raises `RefusedError`."""
    rooms, subscriptions = await asyncio.gather(
        rest.get("rooms.get", wire.Changes), rest.get("subscriptions.get", wire.Changes)
    )
    own = {entry.rid: entry for entry in read_each(subscriptions.update, wire.Subscription)}
    listed = (Listed(room, own.get(room.id)) for room in read_each(rooms.update, wire.Room))
    return [entry for entry in listed if entry.subscription is None or entry.subscription.status is None]


async def fetch_public(rest: Rest) -> list[wire.Room]:
    """Every public channel, over all pages (`channels.list`). Raises `RefusedError`.

    A page that brings nothing new is the last one, whatever the server says of how many there are.
    """
    found: dict[str, wire.Room] = {}
    offset = 0
    count = 0  # all at once, where the server lets us
    while True:
        page = await rest.get("channels.list", wire.Channels, {"count": str(count), "offset": str(offset)})
        before = len(found)
        found |= {room.id: room for room in read_each(page.channels, wire.Room)}
        offset += len(page.channels)
        count = _PAGE
        if len(found) == before or not isinstance(page.total, int) or offset >= page.total:
            return list(found.values())


def read_each(entries: Iterable[Raw], kind: type[T]) -> list[T]:
    """The entries of a list that can be read; the others are logged and left out."""
    found = []
    for raw in entries:
        try:
            found.append(wire.read(raw, kind))
        except wire.MalformedError as error:
            _log.info("a %s of the server can not be read: %s", kind.__name__, error)
    return found
