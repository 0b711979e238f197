"""ListRooms, GetRoom, CreateRoom, UpdateRoom and DeleteRoom."""

from collections.abc import Mapping
from typing import Any

from quell_providers.sandbox.ivs import errors
from quell_providers.sandbox.ivs.call import Body, Call, iso
from quell_providers.sandbox.ivs.configurations import Configurations
from quell_providers.sandbox.ivs.paging import page
from quell_providers.sandbox.ivs.quotas import Quotas
from quell_providers.sandbox.ivs.rooms import Room, Rooms
from quell_providers.sandbox.ivs.tag_operations import check_tags
from quell_providers.sandbox.world import World


class RoomOperations:
    """Makes, shows, changes and removes rooms."""

    def __init__(self, world: World, rooms: Rooms, configurations: Configurations, quotas: Quotas) -> None:
        self._world = world
        self._rooms = rooms
        self._configurations = configurations
        self._quotas = quotas

    def list_all(self, call: Call) -> Body:
        """ListRooms: a page of summaries, the room that changed last first."""
        configuration = call.body.get("loggingConfigurationIdentifier")
        if configuration is not None and self._configurations.find(configuration) is None:
            raise errors.not_found(configuration)
        wanted = [room for room in self._rooms.list_all() if _wanted(room, call.body)]
        found, more = page(wanted, lambda room: [-float(room.updated_at), room.place.id], call.body)
        return {"rooms": [_summary(room) for room in found], **more}

    def get(self, call: Call) -> Body:
        """GetRoom."""
        return _told(call.room)

    def create(self, call: Call) -> Body:
        """CreateRoom."""
        tags = check_tags(call.body.get("tags"))
        attached: list[str] = call.body.get("loggingConfigurationIdentifiers") or []
        for arn in attached:
            if not self._recording(arn):
                raise errors.conflict(arn, "The logging configuration is not active.")
        if len(self._rooms.list_all()) >= self._quotas.rooms:
            raise errors.quota_exceeded("rooms", self._quotas.rooms)
        room = self._rooms.add(call.body.get("name") or "")
        room.tags.update(tags)
        self._apply(room, call.body)
        return _told(room)

    def update(self, call: Call) -> Body:
        """UpdateRoom: what the request leaves out stays as it is; logging configurations are replaced as a whole."""
        attached: list[str] = call.body.get("loggingConfigurationIdentifiers") or []
        for arn in attached:
            if not self._recording(arn) and arn not in call.room.configurations:
                raise errors.unacceptable(f"The logging configuration {arn} is not active.")
        self._apply(call.room, call.body)
        call.room.updated_at = self._world.clock.now()
        return _told(call.room)

    def delete(self, call: Call) -> None:
        """DeleteRoom."""
        self._rooms.remove(call.room)

    def _recording(self, arn: str) -> bool:
        """Whether a logging configuration is active. Raises AwsError when there is none with this ARN."""
        configuration = self._configurations.find(arn)
        if configuration is None:
            raise errors.not_found(arn)
        return configuration.state == "ACTIVE"

    def _apply(self, room: Room, settings: Mapping[str, Any]) -> None:
        if settings.get("name") is not None:
            room.place.name = settings["name"]
        if settings.get("maximumMessageRatePerSecond") is not None:
            self._rooms.set_rate(room, settings["maximumMessageRatePerSecond"])
        if settings.get("maximumMessageLength") is not None:
            room.length = settings["maximumMessageLength"]
        handler = settings.get("messageReviewHandler")
        if handler is not None:
            room.handler_uri = room.handler_uri if handler.get("uri") is None else handler["uri"]
            room.fallback = handler.get("fallbackResult") or "ALLOW"
        if settings.get("loggingConfigurationIdentifiers") is not None:
            self._rooms.attach(room, settings["loggingConfigurationIdentifiers"])


def _wanted(room: Room, filters: Mapping[str, Any]) -> bool:
    configuration = filters.get("loggingConfigurationIdentifier")
    return (
        filters.get("name") in (None, room.place.name)
        and filters.get("messageReviewHandlerUri") in (None, room.handler_uri)
        and (configuration is None or configuration in room.configurations)
    )


def _summary(room: Room) -> Body:
    summary: Body = {
        "arn": room.arn,
        "id": room.place.id,
        "name": room.place.name,
        "createTime": iso(room.place.created_at),
        "updateTime": iso(room.updated_at),
        "tags": room.tags,
    }
    if room.handler_uri:
        summary["messageReviewHandler"] = {"uri": room.handler_uri, "fallbackResult": room.fallback}
    if room.configurations:
        summary["loggingConfigurationIdentifiers"] = room.configurations
    return summary


def _told(room: Room) -> Body:
    return _summary(room) | {"maximumMessageLength": room.length, "maximumMessageRatePerSecond": room.rate}
