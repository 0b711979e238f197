"""Lists of rooms and of who is in them: `channels.list`, `channels.members` and their siblings."""

from functools import partial

from quell_providers.sandbox.rocketchat.documents import public_user, room, user
from quell_providers.sandbox.rocketchat.errors import forbidden, not_permitted
from quell_providers.sandbox.rocketchat.paging import STRICT_PAGE, page
from quell_providers.sandbox.rocketchat.places import room_type
from quell_providers.sandbox.rocketchat.reading import named_place, place_of_kind
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape, one_of
from quell_providers.sandbox.rocketchat.values import Check, blank_as_null, listing, nullable, number, text
from quell_providers.sandbox.rocketchat.versions import Feature, Version
from quell_providers.sandbox.rocketchat.wire import Document
from quell_providers.sandbox.world import Place


def routes(version: Version) -> tuple[Route, ...]:
    """The routes as this version has them."""
    if not version.has(Feature.ROOM_ROLES):
        return _ROUTES
    return (*_ROUTES, Route("GET", "/api/v1/rooms.roles", _room_roles, Shape({"rid": text}, ("rid",))))


def _channels(call: Call) -> Document:
    """`GET channels.list`: all public rooms, or the joined ones for those who may see no others."""
    permissions = call.workspace.permissions
    places = [place for place in call.workspace.world.places_of("rocketchat") if room_type(place) == "c"]
    if not permissions.has(call.person, "view-c-room"):
        if not permissions.has(call.person, "view-joined-room"):
            raise not_permitted()
        places = [place for place in places if call.person in place.members]
    return _page(call, "channels", [place for place in places if call.person not in place.banned])


def _joined(kind: str, key: str, call: Call) -> Document:
    """`GET channels.list.joined`, `groups.list`, `im.list`: the caller's own rooms of one type."""
    return _page(call, key, [place for place in call.workspace.joined(call.person) if room_type(place) == kind])


def _page(call: Call, key: str, places: list[Place]) -> Document:
    wanted = call.params.get("_id")
    found = [place for place in places if wanted in (None, place.id)]
    found.sort(key=lambda place: place.name)
    return page(call, key, found, lambda place: room(call.workspace, place))


def _members(kind: str, call: Call) -> Document:
    """`GET channels.members` and its siblings, by username; `filter` is a part of the name."""
    place = place_of_kind(call, kind)
    if not call.workspace.permissions.can_access(call.person, place):
        raise forbidden()
    wanted = str(call.params.get("filter") or "").lower()
    found = [member for member in place.members if wanted in f"{member.username} {member.name}".lower()]
    found.sort(key=lambda member: member.username)
    return page(call, "members", found, public_user)


def _roles(kind: str, call: Call) -> Document:
    """`GET channels.roles`, `groups.roles`: who holds which roles in a room."""
    return {"roles": _holders(place_of_kind(call, kind))}


def _room_roles(call: Call) -> Document:
    """`GET rooms.roles` of a room of any type."""
    place = call.workspace.place(call.params["rid"])
    if place is None or not call.workspace.permissions.can_access(call.person, place):
        raise forbidden()
    return {"roles": _holders(place)}


def _holders(place: Place) -> list[Document]:
    return [
        {"_id": f"{place.id}{member.id}"[:34], "rid": place.id, "u": user(member), "roles": sorted(roles)}
        for member in place.members
        if (roles := place.roles.get(member.id))
    ]


def _moderators(kind: str, call: Call) -> Document:
    """`GET channels.moderators`, `groups.moderators`."""
    place = place_of_kind(call, kind)
    holders = [member for member in place.members if "moderator" in place.roles.get(member.id, ())]
    return {"moderators": [user(member) for member in holders]}


def _find(call: Call) -> Document:
    """`GET channels.info`, `groups.info` under the type's own key."""
    place = named_place(call)
    kind = "p" if place is not None and room_type(place) == "p" else "c"
    return {"group" if kind == "p" else "channel": room(call.workspace, place_of_kind(call, kind))}


_LIST: dict[str, Check] = {"_id": text, "query": text, **STRICT_PAGE, "fields": text}
_NAMED = one_of(Shape({"roomId": text}, ("roomId",)), Shape({"roomName": text}, ("roomName",)))
_FILTER: dict[str, Check] = {
    "offset": blank_as_null(number),
    "count": blank_as_null(number),
    "filter": nullable(text),
    "status": blank_as_null(listing(text)),
}
_DIRECT_FILTER: dict[str, Check] = {"status": listing(text), "filter": text, "query": text, **STRICT_PAGE}
_OF_ROOM = one_of(
    Shape({"roomId": text, **_FILTER}, ("roomId",)),
    Shape({"roomName": text, **_FILTER}, ("roomName",)),
)
_OF_DIRECT = one_of(
    Shape({"roomId": text, **_DIRECT_FILTER}, ("roomId",)),
    Shape({"username": text, **_DIRECT_FILTER}, ("username",)),
)

_ROUTES = (
    Route("GET", "/api/v1/channels.list", _channels, Shape(_LIST)),
    Route("GET", "/api/v1/channels.list.joined", partial(_joined, "c", "channels"), Shape(_LIST)),
    Route("GET", "/api/v1/groups.list", partial(_joined, "p", "groups")),
    Route("GET", "/api/v1/im.list", partial(_joined, "d", "ims"), Shape(_LIST)),
    Route("GET", "/api/v1/dm.list", partial(_joined, "d", "ims"), Shape(_LIST)),
    Route("GET", "/api/v1/channels.info", _find, _NAMED),
    Route("GET", "/api/v1/groups.info", _find, _NAMED),
    Route("GET", "/api/v1/channels.members", partial(_members, "c"), _OF_ROOM),
    Route("GET", "/api/v1/groups.members", partial(_members, "p"), _OF_ROOM),
    Route("GET", "/api/v1/im.members", partial(_members, "d"), _OF_DIRECT),
    Route("GET", "/api/v1/dm.members", partial(_members, "d"), _OF_DIRECT),
    Route("GET", "/api/v1/channels.roles", partial(_roles, "c"), _NAMED),
    Route("GET", "/api/v1/groups.roles", partial(_roles, "p"), _NAMED),
    Route("GET", "/api/v1/channels.moderators", partial(_moderators, "c"), _NAMED),
    Route("GET", "/api/v1/groups.moderators", partial(_moderators, "p"), _NAMED),
)
