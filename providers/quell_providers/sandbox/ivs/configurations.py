"""Logging configurations: where chats are recorded to (CreateLoggingConfiguration and its siblings)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.world import World

State = Literal["CREATING", "CREATE_FAILED", "DELETING", "DELETE_FAILED", "UPDATING", "UPDATE_FAILED", "ACTIVE"]
Destination = Mapping[str, Mapping[str, str]]
"""One of `cloudWatchLogs`, `s3` and `firehose`, with the name it has there."""


@dataclass(slots=True, eq=False)
class Configuration:
    """One logging configuration."""

    id: str
    name: str
    destination: Destination
    created_at: float
    updated_at: float
    tags: dict[str, str] = field(default_factory=dict)
    state: State = "ACTIVE"
    """Only an active one records."""

    @property
    def arn(self) -> str:
        """Its Amazon resource name."""
        return names.configuration_arn(self.id)

    @property
    def log_group(self) -> str | None:
        """The CloudWatch log group it writes to, if it is of that kind."""
        return self.destination.get("cloudWatchLogs", {}).get("logGroupName")

    @property
    def changing(self) -> bool:
        """Whether an earlier change is still under way, so that another one conflicts with it."""
        return self.state in ("CREATING", "UPDATING", "DELETING")


class Configurations:
    """All logging configurations of the account."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_arn: dict[str, Configuration] = {}

    def __len__(self) -> int:
        return len(self._by_arn)

    def find(self, arn: str) -> Configuration | None:
        """The configuration with this ARN."""
        return self._by_arn.get(arn)

    def list_all(self) -> list[Configuration]:
        """Every configuration, in the order they were made."""
        return list(self._by_arn.values())

    def add(self, name: str, destination: Destination, tags: Mapping[str, str]) -> Configuration:
        """A new one, active at once."""
        now = self._world.clock.now()
        return self._keep(Configuration(self._world.new_id("ivs"), name, destination, now, now, dict(tags)))

    def for_group(self, log_group: str, created_at: float) -> Configuration:
        """The one that rooms of the world with this log group have from the start."""
        known = self._by_arn.get(names.logging_arn(log_group))
        if known:
            return known
        name = log_group.strip("/").replace("/", "-")
        destination = {"cloudWatchLogs": {"logGroupName": log_group}}
        return self._keep(Configuration(names.logging_id(log_group), name, destination, created_at, created_at))

    def remove(self, configuration: Configuration) -> None:
        """Let it be gone."""
        del self._by_arn[configuration.arn]

    def set_state(self, arn: str, state: State) -> None:
        """Put a configuration into another state, as slow or failed changes on the real service do.

        Raises KeyError when there is none with this ARN.
        """
        self._by_arn[arn].state = state

    def _keep(self, configuration: Configuration) -> Configuration:
        self._by_arn[configuration.arn] = configuration
        return configuration


def destination_of(value: object) -> Destination:
    """The destination in a checked request, without members that were left open."""
    given = cast("Mapping[str, Mapping[str, str] | None]", value)
    return {kind: dict(inner) for kind, inner in given.items() if inner is not None}
