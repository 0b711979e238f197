"""The streams that can be subscribed to, and who may hear them."""

from collections.abc import Callable

from quell_providers.sandbox.rocketchat.errors import MeteorError
from quell_providers.sandbox.rocketchat.places import is_member, room_type
from quell_providers.sandbox.rocketchat.versions import Feature
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import Person

MESSAGES = "stream-room-messages"
ROOM = "stream-notify-room"
USER = "stream-notify-user"
LOGGED = "stream-notify-logged"
ALL = "stream-notify-all"
ROOM_DATA = "stream-room-data"
ROLES = "stream-roles"
PRESENCE = "stream-user-presence"

MY_MESSAGES = "__my_messages__"
"""The event of `stream-room-messages` that tells of every room its listener may see."""

Rule = Callable[[Workspace, Person | None, str], bool]


def check_subscription(workspace: Workspace, person: Person | None, stream: str, event: str) -> None:
    """Raise `MeteorError` unless the person (`None`: nobody logged in) may hear this event of this stream."""
    rule = _RULES.get(stream)
    if rule is None:
        raise MeteorError(404, f"Subscription '{stream}' not found")
    if not event:
        raise MeteorError("invalid-event-name")
    if not rule(workspace, person, event):
        raise MeteorError("not-allowed")


def _may_hear_messages(workspace: Workspace, person: Person | None, event: str) -> bool:
    """`<room id>`, for whom the room is there or whoever may preview it; `__my_messages__` is open to everybody,
    and filtered message by message.
    """
    if event == MY_MESSAGES or _may_see_room(workspace, person, event):
        return True
    place = workspace.place(event)
    if person is None or place is None or room_type(place) != "c" or person in place.banned:
        return False
    return workspace.permissions.has(person, "preview-c-room")


def _may_hear_room(workspace: Workspace, person: Person | None, event: str) -> bool:
    """`<room id>/<event>`, for whom the room is there; in older versions for members only."""
    place_id = event.split("/")[0]
    if workspace.version.has(Feature.ROOM_EVENTS_NEED_MEMBERSHIP):
        place = workspace.place(place_id)
        return person is not None and place is not None and is_member(place, person)
    return _may_see_room(workspace, person, place_id)


def _may_see_room(workspace: Workspace, person: Person | None, place_id: str) -> bool:
    place = workspace.place(place_id)
    return person is not None and place is not None and workspace.permissions.can_access(person, place)


def _may_hear_user(workspace: Workspace, person: Person | None, event: str) -> bool:
    """`<user id>/<event>`, for oneself only."""
    return person is not None and event.split("/")[0] == person.id


def _is_logged_in(workspace: Workspace, person: Person | None, event: str) -> bool:
    return person is not None


def _may_hear_all(workspace: Workspace, person: Person | None, event: str) -> bool:
    """Everybody, but private settings are for those who may see them."""
    if event != "private-settings-changed":
        return True
    return person is not None and workspace.permissions.has(person, "view-privileged-setting")


def _nobody(workspace: Workspace, person: Person | None, event: str) -> bool:
    return False


_RULES: dict[str, Rule] = {
    MESSAGES: _may_hear_messages,
    ROOM: _may_hear_room,
    USER: _may_hear_user,
    LOGGED: _is_logged_in,
    ALL: _may_hear_all,
    ROOM_DATA: _may_see_room,
    ROLES: _is_logged_in,
    PRESENCE: _is_logged_in,
    "stream-notify-room-users": _nobody,
}
