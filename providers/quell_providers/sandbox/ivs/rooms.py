"""Chat rooms with what IVS alone knows of them: limits, review handler and logging configurations (GetRoom)."""

from dataclasses import dataclass, field
from typing import Literal

from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.ivs.configurations import Configurations
from quell_providers.sandbox.ivs.throttle import TokenBucket
from quell_providers.sandbox.world import Place, World

Result = Literal["ALLOW", "DENY"]

DEFAULT_RATE = 10
DEFAULT_LENGTH = 500


@dataclass(slots=True, eq=False)
class Room:
    """One room, its people and messages being those of a place in the world."""

    place: Place
    updated_at: float
    messages: TokenBucket
    """Messages a second that all clients together may send."""
    rate: int = DEFAULT_RATE
    length: int = DEFAULT_LENGTH
    """Most characters (code points) of a message."""
    handler_uri: str = ""
    """ARN of the function that reviews messages; empty: none does."""
    fallback: Result = "ALLOW"
    """What becomes of a message when the review fails."""
    configurations: list[str] = field(default_factory=list)
    """ARNs of the logging configurations."""

    @property
    def arn(self) -> str:
        """Its Amazon resource name."""
        return names.room_arn(self.place.id)

    @property
    def tags(self) -> dict[str, str]:
        """Its tags."""
        return self.place.tags


class Rooms:
    """All rooms of the account: the IVS places of the world, whoever added them there."""

    def __init__(self, world: World, configurations: Configurations) -> None:
        self._world = world
        self._configurations = configurations
        self._known: dict[str, Room] = {}
        for place in sorted(world.places_of("ivs"), key=lambda place: place.created_at):
            self.of(place)

    def of(self, place: Place) -> Room:
        """The room that a place is."""
        known = self._known.get(place.id)
        if known:
            return known
        room = Room(place, place.created_at, TokenBucket(DEFAULT_RATE, self._world.clock))
        if place.log_group:
            room.configurations = [self._configurations.for_group(place.log_group, place.created_at).arn]
        self._known[place.id] = room
        return room

    def list_all(self) -> list[Room]:
        """Every room, in the order they were added."""
        return [self.of(place) for place in self._world.places_of("ivs")]

    def find(self, arn: str) -> Room | None:
        """The room with this ARN."""
        place = self._world.places.get(names.resource_id(arn))
        return self.of(place) if place and place.service == "ivs" and names.room_arn(place.id) == arn else None

    def exists(self, place: Place) -> bool:
        """Whether a place was not deleted meanwhile."""
        return self._world.places.get(place.id) is place

    def add(self, name: str) -> Room:
        """A new room with the defaults of the service."""
        now = self._world.clock.now()
        place = Place(self._world.new_id("ivs"), "ivs", name, "room", created_at=now)
        return self.of(self._world.add_place(place))

    def remove(self, room: Room) -> None:
        """Let a room be gone."""
        self._world.remove_place(room.place)
        del self._known[room.place.id]

    def users_of(self, configuration_arn: str) -> list[Room]:
        """The rooms that record with a logging configuration."""
        return [room for room in self.list_all() if configuration_arn in room.configurations]

    def set_rate(self, room: Room, rate: int) -> None:
        """Let clients send so many messages a second."""
        if rate != room.rate:
            room.rate = rate
            room.messages = TokenBucket(rate, self._world.clock)

    def log_groups(self, place: Place) -> list[str]:
        """The CloudWatch log groups that record a room now."""
        found = (self._configurations.find(arn) for arn in self.of(place).configurations)
        groups = (one.log_group for one in found if one and one.state == "ACTIVE")
        return list(dict.fromkeys(group for group in groups if group))

    def attach(self, room: Room, configuration_arns: list[str]) -> None:
        """Record a room with these logging configurations and no others."""
        room.configurations = list(dict.fromkeys(configuration_arns))
        room.place.log_group = next(iter(self.log_groups(room.place)), None)
