"""Fills an empty world."""

from dataclasses import dataclass

from quell_providers.sandbox.seeding.cast import Cast, gather
from quell_providers.sandbox.seeding.history import write_history
from quell_providers.sandbox.seeding.rooms import SeededRoom, open_rooms
from quell_providers.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Seeded:
    """Who and what is in a world."""

    cast: Cast
    rooms: tuple[SeededRoom, ...]


def populate(world: World) -> Seeded:
    """Add people, rooms and history to an empty world, drawn from its random numbers."""
    cast = gather(world)
    rooms = open_rooms(world, cast)
    for room in rooms:
        write_history(world, room, cast)
    return Seeded(cast, rooms)
