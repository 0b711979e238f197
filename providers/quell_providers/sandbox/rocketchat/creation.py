"""Opening, archiving and closing rooms: `channels.create` and its siblings, `rooms.createDiscussion`."""

import re
from functools import partial

from quell_providers.sandbox.rocketchat import membership
from quell_providers.sandbox.rocketchat.documents import room
from quell_providers.sandbox.rocketchat.errors import MeteorError, failure, forbidden
from quell_providers.sandbox.rocketchat.places import is_member
from quell_providers.sandbox.rocketchat.reading import existing_room, place_of_kind
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape, one_of
from quell_providers.sandbox.rocketchat.values import (
    Check,
    blank_as_null,
    boolean,
    flag,
    listing,
    mapping,
    nullable,
    text,
)
from quell_providers.sandbox.rocketchat.wire import Document
from quell_providers.sandbox.world import Person, Place

_VALID_NAME = re.compile(r"[0-9a-zA-Z-_.]+")


def _create(kind: str, key: str, call: Call) -> Document:
    """`POST channels.create`, `groups.create` with `{name, members?, readOnly?, extraData?}`; the caller owns it."""
    workspace, params = call.workspace, call.params
    if not workspace.permissions.has(call.person, f"create-{kind}"):
        raise forbidden()
    name = str(params["name"])
    if not _VALID_NAME.fullmatch(name):
        raise MeteorError("error-invalid-room-name", f"{name} is not a valid room name.")
    if workspace.place_named(name) is not None:
        raise MeteorError("error-duplicate-channel-name", f"A channel with name '{name}' exists")
    members = [] if params.get("excludeSelf") else [call.person]
    place = membership.open_room(workspace, kind, name, [*members, *_people(call)], owner=call.person)
    place.read_only = bool(params.get("readOnly"))
    extra = params.get("extraData")
    if isinstance(extra, dict):
        place.topic = str(extra.get("topic") or "")
        place.encrypted = bool(extra.get("encrypted"))
    return {key: room(workspace, place)}


def _people(call: Call) -> list[Person]:
    """Those in `members` whom there are."""
    names = call.params.get("members")
    found = [call.workspace.accounts.named(str(name)) for name in names] if isinstance(names, list) else []
    return [person for person in found if person is not None]


def _create_direct(call: Call) -> Document:
    """`POST im.create` with one `username` or several `usernames`, set apart by commas."""
    names = str(call.params.get("usernames") or call.params.get("username") or "")
    people = [call.workspace.accounts.named(name.strip()) for name in names.split(",")]
    if None in people or not names:
        raise MeteorError("error-invalid-user", "Invalid user")
    members = [call.person, *(person for person in people if person is not None)]
    place = membership.direct_room(call.workspace, members)
    return {"room": {**room(call.workspace, place), "rid": place.id}}


def _create_discussion(call: Call) -> Document:
    """`POST rooms.createDiscussion` in the room `prid`, with `t_name`; a message there tells of it."""
    workspace = call.workspace
    for name in ("prid", "t_name"):
        if not call.params[name]:
            raise failure(f'Body parameter "{name}" is required.')
    parent = workspace.place(call.params["prid"])
    if parent is None or not workspace.permissions.can_access(call.person, parent):
        raise MeteorError("error-invalid-room", "Invalid room")
    if not workspace.permissions.has(call.person, "start-discussion", parent):
        raise MeteorError("error-action-not-allowed", "You are not allowed to create a discussion")
    name = str(call.params["t_name"])
    place = membership.open_room(workspace, "discussion", name, [call.person], owner=call.person)
    place.parent_id = parent.id
    workspace.world.post(parent, call.person, name, system="discussion-created", discussion_id=place.id)
    return {"discussion": room(workspace, place)}


def _delete(kind: str, call: Call) -> Document:
    """`POST channels.delete`, `groups.delete`."""
    return _close(call, place_of_kind(call, kind))


def _delete_any(call: Call) -> Document:
    """`POST rooms.delete` of a room of any type."""
    return _close(call, existing_room(call))


def _close(call: Call, place: Place) -> Document:
    if not call.workspace.permissions.has(call.person, "delete-room", place):
        raise MeteorError("error-not-allowed", "Not allowed")
    membership.close_room(call.workspace, place)
    return {}


def _archive(kind: str, call: Call) -> Document:
    """`POST channels.archive`, `groups.archive`."""
    return _set_archived(call, kind, value=True)


def _unarchive(kind: str, call: Call) -> Document:
    """`POST channels.unarchive`, `groups.unarchive`."""
    return _set_archived(call, kind, value=False)


def _set_archived(call: Call, kind: str, *, value: bool) -> Document:
    place = place_of_kind(call, kind)
    if not call.workspace.permissions.has(call.person, "archive-room", place):
        raise MeteorError("error-not-authorized", "Not authorized")
    membership.set_archived(call.workspace, place, archived=value)
    return {}


def _join(call: Call) -> Document:
    """`POST channels.join`."""
    place = place_of_kind(call, "c")
    if not call.workspace.permissions.can_access(call.person, place):
        raise MeteorError("error-not-allowed", "Not allowed")
    if not is_member(place, call.person):
        membership.join(call.workspace, place, call.person)
    return {"channel": room(call.workspace, place)}


_EXTRA = Shape(
    {"broadcast": boolean, "encrypted": boolean, "teamId": text, "topic": text, "federated": boolean},
)
_CHANNEL = Shape(
    {
        "name": text,
        "members": listing(text),
        "teams": listing(text),
        "readOnly": boolean,
        "customFields": mapping,
        "excludeSelf": boolean,
        "extraData": _EXTRA,
    },
    ("name",),
)
_GROUP = Shape(
    {
        "name": text,
        "members": blank_as_null(listing(text)),
        "readOnly": flag,
        "excludeSelf": flag,
        "customFields": blank_as_null(mapping),
        "extraData": blank_as_null(_EXTRA),
    },
    ("name",),
)
_DISCUSSION: dict[str, Check] = {
    "prid": text,
    "pmid": nullable(text),
    "t_name": nullable(text),
    "users": blank_as_null(listing(text)),
    "encrypted": flag,
    "reply": nullable(text),
    "topic": nullable(text),
}
_DIRECT = one_of(
    Shape({"usernames": text, "excludeSelf": boolean}, ("usernames",)),
    Shape({"username": text, "excludeSelf": boolean}, ("username",)),
)
_NAMED = one_of(Shape({"roomId": text}, ("roomId",)), Shape({"roomName": text}, ("roomName",)))

ROUTES = (
    Route("POST", "/api/v1/channels.create", partial(_create, "c", "channel"), _CHANNEL),
    Route("POST", "/api/v1/groups.create", partial(_create, "p", "group"), _GROUP),
    Route("POST", "/api/v1/im.create", _create_direct, _DIRECT),
    Route("POST", "/api/v1/dm.create", _create_direct, _DIRECT),
    Route("POST", "/api/v1/rooms.createDiscussion", _create_discussion, Shape(_DISCUSSION, ("prid", "t_name"))),
    Route("POST", "/api/v1/channels.delete", partial(_delete, "c"), _NAMED),
    Route("POST", "/api/v1/groups.delete", partial(_delete, "p"), _NAMED),
    Route("POST", "/api/v1/rooms.delete", _delete_any, Shape({"roomId": text}, ("roomId",))),
    Route("POST", "/api/v1/channels.archive", partial(_archive, "c"), _NAMED),
    Route("POST", "/api/v1/groups.archive", partial(_archive, "p"), _NAMED),
    Route("POST", "/api/v1/channels.unarchive", partial(_unarchive, "c"), _NAMED),
    Route("POST", "/api/v1/groups.unarchive", partial(_unarchive, "p"), _NAMED),
    Route("POST", "/api/v1/channels.join", _join, _NAMED),
)
