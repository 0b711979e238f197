"""Which roles may do what, and who may see which room."""

from quell_providers.sandbox.rocketchat.places import is_member, room_type
from quell_providers.sandbox.world import Person, Place, World

DEFAULT_GRANTS: dict[str, tuple[str, ...]] = {
    "api-bypass-rate-limit": ("admin", "bot", "app"),
    "ban-user": ("admin", "owner", "moderator"),
    "bypass-time-limit-edit-and-delete": ("bot", "app"),
    "clean-channel-history": ("admin",),
    "create-personal-access-tokens": ("admin", "user"),
    "delete-message": ("admin", "owner", "moderator"),
    "delete-own-message": ("admin", "user"),
    "edit-message": ("admin", "owner", "moderator"),
    "edit-other-user-active-status": ("admin",),
    "force-delete-message": ("admin", "owner"),
    "manage-moderation-actions": ("admin",),
    "mute-user": ("admin", "owner", "moderator"),
    "post-readonly": ("admin", "owner", "moderator"),
    "preview-c-room": ("admin", "user", "anonymous"),
    "remove-user": ("admin", "owner", "moderator"),
    "view-c-room": ("admin", "user", "bot", "app", "anonymous"),
    "view-d-room": ("admin", "user", "bot", "app", "guest"),
    "view-joined-room": ("guest", "bot", "app", "anonymous"),
    "view-moderation-console": ("admin",),
    "view-p-room": ("admin", "user", "anonymous", "guest"),
    "view-room-administration": ("admin",),
    "view-statistics": ("admin",),
}
"""Roles by permission on a fresh server, for every permission that bears on moderation (`permissions.listAll`)."""


class Permissions:
    """Who may do what on this server.

    Attributes:
        grants: Roles by permission; free to change while the server runs.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.grants: dict[str, set[str]] = {name: set(roles) for name, roles in DEFAULT_GRANTS.items()}

    def has(self, person: Person, permission: str, place: Place | None = None) -> bool:
        """Whether a role of the person grants it; with a place, the person's roles in that room count too."""
        roles = person.roles | (place.roles.get(person.id, set()) if place else set())
        return not roles.isdisjoint(self.grants.get(permission, ()))

    def can_access(self, person: Person, place: Place) -> bool:
        """Whether the room is there for the person: public, joined, or a discussion of such a room."""
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
