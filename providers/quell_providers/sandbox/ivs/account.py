"""The AWS account that everything belongs to."""

from dataclasses import dataclass

from quell_providers.sandbox.ivs.configurations import Configurations
from quell_providers.sandbox.ivs.quotas import Quotas
from quell_providers.sandbox.ivs.rooms import Rooms
from quell_providers.sandbox.world import World


@dataclass(slots=True, eq=False)
class Account:
    """What the account has and may."""

    rooms: Rooms
    configurations: Configurations
    quotas: Quotas
    pending: bool = False
    """The whole account waits for verification, whatever key is used, on both planes."""

    @classmethod
    def of(cls, world: World, *, deletions: float) -> "Account":
        """The account whose rooms are in the world. `deletions`: calls of DeleteMessage a second."""
        configurations = Configurations(world)
        rooms = Rooms(world, configurations)
        return cls(rooms, configurations, Quotas(world.clock, deletions=deletions))
