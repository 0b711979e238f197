"""The five operations on logging configurations."""

from quell_providers.sandbox.ivs import errors
from quell_providers.sandbox.ivs.call import Body, Call, iso
from quell_providers.sandbox.ivs.configurations import Configuration, Configurations, destination_of
from quell_providers.sandbox.ivs.paging import page
from quell_providers.sandbox.ivs.quotas import Quotas
from quell_providers.sandbox.ivs.rooms import Rooms
from quell_providers.sandbox.ivs.tag_operations import check_tags
from quell_providers.sandbox.world import World


class LoggingOperations:
    """Makes, shows, changes and removes logging configurations."""

    def __init__(self, world: World, rooms: Rooms, configurations: Configurations, quotas: Quotas) -> None:
        self._world = world
        self._rooms = rooms
        self._configurations = configurations
        self._quotas = quotas

    def create(self, call: Call) -> Body:
        """CreateLoggingConfiguration; what it makes is active at once."""
        tags = check_tags(call.body.get("tags"))
        most = self._quotas.logging_configurations
        if len(self._configurations) >= most:
            raise errors.quota_exceeded("logging configurations", most)
        destination = destination_of(call.body["destinationConfiguration"])
        return _told(self._configurations.add(call.body.get("name") or "", destination, tags))

    def get(self, call: Call) -> Body:
        """GetLoggingConfiguration."""
        return _told(call.configuration)

    def list_all(self, call: Call) -> Body:
        """ListLoggingConfigurations: a page, the one that changed last first."""
        found, more = page(self._configurations.list_all(), lambda one: [-one.updated_at, one.id], call.body)
        return {"loggingConfigurations": [_told(one) for one in found], **more}

    def update(self, call: Call) -> Body:
        """UpdateLoggingConfiguration."""
        configuration = call.configuration
        _require_settled(configuration)
        if call.body.get("name") is not None:
            configuration.name = call.body["name"]
        if call.body.get("destinationConfiguration") is not None:
            configuration.destination = destination_of(call.body["destinationConfiguration"])
        configuration.state = "ACTIVE"
        configuration.updated_at = self._world.clock.now()
        return _told(configuration)

    def delete(self, call: Call) -> None:
        """DeleteLoggingConfiguration; it must be used by no room."""
        configuration = call.configuration
        _require_settled(configuration)
        if self._rooms.users_of(configuration.arn):
            raise errors.conflict(configuration.arn, "The logging configuration is in use by a room.")
        self._configurations.remove(configuration)


def _require_settled(configuration: Configuration) -> None:
    if configuration.changing:
        why = f"The logging configuration is in state {configuration.state}."
        raise errors.conflict(configuration.arn, why)


def _told(configuration: Configuration) -> Body:
    return {
        "arn": configuration.arn,
        "id": configuration.id,
        "name": configuration.name,
        "state": configuration.state,
        "destinationConfiguration": configuration.destination,
        "createTime": iso(configuration.created_at),
        "updateTime": iso(configuration.updated_at),
        "tags": configuration.tags,
    }
