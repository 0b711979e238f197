"""The DDP methods that a client calls beside `login` and `logout`; `method.call` serves them over REST too."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from quell_providers.sandbox.rocketchat import announce
from quell_providers.sandbox.rocketchat.documents import message, permission, room, subscription
from quell_providers.sandbox.rocketchat.errors import AnswerError, MeteorError
from quell_providers.sandbox.rocketchat.places import room_type
from quell_providers.sandbox.rocketchat.rules import check_deletable
from quell_providers.sandbox.rocketchat.versions import Feature
from quell_providers.sandbox.rocketchat.wire import Document
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import Person, Place

_HISTORY_COUNT = 20


@dataclass(frozen=True, slots=True)
class Invocation:
    """A method call."""

    workspace: Workspace
    caller: Person | None
    params: list[object] = field(default_factory=list)

    @property
    def person(self) -> Person:
        """The caller of a method that needs a login. Raises `MeteorError`."""
        if self.caller is None:
            raise MeteorError("error-invalid-user", "Invalid user")
        return self.caller

    def param(self, number: int) -> object:
        """A parameter; `None` where there are fewer."""
        return self.params[number] if number < len(self.params) else None

    def room(self, room_id: object) -> Place:
        """A room that is there for the caller. Raises `MeteorError`."""
        place = self.workspace.place(room_id)
        if place is None or not self.workspace.permissions.can_access(self.person, place):
            raise MeteorError("error-not-allowed", "Not allowed")
        return place


Method = Callable[[Invocation], object]


def run(name: str, invocation: Invocation) -> object:
    """Call a method. Raises `MeteorError`, with 404 for one that there is not."""
    if name in ("stream-notify-room", "stream-notify-user"):
        return _write_to_stream(invocation)
    method = _METHODS.get(name)
    if method is None or (method is _delete and not invocation.workspace.version.has(Feature.DDP_DELETE)):
        raise MeteorError(404, f"Method '{name}' not found")
    return method(invocation)


def _rooms(call: Invocation) -> object:
    """`rooms/get` with the time of the last call: all rooms, or what changed."""
    return _since(call, lambda place: room(call.workspace, place))


def _subscriptions(call: Invocation) -> object:
    """`subscriptions/get` with the time of the last call: all subscriptions, or what changed."""
    return _since(call, lambda place: subscription(call.workspace, call.person, place))


def _since(call: Invocation, write: Callable[[Place], Document]) -> object:
    joined = call.workspace.joined(call.person)
    since = call.param(0)
    if not isinstance(since, datetime):
        return [write(place) for place in joined]
    changed = [place for place in joined if call.workspace.rows.changed_at(place) > since.timestamp()]
    return {"update": [write(place) for place in changed], "remove": []}


def _room_by_id(call: Invocation) -> object:
    """`getRoomById`."""
    return room(call.workspace, call.room(call.param(0)))


def _room_by_name(call: Invocation) -> object:
    """`getRoomByTypeAndName` with the type and the name, or the id of a direct room."""
    kind, name = call.param(0), call.param(1)
    place = call.workspace.place_named(name) or call.workspace.place(name)
    if place is None or room_type(place) != kind or not call.workspace.permissions.can_access(call.person, place):
        raise MeteorError("error-invalid-room", "Invalid room")
    return room(call.workspace, place)


def _history(call: Invocation) -> object:
    """`loadHistory` with the room, the time before which, how many, and when it was last seen: newest first."""
    place = call.room(call.param(0))
    before, count = call.param(1), call.param(2)
    shown = call.workspace.rows.visible(place)
    if isinstance(before, datetime):
        shown = [post for post in shown if post.sent_at < before.timestamp()]
    page = shown[: count if isinstance(count, int) and count > 0 else _HISTORY_COUNT]
    return {"messages": [message(call.workspace, post) for post in page], "unreadNotLoaded": 0}


def _single_message(call: Invocation) -> object:
    """`getSingleMessage`: nothing where there is none."""
    post = call.workspace.rows.find(str(call.param(0)))
    if post is None:
        return None
    call.room(post.place.id)
    return message(call.workspace, post)


def _delete(call: Invocation) -> object:
    """`deleteMessage` with `{_id}`, before version 7 only."""
    given = call.param(0)
    post = call.workspace.rows.find(str(given.get("_id"))) if isinstance(given, Mapping) else None
    if post is None:
        raise MeteorError("error-action-not-allowed", "Not allowed")
    try:
        check_deletable(call.workspace, call.person, post)
    except AnswerError:  # an error without a code is none of the client's business
        raise MeteorError(500, "Internal server error") from None
    call.workspace.world.delete(post, by=call.person.id)
    return None


def _permissions(call: Invocation) -> object:
    """`permissions/get`."""
    return [permission(call.workspace, name) for name in sorted(call.workspace.permissions.grants)]


def _public_settings(call: Invocation) -> object:
    """`public-settings/get`."""
    return [{"_id": name, "value": value} for name, value in call.workspace.settings.public().items()]


def _read(call: Invocation) -> object:
    """`readMessages` with the room, and whether its threads are read too."""
    workspace = call.workspace
    place = call.room(call.param(0))
    workspace.unread.read(call.person, place, workspace.world.clock.now(), threads=bool(call.param(1)))
    announce.subscription_changed(workspace, call.person, place)
    return None


def _accept(call: Invocation) -> object:
    """Presence: nobody here is ever away."""
    return None


def _write_to_stream(call: Invocation) -> object:
    """A client tells a room that it is typing; nobody may say so for somebody else."""
    event, username, activities = call.param(0), call.param(1), call.param(2)
    place_id, _, kind = str(event).partition("/")
    place = call.workspace.place(place_id)
    allowed = call.caller is not None and call.caller.username == username
    if place is None or kind != "user-activity" or not allowed:
        raise MeteorError("not-allowed")
    announce.is_active(call.workspace, place, str(username), activities if isinstance(activities, list) else [])
    return None


_METHODS: dict[str, Method] = {
    "UserPresence:away": _accept,
    "UserPresence:online": _accept,
    "UserPresence:ping": _accept,
    "UserPresence:setDefaultStatus": _accept,
    "deleteMessage": _delete,
    "getRoomById": _room_by_id,
    "getRoomByTypeAndName": _room_by_name,
    "getSingleMessage": _single_message,
    "loadHistory": _history,
    "permissions/get": _permissions,
    "public-settings/get": _public_settings,
    "readMessages": _read,
    "rooms/get": _rooms,
    "subscriptions/get": _subscriptions,
}
