"""What is done to members of a room: mute, kick, ban, and the roles they hold there."""

from collections.abc import Callable
from functools import partial

from quell_providers.sandbox.rocketchat import membership
from quell_providers.sandbox.rocketchat.documents import room, user
from quell_providers.sandbox.rocketchat.errors import MeteorError, failure
from quell_providers.sandbox.rocketchat.paging import page
from quell_providers.sandbox.rocketchat.places import is_member, room_type
from quell_providers.sandbox.rocketchat.reading import named_person, place_of_kind
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape, one_of
from quell_providers.sandbox.rocketchat.values import Check, blank_as_null, filled, listing, nullable, number, text
from quell_providers.sandbox.rocketchat.versions import Feature, Version
from quell_providers.sandbox.rocketchat.wire import Document
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import Person, Place

Deed = Callable[[Workspace, Place, Person, Person], None]

_NO_ACCESS = 'The required "roomId" or "roomName" param provided does not match any group'
_LAST_OWNER = "You are the last owner. Please set new owner before"


def routes(version: Version) -> tuple[Route, ...]:
    """The routes as this version has them."""
    return (*_ROUTES, *_BANS) if version.has(Feature.BANS) else _ROUTES


def _mute(deed: Deed, call: Call) -> Document:
    """`POST rooms.muteUser`, `rooms.unmuteUser`."""
    place = call.workspace.place(call.params["roomId"])
    if not call.workspace.permissions.has(call.person, "mute-user", place):
        raise MeteorError("error-not-allowed", "Not allowed")
    if place is None:
        raise MeteorError("error-invalid-room", "Invalid room")
    if room_type(place) == "d":
        raise MeteorError("error-invalid-room-type", "d is not a valid room type")
    person = named_person(call)
    if not is_member(place, person):
        raise MeteorError("error-user-not-in-room", "User is not in this room")
    deed(call.workspace, place, person, call.person)
    return {}


def _kick(kind: str, key: str, call: Call) -> Document:
    """`POST channels.kick`, `groups.kick`."""
    place, person = place_of_kind(call, kind), named_person(call)
    if not call.workspace.permissions.has(call.person, "remove-user", place):
        raise MeteorError("error-not-allowed", "Not allowed")
    if not is_member(place, person):
        raise MeteorError("error-user-not-in-room", "User is not in this room")
    if membership.is_last_owner(place, person):
        raise MeteorError("error-you-are-last-owner", f"{_LAST_OWNER} leaving the room.")
    membership.remove(call.workspace, place, person, call.person)
    return {key: room(call.workspace, place)}


def _ban(call: Call) -> Document:
    """`POST rooms.banUser`; its errors have no code."""
    place = _moderated(call)
    person = _named(call)
    if person in place.banned:
        raise failure("User is already banned from this room")
    if not is_member(place, person):
        raise failure("User is not in this room")
    if membership.is_last_owner(place, person):
        raise failure(f"{_LAST_OWNER} banning the user.")
    membership.ban(call.workspace, place, person, call.person)
    return {}


def _unban(call: Call) -> Document:
    """`POST rooms.unbanUser`."""
    place = _moderated(call)
    person = _named(call)
    if person not in place.banned:
        raise failure("User is not banned from this room")
    membership.unban(call.workspace, place, person, call.person)
    return {}


def _banned(call: Call) -> Document:
    """`GET rooms.bannedUsers`."""
    return page(call, "bannedUsers", _moderated(call).banned, user)


def _moderated(call: Call) -> Place:
    """The room, where the caller may ban people."""
    place = call.workspace.place(call.params["roomId"])
    may_ban = place is not None and call.workspace.permissions.has(call.person, "ban-user", place)
    if place is None or not may_ban or room_type(place) == "d":
        raise failure("Not allowed")
    if not call.workspace.permissions.can_access(call.person, place):
        raise failure(_NO_ACCESS)
    return place


def _named(call: Call) -> Person:
    try:
        return named_person(call)
    except MeteorError:
        raise failure("User not found") from None


def _set_role(
    kind: str, role: str, change: Callable[[Workspace, Person, str, Place | None], None], call: Call
) -> Document:
    """`POST channels.addModerator` and its siblings."""
    place, person = place_of_kind(call, kind), named_person(call)
    if not call.workspace.permissions.has(call.person, f"set-{role}", place):
        raise MeteorError("error-not-allowed", "Not allowed")
    if not is_member(place, person):
        raise MeteorError("error-user-not-in-room", "User is not in this room")
    change(call.workspace, person, role, place)
    return {}


_ONE_ID: dict[str, Check] = {"userId": filled, "roomId": filled}
_ONE_NAME: dict[str, Check] = {"username": filled, "roomId": filled}
_MEMBER = one_of(Shape(_ONE_ID, ("userId", "roomId")), Shape(_ONE_NAME, ("username", "roomId")))
_KICKED = one_of(
    Shape({"roomId": text, "userId": text}, ("roomId", "userId")),
    Shape({"roomName": text, "userId": text}, ("roomName", "userId")),
)
_WHOM: dict[str, Check] = {
    "userId": nullable(text),
    "username": nullable(text),
    "user": nullable(text),
    "userIds": blank_as_null(listing(text)),
    "usernames": blank_as_null(listing(text)),
}
_GROUP_KICKED = one_of(Shape({"roomId": text, **_WHOM}, ("roomId",)), Shape({"roomName": text, **_WHOM}, ("roomName",)))

_ROUTES = (
    Route("POST", "/api/v1/rooms.muteUser", partial(_mute, membership.mute), _MEMBER),
    Route("POST", "/api/v1/rooms.unmuteUser", partial(_mute, membership.unmute), _MEMBER),
    Route("POST", "/api/v1/channels.kick", partial(_kick, "c", "channel"), _KICKED),
    Route("POST", "/api/v1/groups.kick", partial(_kick, "p", "group"), _GROUP_KICKED),
    *(
        Route("POST", f"/api/v1/{prefix}.{verb}{role.title()}", partial(_set_role, kind, role, change))
        for prefix, kind in (("channels", "c"), ("groups", "p"))
        for role in ("moderator", "owner")
        for verb, change in (("add", membership.give_role), ("remove", membership.take_role))
    ),
)
_BANS = (
    Route("POST", "/api/v1/rooms.banUser", _ban, _MEMBER),
    Route("POST", "/api/v1/rooms.unbanUser", _unban, _MEMBER),
    Route(
        "GET",
        "/api/v1/rooms.bannedUsers",
        _banned,
        Shape({"roomId": filled, "count": blank_as_null(number), "offset": blank_as_null(number)}, ("roomId",)),
    ),
)
