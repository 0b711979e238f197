"""Who is in which room: coming, going, being sent away; and rooms that open and close."""

from collections.abc import Sequence

from quell_providers.sandbox.rocketchat import announce
from quell_providers.sandbox.rocketchat.documents import subscription_id
from quell_providers.sandbox.rocketchat.places import is_member
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import Person, Place


def open_room(
    workspace: Workspace, kind: str, name: str, members: Sequence[Person], *, owner: Person | None = None
) -> Place:
    """Open a room: `c`, `p`, `d` or `discussion`."""
    place = Place(
        id=workspace.world.new_id("rocketchat"),
        service="rocketchat",
        name=name,
        kind=kind,
        members=list(dict.fromkeys(members)),
        created_at=workspace.world.clock.now(),
    )
    if owner is not None:
        place.roles[owner.id] = {"owner"}
    workspace.world.add_place(place)
    for member in place.members:
        announce.joined(workspace, member, place)
    return place


def direct_room(workspace: Workspace, members: Sequence[Person]) -> Place:
    """The direct room of exactly these people, opened where there is none yet."""
    wanted = {member.id for member in members}
    for place in workspace.world.places_of("rocketchat"):
        if place.kind == "d" and {member.id for member in place.members} == wanted:
            return place
    return open_room(workspace, "d", "", members)


def close_room(workspace: Workspace, place: Place) -> None:
    """Let a room be gone with everything in it."""
    announce.room_changed(workspace, place, "removed")
    for member in tuple(place.members):
        _depart(workspace, place, member)
    workspace.world.remove_place(place)
    workspace.departures.add_room(place.id, workspace.world.clock.now())


def join(workspace: Workspace, place: Place, person: Person) -> None:
    """Somebody comes in by themselves."""
    _add(workspace, place, person)
    workspace.world.post(place, person, person.username, system="uj")


def remove(workspace: Workspace, place: Place, person: Person, by: Person) -> None:
    """Somebody is sent away; they hear no more of the room."""
    _take_out(workspace, place, person)
    workspace.world.post(place, by, person.username, system="ru")


def ban(workspace: Workspace, place: Place, person: Person, by: Person) -> None:
    """Somebody is sent away and may not come back."""
    _take_out(workspace, place, person)
    place.banned.append(person)
    workspace.world.post(place, by, person.username, system="user-banned")


def unban(workspace: Workspace, place: Place, person: Person, by: Person) -> None:
    """Somebody may come back."""
    place.banned.remove(person)
    workspace.world.post(place, by, person.username, system="user-unbanned")


def mute(workspace: Workspace, place: Place, person: Person, by: Person) -> None:
    """Somebody may no longer write in a room."""
    place.unmuted.discard(person.username)
    if not place.read_only:
        place.muted.add(person.username)
    workspace.world.post(place, by, person.username, system="user-muted")
    _room_changed(workspace, place)


def unmute(workspace: Workspace, place: Place, person: Person, by: Person) -> None:
    """Somebody may write again; in a read-only room, although it is one."""
    place.muted.discard(person.username)
    if place.read_only:
        place.unmuted.add(person.username)
    workspace.world.post(place, by, person.username, system="user-unmuted")
    _room_changed(workspace, place)


def set_archived(workspace: Workspace, place: Place, *, archived: bool) -> None:
    """Let nobody write in a room any more, or let them again."""
    place.archived = archived
    _room_changed(workspace, place)
    for member in place.members:
        announce.subscription_changed(workspace, member, place)


def give_role(workspace: Workspace, person: Person, role: str, place: Place | None) -> None:
    """Give somebody a role, in a room or in the whole workspace."""
    roles = place.roles.setdefault(person.id, set()) if place is not None else person.roles
    roles.add(role)
    if place is not None:
        workspace.rows.touch_place(place)
    announce.role_changed(workspace, "added", role, person, place)


def take_role(workspace: Workspace, person: Person, role: str, place: Place | None) -> None:
    """Take a role from somebody, in a room or in the whole workspace."""
    roles = place.roles.setdefault(person.id, set()) if place is not None else person.roles
    roles.discard(role)
    if place is not None:
        workspace.rows.touch_place(place)
    announce.role_changed(workspace, "removed", role, person, place)


def is_last_owner(place: Place, person: Person) -> bool:
    """Whether nobody else owns the room."""
    owners = [owner for owner, roles in place.roles.items() if "owner" in roles]
    return owners == [person.id]


def _add(workspace: Workspace, place: Place, person: Person) -> None:
    if not is_member(place, person):
        place.members.append(person)
        workspace.rows.touch_place(place)
        announce.joined(workspace, person, place)


def _take_out(workspace: Workspace, place: Place, person: Person) -> None:
    place.members.remove(person)
    place.roles.pop(person.id, None)
    workspace.rows.touch_place(place)
    _depart(workspace, place, person)


def _depart(workspace: Workspace, place: Place, person: Person) -> None:
    now = workspace.world.clock.now()
    workspace.departures.add_subscription(subscription_id(person, place), person.id, now)
    announce.left(workspace, person, place)


def _room_changed(workspace: Workspace, place: Place) -> None:
    workspace.rows.touch_place(place)
    announce.room_changed(workspace, place)
