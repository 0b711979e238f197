from collections.abc import Callable
from typing import Any

import pytest

from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.ivs.quotas import CALLS_PER_SECOND
from tests.unit.quell_providers.sandbox.ivs.conftest import Stage

CONFIGURATION = names.logging_arn("/live/chat")
S3 = {"s3": {"bucketName": "chats"}}

REQUESTS: dict[str, Callable[[str], dict[str, Any]]] = {
    "create_chat_token": lambda room: {"roomIdentifier": room, "userId": "me"},
    "delete_message": lambda room: {"roomIdentifier": room, "id": "AbCdEfGhIjKl"},
    "disconnect_user": lambda room: {"roomIdentifier": room, "userId": "me"},
    "send_event": lambda room: {"roomIdentifier": room, "eventName": "app:x"},
    "create_room": lambda room: {},
    "get_room": lambda room: {"identifier": room},
    "list_rooms": lambda room: {},
    "update_room": lambda room: {"identifier": room},
    "create_logging_configuration": lambda room: {"destinationConfiguration": S3},
    "get_logging_configuration": lambda room: {"identifier": CONFIGURATION},
    "list_logging_configurations": lambda room: {},
    "update_logging_configuration": lambda room: {"identifier": CONFIGURATION},
    "list_tags_for_resource": lambda room: {"resourceArn": room},
    "tag_resource": lambda room: {"resourceArn": room, "tags": {}},
    "untag_resource": lambda room: {"resourceArn": room, "tagKeys": []},
}


def test_the_rates_are_those_of_the_service() -> None:
    slow = {name for name, rate in CALLS_PER_SECOND.items() if rate == 5}
    assert slow == {"CreateRoom", "DeleteRoom", "GetRoom", "ListRooms", "UpdateRoom"}
    assert {name for name, rate in CALLS_PER_SECOND.items() if rate == 3} == {
        f"{verb}LoggingConfiguration{'s' * (verb == 'List')}" for verb in ("Create", "Get", "List", "Update", "Delete")
    }
    assert {rate for name, rate in CALLS_PER_SECOND.items() if "Tag" in name} == {10}
    assert [CALLS_PER_SECOND[name] for name in ("DeleteMessage", "DisconnectUser", "SendEvent")] == [100] * 3
    assert CALLS_PER_SECOND["CreateChatToken"] == 200


@pytest.mark.parametrize("operation", REQUESTS)
async def test_every_operation_is_throttled_by_itself(stage: Stage, operation: str) -> None:
    name = stage.client("admin").meta.method_to_api_mapping[operation]
    quotas = stage.service.account.quotas
    for other in CALLS_PER_SECOND:
        quotas.set_rate(other, 2 if other == name else 1000)
    request = REQUESTS[operation](names.room_arn(stage.finals.id))
    for _ in range(2):
        await stage.call("admin", operation, **request)
    response = await stage.refused("admin", operation, **request)
    assert (response["Error"]["Code"], response["limit"]) == ("ThrottlingException", 2)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 429
    stage.clock.advance(0.5)
    assert await stage.call("admin", operation, **request)


async def test_rooms_are_listed_five_times_a_second(stage: Stage) -> None:
    for _ in range(5):
        await stage.call("viewer", "list_rooms")
    assert (await stage.refused("viewer", "list_rooms"))["limit"] == 5
    stage.clock.advance(1)
    assert await stage.call("viewer", "list_rooms")


async def test_deletion_by_one_is_at_the_expense_of_all(stage: Stage) -> None:
    request = REQUESTS["delete_message"](names.room_arn(stage.finals.id))
    for role in ("admin", "moderator") * 2:
        await stage.call(role, "delete_message", **request)
    await stage.call("admin", "delete_message", **request)
    assert (await stage.refused("moderator", "delete_message", **request))["resourceId"] == stage.finals.id
