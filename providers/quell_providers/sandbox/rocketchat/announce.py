"""What clients are told of rooms, members, rights and settings; of messages tells `events`."""

from quell_providers.sandbox.rocketchat import streams
from quell_providers.sandbox.rocketchat.documents import permission, room, subscription, subscription_id, user
from quell_providers.sandbox.rocketchat.places import room_type
from quell_providers.sandbox.rocketchat.settings import Setting
from quell_providers.sandbox.rocketchat.wire import Document, instant
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import ALPHABET, Person, Place


def room_changed(workspace: Workspace, place: Place, action: str = "updated") -> None:
    """`rooms-changed` to every member: `inserted`, `updated` or `removed`."""
    events = [f"{member.id}/rooms-changed" for member in place.members]
    heard = [event for event in events if workspace.hub.listening(streams.USER, event)]
    if heard:
        document = room(workspace, place)
        for event in heard:
            workspace.hub.tell(streams.USER, event, action, document)


def subscription_changed(workspace: Workspace, person: Person, place: Place, action: str = "updated") -> None:
    """`subscriptions-changed` to one member."""
    event = f"{person.id}/subscriptions-changed"
    if workspace.hub.listening(streams.USER, event):
        workspace.hub.tell(streams.USER, event, action, subscription(workspace, person, place))


def joined(workspace: Workspace, person: Person, place: Place) -> None:
    """Somebody came in: their subscription and the room are new to them."""
    subscription_changed(workspace, person, place, "inserted")
    workspace.hub.tell(streams.USER, f"{person.id}/rooms-changed", "inserted", room(workspace, place))


def left(workspace: Workspace, person: Person, place: Place) -> None:
    """Somebody is no longer in a room; their subscription to its messages ends without a word."""
    removed: Document = {
        "_id": subscription_id(person, place),
        "u": user(person),
        "rid": place.id,
        "t": room_type(place),
    }
    workspace.hub.tell(streams.USER, f"{person.id}/subscriptions-changed", "removed", removed)
    workspace.hub.forget(person, streams.MESSAGES, place.id)


def permission_changed(workspace: Workspace, name: str) -> None:
    """`permissions-changed` to everybody who is logged in."""
    workspace.hub.tell(streams.LOGGED, "permissions-changed", "updated", permission(workspace, name))


def role_changed(workspace: Workspace, action: str, role: str, person: Person, place: Place | None) -> None:
    """`roles-change` to everybody who is logged in: a role `added` or `removed`, in a room or in the workspace."""
    change: Document = {"type": action, "_id": role, "u": user(person)}
    if place is not None:
        change["scope"] = place.id
    if workspace.settings.is_on("UI_DisplayRoles"):
        workspace.hub.tell(streams.LOGGED, "roles-change", change)
    if place is not None:
        subscription_changed(workspace, person, place)


def setting_changed(workspace: Workspace, setting: Setting) -> None:
    """`public-settings-changed` to everybody, unless the setting is private."""
    if setting.is_public:
        value = workspace.settings.value(setting.name)
        changed: Document = {"_id": setting.name, "value": value}
        workspace.hub.tell(streams.ALL, "public-settings-changed", "updated", changed)


def deleted_in_bulk(workspace: Workspace, place: Place, criteria: Document) -> None:
    """`deleteMessageBulk` to those in a room: which messages are gone, by id or by time and author."""
    workspace.hub.tell(streams.ROOM, f"{place.id}/deleteMessageBulk", {"rid": place.id, **criteria})


def whispered(workspace: Workspace, person: Person, place: Place, text: str) -> None:
    """`message`: a line that one person sees in a room, and that is stored nowhere."""
    line: Document = {
        "_id": "".join(workspace.ids.choices(ALPHABET, k=17)),
        "rid": place.id,
        "ts": instant(workspace.world.clock.now()),
        "msg": text,
        "u": {"_id": "rocket.cat", "username": "rocket.cat"},
        "private": True,
    }
    workspace.hub.tell(streams.USER, f"{person.id}/message", line)


def forced_out(workspace: Workspace, person: Person) -> None:
    """`force_logout`: the person's tokens are no longer good."""
    workspace.hub.tell(streams.USER, f"{person.id}/force_logout")


def is_active(workspace: Workspace, place: Place, username: str, activities: list[object]) -> None:
    """`user-activity` to those in a room, such as `user-typing`."""
    workspace.hub.tell(streams.ROOM, f"{place.id}/user-activity", username, activities)
