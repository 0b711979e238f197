"""The control plane's operations (service model `ivschat`): pure answers to decoded calls."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from quell_providers.sandbox.ivs import errors, fields, names
from quell_providers.sandbox.ivs.broadcast import Broadcast
from quell_providers.sandbox.ivs.keys import AccessKey
from quell_providers.sandbox.ivs.throttle import TokenBucket
from quell_providers.sandbox.ivs.tokens import Session, Tokens
from quell_providers.sandbox.world import Place, World

Body = dict[str, Any]
"""A decoded JSON object; its members were checked against `fields` before they are used."""

_DEFAULT_SESSION_MINUTES = 60
_DEFAULT_PAGE = 50


class ControlPlane:
    """Answers calls that are already known to come from the holder of a key."""

    def __init__(self, world: World, broadcast: Broadcast, tokens: Tokens, deletions: TokenBucket) -> None:
        self._world = world
        self._broadcast = broadcast
        self._tokens = tokens
        self._deletions = deletions
        self._operations: dict[str, Callable[[AccessKey, Body], Body]] = {
            "ListRooms": self._list_rooms,
            "GetRoom": self._get_room,
            "GetLoggingConfiguration": self._get_logging_configuration,
            "CreateChatToken": self._create_chat_token,
            "DeleteMessage": self._delete_message,
        }

    def answer(self, operation: str, key: AccessKey, body: Body) -> Body:
        """The answer to one call. Raises AwsError for a refusal."""
        handler = self._operations.get(operation)
        if handler is None:
            raise errors.unknown_operation()
        return handler(key, body)

    def _list_rooms(self, key: AccessKey, body: Body) -> Body:
        fields.check(body, fields.LIST_ROOMS)
        key.require("ivschat:ListRooms", names.room_arn("*"), {})
        rooms = [place for place in self._world.places_of("ivs") if _wanted(place, body)]
        rooms.sort(key=lambda place: place.created_at, reverse=True)
        start = _page_start(body.get("nextToken"))
        end = start + int(body.get("maxResults") or _DEFAULT_PAGE)
        answer: Body = {"rooms": [_summary(place) for place in rooms[start:end]]}
        if end < len(rooms):
            answer["nextToken"] = f"page-{end}"
        return answer

    def _get_room(self, key: AccessKey, body: Body) -> Body:
        fields.check(body, fields.GET_ROOM)
        place = self._permitted_room(key, "ivschat:GetRoom", body["identifier"])
        return _summary(place) | {"maximumMessageLength": 500, "maximumMessageRatePerSecond": 10}

    def _get_logging_configuration(self, key: AccessKey, body: Body) -> Body:
        fields.check(body, fields.GET_LOGGING_CONFIGURATION)
        arn = body["identifier"]
        key.require("ivschat:GetLoggingConfiguration", arn, {})
        logged = [p for p in self._world.places_of("ivs") if p.log_group and names.logging_arn(p.log_group) == arn]
        if not logged:
            raise errors.not_found(arn)
        group = cast("str", logged[0].log_group)
        created = iso(min(place.created_at for place in logged))
        return {
            "arn": arn,
            "id": names.logging_id(group),
            "name": group.strip("/").replace("/", "-"),
            "state": "ACTIVE",
            "destinationConfiguration": {"cloudWatchLogs": {"logGroupName": group}},
            "createTime": created,
            "updateTime": created,
            "tags": {},
        }

    def _create_chat_token(self, key: AccessKey, body: Body) -> Body:
        fields.check(body, fields.CREATE_CHAT_TOKEN)
        place = self._permitted_room(key, "ivschat:CreateChatToken", body["roomIdentifier"])
        key.require_verified()
        minutes = body.get("sessionDurationInMinutes") or _DEFAULT_SESSION_MINUTES
        session = Session(
            place=place,
            user_id=body["userId"],
            attributes=body.get("attributes") or {},
            capabilities=frozenset(body.get("capabilities") or ()),
            expires_at=self._world.clock.now() + minutes * 60,
        )
        token = self._tokens.mint(session)
        return {
            "token": token.value,
            "tokenExpirationTime": iso(token.expires_at),
            "sessionExpirationTime": iso(session.expires_at),
        }

    def _delete_message(self, key: AccessKey, body: Body) -> Body:
        fields.check(body, fields.DELETE_MESSAGE)
        arn = body["roomIdentifier"]
        place = self._permitted_room(key, "ivschat:DeleteMessage", arn)
        key.require_verified()
        if not self._deletions.take():
            raise errors.throttled(arn, round(self._deletions.per_second))
        operation_id = self._broadcast.delete(place, body["id"], by=key.access_key_id, reason=body.get("reason"))
        return {"id": operation_id}

    def _permitted_room(self, key: AccessKey, action: str, arn: str) -> Place:
        place = self._world.places.get(arn.rpartition("/")[2])
        exists = place is not None and place.service == "ivs" and names.room_arn(place.id) == arn
        key.require(action, arn, place.tags if place and exists else {})
        if place is None or not exists:
            raise errors.not_found(arn)
        return place


def iso(at: float) -> str:
    """A time as the control plane writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _wanted(place: Place, filters: Mapping[str, Any]) -> bool:
    configuration = filters.get("loggingConfigurationIdentifier")
    return (
        filters.get("name") in (None, place.name)
        and configuration in (None, place.log_group and names.logging_arn(place.log_group))
        and not filters.get("messageReviewHandlerUri")
    )


def _page_start(token: str | None) -> int:
    if not token:
        return 0
    number = token.removeprefix("page-")
    if not number.isdecimal():
        raise errors.invalid({"nextToken": "Value is not a token of this operation"})
    return int(number)


def _summary(place: Place) -> Body:
    summary: Body = {
        "arn": names.room_arn(place.id),
        "id": place.id,
        "name": place.name,
        "createTime": iso(place.created_at),
        "updateTime": iso(place.created_at),
        "tags": place.tags,
    }
    if place.log_group:
        summary["loggingConfigurationIdentifiers"] = [names.logging_arn(place.log_group)]
    return summary
