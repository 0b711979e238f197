"""Which roles may do what, and who may see which room."""

from collections.abc import Callable, Iterable

from quell_providers.sandbox.rocketchat.places import is_member, room_type
from quell_providers.sandbox.rocketchat.versions import Feature, Version
from quell_providers.sandbox.world import Person, Place, World

DEFAULT_GRANTS: dict[str, tuple[str, ...]] = {
    "access-permissions": ("admin",),
    "api-bypass-rate-limit": ("admin", "bot", "app"),
    "archive-room": ("admin", "owner"),
    "assign-roles": ("admin",),
    "ban-user": ("admin", "owner", "moderator"),
    "bypass-time-limit-edit-and-delete": ("bot", "app"),
    "clean-channel-history": ("admin",),
    "create-c": ("admin", "user", "bot", "app"),
    "create-d": ("admin", "user", "bot", "app"),
    "create-p": ("admin", "user", "bot", "app"),
    "create-personal-access-tokens": ("admin", "user"),
    "create-user": ("admin", "bot", "app"),
    "delete-message": ("admin", "owner", "moderator"),
    "delete-own-message": ("admin", "user"),
    "delete-room": ("admin", "owner"),
    "delete-user": ("admin",),
    "edit-message": ("admin", "owner", "moderator"),
    "edit-other-user-active-status": ("admin",),
    "edit-privileged-setting": ("admin",),
    "force-delete-message": ("admin", "owner"),
    "manage-moderation-actions": ("admin",),
    "message-impersonate": ("bot", "app"),
    "mute-user": ("admin", "owner", "moderator"),
    "post-readonly": ("admin", "owner", "moderator"),
    "preview-c-room": ("admin", "user", "anonymous"),
    "remove-user": ("admin", "owner", "moderator"),
    "send-many-messages": ("admin", "bot", "app"),
    "set-moderator": ("admin", "owner"),
    "set-owner": ("admin", "owner"),
    "start-discussion": ("admin", "user", "guest", "app"),
    "view-c-room": ("admin", "user", "bot", "app", "anonymous"),
    "view-d-room": ("admin", "user", "bot", "app", "guest"),
    "view-joined-room": ("guest", "bot", "app", "anonymous"),
    "view-moderation-console": ("admin",),
    "view-p-room": ("admin", "user", "anonymous", "guest"),
    "view-privileged-setting": ("admin",),
    "view-room-administration": ("admin",),
    "view-statistics": ("admin",),
}
"""Roles by permission on a fresh server, for every permission that bears on moderation (`permissions.listAll`)."""

ROLES: dict[str, str] = {
    "admin": "Users",
    "anonymous": "Users",
    "app": "Users",
    "bot": "Users",
    "guest": "Users",
    "leader": "Subscriptions",
    "moderator": "Subscriptions",
    "owner": "Subscriptions",
    "user": "Users",
}
"""Every role, and whether it is held in the workspace (`Users`) or in a room (`Subscriptions`)."""

_BYPASS = "bypass-time-limit-edit-and-delete"


class Permissions:
    """Who may do what on this server.

    Attributes:
        grants: Roles by permission; free to change while the server runs.
    """

    def __init__(self, world: World, version: Version) -> None:
        self._world = world
        self._version = version
        self._listeners: list[Callable[[str], None]] = []
        self.grants: dict[str, set[str]] = {name: set(roles) for name, roles in DEFAULT_GRANTS.items()}

    def change(self, permission: str, roles: Iterable[str]) -> None:
        """Let exactly these roles have a permission, and tell of it."""
        self.grants[permission] = set(roles)
        for listener in tuple(self._listeners):
            listener(permission)

    def listen(self, listener: Callable[[str], None]) -> None:
        """Be told of every permission changed by `change`."""
        self._listeners.append(listener)

    def has(self, person: Person, permission: str, place: Place | None = None) -> bool:
        """Whether a role of the person grants it; with a place, the person's roles in that room count too."""
        if permission == _BYPASS and not self._version.has(Feature.BYPASS_BY_ROOM_ROLE):
            place = None
        roles = person.roles | (place.roles.get(person.id, set()) if place else set())
        return not roles.isdisjoint(self.grants.get(permission, ()))

    def can_access(self, person: Person, place: Place) -> bool:
        """Whether the room is there for the person: public, joined, or a discussion of such a room."""
        if person in place.banned:
            return False
        if room_type(place) == "c" and self.has(person, "view-c-room"):
            return True
        if is_member(place, person) and (
            self.has(person, "view-joined-room") or self.has(person, f"view-{room_type(place)}-room")
        ):
            return True
        parent = self._world.places.get(place.parent_id or "")
        return parent is not None and self.can_access(person, parent)

    def can_read(self, person: Person, place: Place) -> bool:
        """Whether the person may read messages: access, and for public rooms a preview right or membership."""
        if not self.can_access(person, place):
            return False
        return room_type(place) != "c" or is_member(place, person) or self.has(person, "preview-c-room")
