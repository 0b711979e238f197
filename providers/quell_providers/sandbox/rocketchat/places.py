"""How the world's places are seen as Rocket.Chat rooms."""

from quell_providers.sandbox.world import Person, Place


def room_type(place: Place) -> str:
    """`t` of a room: `c` public, `p` private, `d` direct. A discussion is a private room with a parent."""
    return "p" if place.kind == "discussion" else place.kind


def unique_name(place: Place) -> str:
    """`name` of a room: a discussion is filed under its id, and a direct room has none."""
    return {"discussion": place.id, "d": ""}.get(place.kind, place.name)


def is_member(place: Place, person: Person) -> bool:
    """Whether the person has a subscription to the room."""
    return person in place.members


def creator(place: Place) -> Person | None:
    """`u` of a room: its first owner, else its first member."""
    owners = [member for member in place.members if "owner" in place.roles.get(member.id, ())]
    return next(iter(owners or place.members), None)


def others(place: Place, person: Person) -> list[Person]:
    """Everybody in a direct room but the person."""
    return [member for member in place.members if member is not person]
