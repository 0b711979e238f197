from datetime import datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from quell_providers.sandbox.ivs import names
from tests.unit.quell_providers.sandbox.ivs.conftest import NOW, Stage


async def refused(stage: Stage, role: str, operation: str, **parameters: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        await stage.call(role, operation, **parameters)
    return dict(caught.value.response)


def arn(stage: Stage) -> str:
    return names.room_arn(stage.finals.id)


async def test_list_rooms_pages_through_all_rooms_youngest_first(stage: Stage) -> None:
    first = await stage.call("moderator", "list_rooms", maxResults=3)
    second = await stage.call("moderator", "list_rooms", maxResults=3, nextToken=first["nextToken"])
    assert [room["name"] for room in first["rooms"] + second["rooms"]] == ["finals", "backstage", "", "afterparty"]
    assert "nextToken" not in second


async def test_list_rooms_tells_what_the_service_tells_of_a_room(stage: Stage) -> None:
    rooms = (await stage.call("moderator", "list_rooms"))["rooms"]
    finals, unlogged = rooms[0], rooms[2]
    assert finals["arn"] == arn(stage)
    assert finals["id"] == stage.finals.id
    assert finals["updateTime"] == datetime.fromtimestamp(NOW - 10).astimezone()
    assert finals["loggingConfigurationIdentifiers"] == [names.logging_arn("/live/chat")]
    assert "loggingConfigurationIdentifiers" not in unlogged
    assert rooms[1]["tags"] == {"access": "crew"}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"name": "finals"}, ["finals"]),
        ({"loggingConfigurationIdentifier": names.logging_arn("/live/chat")}, ["finals", "backstage", "afterparty"]),
        ({"messageReviewHandlerUri": "arn:aws:lambda:us-west-2:482915073366:function:f"}, []),
    ],
)
async def test_list_rooms_filters(stage: Stage, filters: dict[str, str], expected: list[str]) -> None:
    answer = await stage.call("moderator", "list_rooms", **filters)
    assert [room["name"] for room in answer["rooms"]] == expected


async def test_get_room_adds_the_limits(stage: Stage) -> None:
    room = await stage.call("viewer", "get_room", identifier=arn(stage))
    assert (room["name"], room["maximumMessageLength"], room["maximumMessageRatePerSecond"]) == ("finals", 500, 10)


async def test_the_logging_configuration_of_a_room_names_its_log_group(stage: Stage) -> None:
    answer = await stage.call("moderator", "get_logging_configuration", identifier=names.logging_arn("/live/chat"))
    assert answer["destinationConfiguration"] == {"cloudWatchLogs": {"logGroupName": "/live/chat"}}
    assert answer["state"] == "ACTIVE"


async def test_an_unknown_logging_configuration_is_not_found(stage: Stage) -> None:
    response = await refused(stage, "moderator", "get_logging_configuration", identifier=names.logging_arn("/no"))
    assert response["Error"]["Code"] == "ResourceNotFoundException"


async def test_a_chat_token_carries_its_times(stage: Stage) -> None:
    answer = await stage.call(
        "moderator", "create_chat_token", roomIdentifier=arn(stage), userId="me", sessionDurationInMinutes=180
    )
    assert answer["tokenExpirationTime"].timestamp() == NOW + 3_600
    assert answer["sessionExpirationTime"].timestamp() == NOW + 180 * 60


async def test_delete_message_marks_the_post_and_answers_an_operation_id(stage: Stage) -> None:
    post = stage.world.posts_in(stage.finals.id)[3]
    answer = await stage.call("moderator", "delete_message", roomIdentifier=arn(stage), id=post.id, reason="spam")
    assert len(answer["id"]) == 12
    assert (post.deleted_at, post.deletion_reason) == (NOW, "spam")
    assert post.deleted_by == stage.service.keys["moderator"].access_key_id


async def test_delete_message_accepts_an_id_that_never_was(stage: Stage) -> None:
    answer = await stage.call("moderator", "delete_message", roomIdentifier=arn(stage), id="NeverWasHere")
    assert len(answer["id"]) == 12


async def test_delete_message_leaves_a_message_of_another_room_alone(stage: Stage) -> None:
    post = stage.world.posts_in(stage.unlogged.id)[0]
    await stage.call("moderator", "delete_message", roomIdentifier=arn(stage), id=post.id)
    assert post.deleted_at is None


async def test_without_the_permission_delete_message_is_denied_by_iam(stage: Stage) -> None:
    response = await refused(stage, "viewer", "delete_message", roomIdentifier=arn(stage), id="AbCdEfGhIjKl")
    assert response["Error"] == {
        "Code": "AccessDeniedException",
        "Message": f"User: arn:aws:iam::{names.ACCOUNT}:user/viewer is not authorized to perform: "
        f"ivschat:DeleteMessage on resource: {arn(stage)} because no identity-based policy allows the "
        "ivschat:DeleteMessage action",
    }
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403


async def test_a_room_tag_denies_the_moderator_but_not_the_admin(stage: Stage) -> None:
    room = names.room_arn(stage.backstage.id)
    response = await refused(stage, "moderator", "delete_message", roomIdentifier=room, id="AbCdEfGhIjKl")
    assert response["Error"]["Message"].endswith("with an explicit deny in an identity-based policy")
    assert (await stage.call("admin", "delete_message", roomIdentifier=room, id="AbCdEfGhIjKl"))["id"]


async def test_an_unknown_room_is_not_found(stage: Stage) -> None:
    room = names.room_arn("NoSuchRoom12")
    response = await refused(stage, "moderator", "delete_message", roomIdentifier=room, id="AbCdEfGhIjKl")
    assert response["Error"]["Code"] == "ResourceNotFoundException"
    assert (response["resourceId"], response["resourceType"]) == ("NoSuchRoom12", "ROOM")
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 404


async def test_an_account_that_is_not_verified_may_list_but_not_act(stage: Stage) -> None:
    assert (await stage.call("pending", "list_rooms"))["rooms"]
    for operation, parameters in (("delete_message", {"id": "AbCdEfGhIjKl"}), ("create_chat_token", {"userId": "me"})):
        response = await refused(stage, "pending", operation, roomIdentifier=arn(stage), **parameters)
        assert response["Error"]["Code"] == "PendingVerification"
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"id": "ThirteenChars"}, "id"),
        ({"id": "Has-a-hyphen"}, "id"),
        ({"reason": "x" * 257}, "reason"),
        ({"roomIdentifier": "AbCdEfGhIjKl"}, "roomIdentifier"),
    ],
)
async def test_wrong_fields_are_named(stage: Stage, wrong: dict[str, str], field: str) -> None:
    right = {"roomIdentifier": arn(stage), "id": "AbCdEfGhIjKl", "reason": "x" * 256}
    response = await refused(stage, "moderator", "delete_message", **(right | wrong))
    assert response["Error"]["Code"] == "ValidationException"
    assert response["reason"] == "FIELD_VALIDATION_FAILED"
    assert [item["name"] for item in response["fieldList"]] == [field]
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"sessionDurationInMinutes": 999},
        {"capabilities": ["FLY"]},
        {"attributes": {"bio": "x" * 1_024}},
        {"userId": "x" * 129},
    ],
)
async def test_wrong_token_requests_are_refused(stage: Stage, wrong: dict[str, Any]) -> None:
    right = {"roomIdentifier": arn(stage), "userId": "me"}
    response = await refused(stage, "moderator", "create_chat_token", **(right | wrong))
    assert [item["name"] for item in response["fieldList"]] == list(wrong)


async def test_deletions_are_throttled_until_time_passes(stage: Stage) -> None:
    async def delete() -> None:
        await stage.call("moderator", "delete_message", roomIdentifier=arn(stage), id="AbCdEfGhIjKl")

    for _ in range(5):
        await delete()
    with pytest.raises(ClientError) as caught:
        await delete()
    assert caught.value.response["Error"]["Code"] == "ThrottlingException"
    assert caught.value.response["limit"] == 5
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    stage.clock.advance(0.2)
    await delete()
    with pytest.raises(ClientError):
        await delete()


async def test_a_denied_call_uses_no_quota_up(stage: Stage) -> None:
    for _ in range(6):
        await refused(stage, "viewer", "delete_message", roomIdentifier=arn(stage), id="AbCdEfGhIjKl")
    assert await stage.call("moderator", "delete_message", roomIdentifier=arn(stage), id="AbCdEfGhIjKl")
