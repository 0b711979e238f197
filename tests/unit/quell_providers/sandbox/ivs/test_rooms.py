from typing import Any

import pytest

from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.truth import Truth
from tests.unit.quell_providers.sandbox.ivs.conftest import NOW, Stage

LAMBDA = names.lambda_arn("review")
LOGGING = names.logging_arn("/live/chat")


async def create(stage: Stage, **settings: Any) -> dict[str, Any]:
    return dict(await stage.call("admin", "create_room", **settings))


def told(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


async def test_a_room_is_created_with_the_defaults_of_the_service(stage: Stage) -> None:
    room = told(await create(stage))
    assert room.pop("createTime").timestamp() == room.pop("updateTime").timestamp() == NOW
    assert len(room["id"]) == 12
    assert room == {
        "arn": names.room_arn(room["id"]),
        "id": room["id"],
        "name": "",
        "tags": {},
        "maximumMessageLength": 500,
        "maximumMessageRatePerSecond": 10,
    }


async def test_a_room_is_created_with_all_its_settings_and_found_again(stage: Stage) -> None:
    settings = {
        "name": "final_2",
        "maximumMessageRatePerSecond": 100,
        "maximumMessageLength": 1,
        "messageReviewHandler": {"uri": LAMBDA, "fallbackResult": "DENY"},
        "tags": {"league": "marbles", "empty": ""},
        "loggingConfigurationIdentifiers": [LOGGING],
    }
    made = told(await create(stage, **settings))
    assert settings.items() <= made.items()
    assert told(await stage.call("viewer", "get_room", identifier=made["arn"])) == made
    (listed,) = (await stage.call("viewer", "list_rooms", name="final_2"))["rooms"]
    assert listed.items() < made.items()
    assert made.keys() - listed.keys() == {"maximumMessageRatePerSecond", "maximumMessageLength"}


async def test_names_need_not_be_unique(stage: Stage) -> None:
    first, second = await create(stage, name="finals"), await create(stage, name="finals")
    assert first["arn"] != second["arn"]
    assert len((await stage.call("viewer", "list_rooms", name="finals"))["rooms"]) == 3


async def test_a_review_handler_allows_by_default(stage: Stage) -> None:
    made = await create(stage, messageReviewHandler={"uri": LAMBDA})
    assert made["messageReviewHandler"] == {"uri": LAMBDA, "fallbackResult": "ALLOW"}


async def test_update_room_changes_what_is_given_and_the_time(stage: Stage) -> None:
    made = told(await create(stage, name="before", messageReviewHandler={"uri": LAMBDA}, tags={"k": "v"}))
    stage.clock.advance(7)
    changed = told(await stage.call("admin", "update_room", identifier=made["arn"], maximumMessageLength=99))
    assert changed.pop("updateTime").timestamp() == NOW + 7
    del made["updateTime"]
    assert changed == made | {"maximumMessageLength": 99}


async def test_an_empty_uri_detaches_the_review_handler(stage: Stage) -> None:
    made = await create(stage, messageReviewHandler={"uri": LAMBDA})
    changed = await stage.call("admin", "update_room", identifier=made["arn"], messageReviewHandler={"uri": ""})
    assert "messageReviewHandler" not in changed


async def test_update_room_replaces_all_logging_configurations(stage: Stage) -> None:
    made = await create(stage, loggingConfigurationIdentifiers=[LOGGING])
    changed = await stage.call("admin", "update_room", identifier=made["arn"], loggingConfigurationIdentifiers=[])
    assert "loggingConfigurationIdentifiers" not in changed


async def test_the_room_that_changed_last_is_listed_first(stage: Stage) -> None:
    stage.clock.advance(1)
    await stage.call("admin", "update_room", identifier=names.room_arn(stage.empty.id))
    rooms = (await stage.call("viewer", "list_rooms"))["rooms"]
    assert [room["name"] for room in rooms] == ["afterparty", "finals", "backstage", ""]


async def test_rooms_that_change_between_two_pages_do_not_hide_others(stage: Stage) -> None:
    first = await stage.call("viewer", "list_rooms", maxResults=1)
    stage.clock.advance(1)
    await stage.call("admin", "update_room", identifier=names.room_arn(stage.empty.id))
    rest = await stage.call("viewer", "list_rooms", nextToken=first["nextToken"])
    assert [room["name"] for room in rest["rooms"]] == ["backstage", ""]


async def test_rooms_are_found_by_review_handler(stage: Stage) -> None:
    made = await create(stage, messageReviewHandler={"uri": LAMBDA})
    (found,) = (await stage.call("viewer", "list_rooms", messageReviewHandlerUri=LAMBDA))["rooms"]
    assert found["arn"] == made["arn"]


@pytest.mark.parametrize(
    "request_",
    [
        {"nextToken": "made up"},
        {"nextToken": "bm90IEpTT04="},
        {"nextToken": "W1tdLHt9XQ=="},
        {"nextToken": "YES", "name": "x"},
    ],
)
async def test_a_made_up_page_token_is_refused(stage: Stage, request_: dict[str, Any]) -> None:
    response = await stage.refused("viewer", "list_rooms", **request_)
    assert [item["name"] for item in response["fieldList"]] == ["nextToken"]


async def test_a_page_token_belongs_to_its_filters(stage: Stage) -> None:
    first = await stage.call("viewer", "list_rooms", maxResults=1)
    response = await stage.refused("viewer", "list_rooms", name="finals", nextToken=first["nextToken"])
    assert response["Error"]["Code"] == "ValidationException"


async def test_listing_by_an_unknown_logging_configuration_is_refused(stage: Stage) -> None:
    unknown = names.logging_arn("/no/such")
    response = await stage.refused("viewer", "list_rooms", loggingConfigurationIdentifier=unknown)
    assert response["Error"]["Code"] == "ResourceNotFoundException"


async def test_a_deleted_room_is_gone(stage: Stage) -> None:
    arn = names.room_arn(stage.finals.id)
    answer = await stage.call("admin", "delete_room", identifier=arn)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204
    for operation in ("get_room", "update_room", "delete_room"):
        response = await stage.refused("admin", operation, identifier=arn)
        assert response["Error"]["Code"] == "ResourceNotFoundException"
    assert len((await stage.call("viewer", "list_rooms"))["rooms"]) == 3


async def test_the_ground_truth_remembers_what_a_deleted_room_held(stage: Stage) -> None:
    await stage.call("admin", "delete_room", identifier=names.room_arn(stage.finals.id))
    assert len(Truth(stage.world).messages(room="finals")) == 10


async def test_unknown_logging_configurations_are_not_found(stage: Stage) -> None:
    unknown = [LOGGING, names.logging_arn("/no/such")]
    arn = names.room_arn(stage.finals.id)
    for call in (
        stage.refused("admin", "create_room", loggingConfigurationIdentifiers=unknown),
        stage.refused("admin", "update_room", identifier=arn, loggingConfigurationIdentifiers=unknown),
    ):
        assert (await call)["Error"]["Code"] == "ResourceNotFoundException"
    assert len(stage.world.places_of("ivs")) == 4


async def test_a_logging_configuration_that_is_not_active_can_not_be_attached(stage: Stage) -> None:
    stage.service.account.configurations.set_state(LOGGING, "CREATE_FAILED")
    response = await stage.refused("admin", "create_room", loggingConfigurationIdentifiers=[LOGGING])
    assert (response["Error"]["Code"], response["resourceId"]) == ("ConflictException", LOGGING[-12:])
    arn = names.room_arn(stage.unlogged.id)
    response = await stage.refused("admin", "update_room", identifier=arn, loggingConfigurationIdentifiers=[LOGGING])
    assert (response["Error"]["Code"], response["reason"]) == ("ValidationException", "OTHER")


async def test_there_may_be_only_so_many_rooms(stage: Stage) -> None:
    stage.service.account.quotas.rooms = 5
    await create(stage)
    response = await stage.refused("admin", "create_room")
    assert response["Error"]["Code"] == "ServiceQuotaExceededException"
    assert (response["limit"], response["ResponseMetadata"]["HTTPStatusCode"]) == (5, 402)


async def test_every_page_has_as_many_rooms_as_asked_for(stage: Stage) -> None:
    for _ in range(97):
        stage.service.account.rooms.add("more")
    first = await stage.call("viewer", "list_rooms")
    second = await stage.call("viewer", "list_rooms", nextToken=first["nextToken"])
    third = await stage.call("viewer", "list_rooms", nextToken=second["nextToken"])
    pages = [first, second, third]
    assert [len(page["rooms"]) for page in pages] == [50, 50, 1]
    assert len({room["arn"] for page in pages for room in page["rooms"]}) == 101
    assert "nextToken" not in third
