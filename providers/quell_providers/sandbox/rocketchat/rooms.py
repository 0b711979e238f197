"""Finding rooms: `rooms.get`, `subscriptions.*`, `rooms.info`, `rooms.adminRooms`, `rooms.isMember`."""

from quell_providers.sandbox.rocketchat import announce
from quell_providers.sandbox.rocketchat.documents import room, subscription, user
from quell_providers.sandbox.rocketchat.errors import MeteorError, failure
from quell_providers.sandbox.rocketchat.paging import PAGE, page
from quell_providers.sandbox.rocketchat.places import creator, is_member, room_type, unique_name
from quell_providers.sandbox.rocketchat.reading import existing_room, named_person
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape, any_of, exactly_one, one_of
from quell_providers.sandbox.rocketchat.values import choice, filled, flag, nullable, query_list, text
from quell_providers.sandbox.rocketchat.wire import Document, parse_time
from quell_providers.sandbox.world import Place


def _rooms(call: Call) -> Document:
    """`GET rooms.get`: every kind of room together; with `updatedSince` what changed, and every room that closed."""
    since = _since(call, "error-updatedSince-param-invalid", 'The "updatedSince" query parameter must be a valid date.')
    return {
        "update": [room(call.workspace, place) for place in _changed(call, since)],
        "remove": call.workspace.departures.rooms_since(since) if since is not None else [],
    }


def _subscriptions(call: Call) -> Document:
    """`GET subscriptions.get`: the caller's side of the same rooms."""
    # The server itself names another parameter here than the one that is wrong.
    since = _since(call, "error-roomId-param-invalid", 'The "lastUpdate" query parameter must be a valid date.')
    gone = call.workspace.departures
    return {
        "update": [subscription(call.workspace, call.person, place) for place in _changed(call, since)],
        "remove": gone.subscriptions_since(since, call.person.id) if since is not None else [],
    }


def _since(call: Call, code: str, text: str) -> float | None:
    """`updatedSince`, Unix seconds. Raises `MeteorError` with the code and the text where it is no time."""
    given = call.params.get("updatedSince")
    try:
        return parse_time(str(given)) if given else None
    except ValueError:
        raise MeteorError(code, text) from None


def _changed(call: Call, since: float | None) -> list[Place]:
    """The caller's rooms, or those that changed."""
    joined = call.workspace.joined(call.person)
    return [place for place in joined if since is None or call.workspace.rows.changed_at(place) > since]


def _subscription(call: Call) -> Document:
    """`GET subscriptions.getOne`: nothing of a room that the caller is not in."""
    place = call.workspace.place(call.params["roomId"])
    joined = place is not None and is_member(place, call.person)
    return {"subscription": subscription(call.workspace, call.person, place) if place is not None and joined else None}


def _read(call: Call) -> Document:
    """`POST subscriptions.read` of the room `rid`, with `readThreads` its threads too."""
    workspace = call.workspace
    place = workspace.place(call.params.get("rid", call.params.get("roomId")))
    if place is None or not is_member(place, call.person):
        raise MeteorError("error-invalid-subscription", "Invalid subscription")
    now = workspace.world.clock.now()
    workspace.unread.read(call.person, place, now, threads=bool(call.params.get("readThreads")))
    workspace.rows.touch_place(place)
    announce.subscription_changed(workspace, call.person, place)
    return {}


def _info(call: Call) -> Document:
    """`GET rooms.info` by `roomId` or `roomName`, with a discussion's parent."""
    place = existing_room(call)
    if not call.workspace.permissions.can_access(call.person, place):
        raise failure("not-allowed", "Not Allowed")
    parent = call.workspace.place(place.parent_id)
    document: Document = {"room": room(call.workspace, place)}
    if parent is not None:
        document["parent"] = _parent(parent)
    return document


def _parent(place: Place) -> Document:
    owner = creator(place)
    document: Document = {"_id": place.id, "name": unique_name(place), "fname": place.name, "t": room_type(place)}
    return document | ({"u": user(owner)} if owner else {})


def _admin_rooms(call: Call) -> Document:
    """`GET rooms.adminRooms`: every room, by `filter` in its name and by `types`."""
    if not call.workspace.permissions.has(call.person, "view-room-administration"):
        raise failure("error-not-authorized")
    wanted, types = str(call.params.get("filter") or "").lower(), call.params.get("types")
    found = [
        place
        for place in call.workspace.world.places_of("rocketchat")
        if wanted in place.name.lower() and (not isinstance(types, list) or not types or _is_of(place, types))
    ]
    return page(call, "rooms", found, lambda place: room(call.workspace, place))


def _is_of(place: Place, types: list[object]) -> bool:
    return ("discussions" if place.kind == "discussion" else room_type(place)) in types


def _is_member(call: Call) -> Document:
    """`GET rooms.isMember` of `roomId`, by `userId` or `username`."""
    place = call.workspace.place(call.params["roomId"])
    if place is None or not call.workspace.permissions.can_access(call.person, place):
        raise MeteorError("error-room-not-found", 'The required "roomId" param provided does not match any room')
    return {"isMember": is_member(place, named_person(call))}


_TYPES = query_list(choice("c", "d", "p", "l", "discussions", "teams"))

ROUTES = (
    Route("GET", "/api/v1/rooms.get", _rooms),
    Route("GET", "/api/v1/subscriptions.get", _subscriptions, Shape({"updatedSince": nullable(text)})),
    Route("GET", "/api/v1/subscriptions.getOne", _subscription, Shape({"roomId": text}, ("roomId",))),
    Route(
        "POST",
        "/api/v1/subscriptions.read",
        _read,
        any_of(
            Shape({"rid": text, "readThreads": flag}, ("rid",)),
            Shape({"roomId": text, "readThreads": flag}, ("roomId",)),
        ),
    ),
    Route(
        "GET",
        "/api/v1/rooms.info",
        _info,
        one_of(Shape({"roomId": text}, ("roomId",)), Shape({"roomName": text}, ("roomName",))),
    ),
    Route(
        "GET",
        "/api/v1/rooms.adminRooms",
        _admin_rooms,
        Shape({"filter": nullable(text), "types": nullable(_TYPES), "query": nullable(text), **PAGE}),
    ),
    Route(
        "GET",
        "/api/v1/rooms.isMember",
        _is_member,
        Shape(
            {"roomId": filled, "userId": filled, "username": filled},
            choice=exactly_one(("roomId", "userId"), ("roomId", "username")),
        ),
    ),
)
