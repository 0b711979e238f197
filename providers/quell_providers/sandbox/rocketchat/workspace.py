"""One server: the world as Rocket.Chat sees it, shared by REST and DDP."""

from random import Random

from quell_providers.sandbox.rocketchat.accounts import Accounts
from quell_providers.sandbox.rocketchat.ddp_limits import DdpLimits
from quell_providers.sandbox.rocketchat.departures import Departures
from quell_providers.sandbox.rocketchat.hub import Hub
from quell_providers.sandbox.rocketchat.permissions import Permissions
from quell_providers.sandbox.rocketchat.places import unique_name
from quell_providers.sandbox.rocketchat.reports import Reports
from quell_providers.sandbox.rocketchat.rows import Rows
from quell_providers.sandbox.rocketchat.second_factor import SecondFactors
from quell_providers.sandbox.rocketchat.settings import Settings
from quell_providers.sandbox.rocketchat.unread import Unread
from quell_providers.sandbox.rocketchat.versions import Version, parse_version
from quell_providers.sandbox.world import Person, Place, World

NEWEST = parse_version("8.8")


class Workspace:
    """Everything that an action of either protocol may ask or change.

    Args:
        world: Whose Rocket.Chat rooms and people there are.
        version: The version that is played.
    """

    def __init__(self, world: World, version: Version = NEWEST) -> None:
        self.world = world
        self.version = version
        self.settings = Settings(world)
        self.second_factors = SecondFactors(world.clock, self.settings)
        self.accounts = Accounts(world, self.settings, self.second_factors)
        self.permissions = Permissions(world, version)
        self.rows = Rows(world)
        self.unread = Unread(world)
        self.reports = Reports(world.clock)
        self.departures = Departures()
        self.vetoed: set[str] = set()
        """Ids of messages whose deletion a server app prevents."""
        self.hub = Hub()
        self.ids = Random(0)
        """For ids of what is no part of the world."""
        self.ddp_limits = DdpLimits(world.clock)

    def load(self) -> None:
        """Take in the world as it stands."""
        self.rows.load()
        self.unread.load()

    def person_named(self, username: str) -> Person:
        """The person of this username. Raises `KeyError`."""
        person = self.accounts.named(username)
        if person is None:
            raise KeyError(f"nobody in this world is called {username!r}")
        return person

    def place(self, place_id: object) -> Place | None:
        """The room of this id, if it is one of Rocket.Chat's."""
        place = self.world.places.get(place_id) if isinstance(place_id, str) else None
        return place if place is not None and place.service == "rocketchat" else None

    def place_named(self, name: object) -> Place | None:
        """The room of this name."""
        places = self.world.places_of("rocketchat")
        return next((place for place in places if name and unique_name(place) == name), None)

    def joined(self, person: Person) -> list[Place]:
        """The rooms that the person has a subscription to."""
        return [place for place in self.world.places_of("rocketchat") if person in place.members]
