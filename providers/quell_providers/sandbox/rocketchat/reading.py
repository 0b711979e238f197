"""Times and rooms among the parameters of a request."""

from quell_providers.sandbox.rocketchat.errors import MeteorError
from quell_providers.sandbox.rocketchat.places import room_type
from quell_providers.sandbox.rocketchat.rest import Call
from quell_providers.sandbox.rocketchat.wire import parse_time
from quell_providers.sandbox.world import Person, Place

_KINDS = {"c": "channel", "p": "group", "d": "direct message"}


def time_param(call: Call, name: str) -> float | None:
    """A time among the parameters, Unix seconds; `None` where it is missing or empty.

    Raises:
        MeteorError: It is no time.
    """
    value = call.params.get(name)
    if not value:
        return None
    try:
        return parse_time(str(value))
    except ValueError:
        raise MeteorError("error-invalid-date", "Invalid date") from None


def named_place(call: Call) -> Place | None:
    """The room that `roomId` or `roomName` means."""
    if "roomId" in call.params:
        return call.workspace.place(call.params["roomId"])
    return call.workspace.place_named(call.params.get("roomName"))


def place_of_kind(call: Call, kind: str) -> Place:
    """The room that the request means, which must be of one type: `c`, `p` or `d`.

    Raises:
        MeteorError: There is none; a private one is not there for those who may not see it.
    """
    place = named_place(call)
    visible = place is not None and (kind != "p" or call.workspace.permissions.can_access(call.person, place))
    if place is None or not visible or room_type(place) != kind:
        raise MeteorError("error-room-not-found", _absent(kind))
    return place


def existing_room(call: Call) -> Place:
    """The room of any type that `roomId` or `roomName` means. Raises `MeteorError` where there is none."""
    place = named_place(call)
    if place is None:
        raise MeteorError("error-room-not-found", _absent("c"))
    return place


def named_person(call: Call) -> Person:
    """The person that `userId`, `username` or `user` means.

    Raises:
        MeteorError: There is none.
    """
    params, people = call.params, call.workspace.world.people
    person = people.get(str(params["userId"])) if params.get("userId") else None
    if person is None:
        name = params.get("username") or params.get("user")
        person = call.workspace.accounts.named(str(name)) if name else None
    if person is None:
        raise MeteorError(
            "error-invalid-user",
            'The required "userId" or "username" param provided does not match any users',
        )
    return person


def _absent(kind: str) -> str:
    names = '"roomId" param' if kind == "d" else '"roomId" or "roomName" param'
    return f"The required {names} provided does not match any {_KINDS[kind]}"
