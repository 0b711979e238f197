"""The rooms that somebody is in: `rooms.get`, `subscriptions.get`, `rooms.info`."""

from quell_providers.sandbox.rocketchat.documents import room, subscription, user
from quell_providers.sandbox.rocketchat.errors import MeteorError, failure
from quell_providers.sandbox.rocketchat.places import creator, room_type, unique_name
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape, one_of, text
from quell_providers.sandbox.rocketchat.wire import Document, parse_time
from quell_providers.sandbox.world import Place


def _rooms(call: Call) -> Document:
    """`GET rooms.get`: every kind of room together."""
    invalid = MeteorError(
        "error-updatedSince-param-invalid", 'The "updatedSince" query parameter must be a valid date.'
    )
    return {"update": [room(call.workspace, place) for place in _changed(call, invalid)], "remove": []}


def _subscriptions(call: Call) -> Document:
    """`GET subscriptions.get`: the caller's side of the same rooms."""
    # The server itself names another parameter here than the one that is wrong.
    invalid = MeteorError("error-roomId-param-invalid", 'The "lastUpdate" query parameter must be a valid date.')
    places = _changed(call, invalid)
    return {"update": [subscription(call.workspace, call.person, place) for place in places], "remove": []}


def _changed(call: Call, invalid: MeteorError) -> list[Place]:
    """The caller's rooms, or those that changed after `updatedSince`."""
    joined = call.workspace.joined(call.person)
    if not call.params.get("updatedSince"):
        return joined
    try:
        since = parse_time(str(call.params["updatedSince"]))
    except ValueError:
        raise invalid from None
    return [place for place in joined if call.workspace.rows.changed_at(place) > since]


def _info(call: Call) -> Document:
    """`GET rooms.info` by `roomId` or `roomName`, with a discussion's parent."""
    if "roomId" in call.params:
        place = call.workspace.place(call.params["roomId"])
    else:
        place = call.workspace.place_named(call.params["roomName"])
    if place is None:
        raise MeteorError(
            "error-room-not-found", 'The required "roomId" or "roomName" param provided does not match any channel'
        )
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


ROUTES = (
    Route("GET", "/api/v1/rooms.get", _rooms),
    Route("GET", "/api/v1/subscriptions.get", _subscriptions, Shape({"updatedSince": text})),
    Route(
        "GET",
        "/api/v1/rooms.info",
        _info,
        one_of(Shape({"roomId": text}, ("roomId",)), Shape({"roomName": text}, ("roomName",))),
    ),
)
