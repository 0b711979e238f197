from typing import Any

import pytest

from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.ivs.configurations import State
from tests.unit.quell_providers.sandbox.ivs.conftest import NOW, Stage

SEEDED = names.logging_arn("/live/chat")
S3 = {"s3": {"bucketName": "chat-archive"}}
FIREHOSE = {"firehose": {"deliveryStreamName": "chat.stream"}}
CLOUDWATCH = {"cloudWatchLogs": {"logGroupName": "/new/group"}}


async def create(stage: Stage, **request: Any) -> dict[str, Any]:
    return dict(await stage.call("admin", "create_logging_configuration", **request))


@pytest.mark.parametrize("destination", [S3, FIREHOSE, CLOUDWATCH])
async def test_a_configuration_is_created_active_and_found_again(stage: Stage, destination: dict[str, Any]) -> None:
    made = await create(stage, name="archive", destinationConfiguration=destination, tags={"k": "v"})
    assert (made["state"], made["name"], made["tags"]) == ("ACTIVE", "archive", {"k": "v"})
    assert made["destinationConfiguration"] == destination
    assert made["arn"] == names.configuration_arn(made["id"])
    assert made["createTime"].timestamp() == made["updateTime"].timestamp() == NOW
    got = await stage.call("viewer", "get_logging_configuration", identifier=made["arn"])
    for answer in (made, got):
        del answer["ResponseMetadata"]
    assert got == made


async def test_configurations_are_listed_in_pages(stage: Stage) -> None:
    stage.clock.advance(1)
    made = await create(stage, destinationConfiguration=S3)
    first = await stage.call("viewer", "list_logging_configurations", maxResults=1)
    second = await stage.call("viewer", "list_logging_configurations", maxResults=1, nextToken=first["nextToken"])
    arns = [page["loggingConfigurations"][0]["arn"] for page in (first, second)]
    assert arns == [made["arn"], SEEDED]
    assert "nextToken" not in second


async def test_a_configuration_is_updated(stage: Stage) -> None:
    stage.clock.advance(5)
    changed = await stage.call(
        "admin", "update_logging_configuration", identifier=SEEDED, name="renamed", destinationConfiguration=FIREHOSE
    )
    assert (changed["name"], changed["destinationConfiguration"], changed["state"]) == ("renamed", FIREHOSE, "ACTIVE")
    assert (changed["updateTime"] - changed["createTime"]).total_seconds() == 45


async def test_what_an_update_leaves_out_stays(stage: Stage) -> None:
    changed = await stage.call("admin", "update_logging_configuration", identifier=SEEDED)
    assert (changed["name"], list(changed["destinationConfiguration"])) == ("live-chat", ["cloudWatchLogs"])


async def test_a_configuration_that_is_in_use_can_not_be_deleted(stage: Stage) -> None:
    response = await stage.refused("admin", "delete_logging_configuration", identifier=SEEDED)
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == ("ConflictException", 409)
    assert (response["resourceId"], response["resourceType"]) == (SEEDED[-12:], "ROOM")


async def test_a_configuration_that_no_room_uses_is_deleted(stage: Stage) -> None:
    made = await create(stage, destinationConfiguration=S3)
    answer = await stage.call("admin", "delete_logging_configuration", identifier=made["arn"])
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204
    response = await stage.refused("admin", "get_logging_configuration", identifier=made["arn"])
    assert (response["Error"]["Code"], response["resourceId"]) == ("ResourceNotFoundException", made["id"])


@pytest.mark.parametrize("state", ["CREATING", "UPDATING", "DELETING"])
async def test_a_configuration_that_is_changing_conflicts_with_further_changes(stage: Stage, state: State) -> None:
    made = await create(stage, destinationConfiguration=S3)
    stage.service.account.configurations.set_state(made["arn"], state)
    got = await stage.call("viewer", "get_logging_configuration", identifier=made["arn"])
    assert got["state"] == state
    for operation in ("update_logging_configuration", "delete_logging_configuration"):
        response = await stage.refused("admin", operation, identifier=made["arn"])
        assert response["Error"]["Code"] == "ConflictException"
        assert state in response["Error"]["Message"]


@pytest.mark.parametrize("state", ["CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED"])
async def test_a_configuration_whose_change_failed_can_be_updated(stage: Stage, state: State) -> None:
    stage.service.account.configurations.set_state(SEEDED, state)
    changed = await stage.call("admin", "update_logging_configuration", identifier=SEEDED)
    assert changed["state"] == "ACTIVE"


async def test_there_may_be_ten_configurations(stage: Stage) -> None:
    for _ in range(9):
        await create(stage, destinationConfiguration=S3)
        stage.clock.advance(1)
    response = await stage.refused("admin", "create_logging_configuration", destinationConfiguration=S3)
    assert response["Error"]["Code"] == "ServiceQuotaExceededException"
    assert (response["limit"], response["ResponseMetadata"]["HTTPStatusCode"]) == (10, 402)


async def recorded(stage: Stage, group: str) -> list[str]:
    page = await stage.filter_log("moderator", group)
    return [event["message"] for event in page["events"]]


async def test_only_what_is_sent_while_an_active_configuration_is_attached_is_recorded(stage: Stage) -> None:
    made = await create(stage, destinationConfiguration=CLOUDWATCH)
    assert await recorded(stage, "/new/group") == []
    arn = names.room_arn(stage.unlogged.id)
    stage.world.post(stage.unlogged, stage.person, "before")
    await stage.call("admin", "update_room", identifier=arn, loggingConfigurationIdentifiers=[made["arn"]])
    stage.world.post(stage.unlogged, stage.person, "during")
    stage.service.account.configurations.set_state(made["arn"], "UPDATE_FAILED")
    stage.world.post(stage.unlogged, stage.person, "broken")
    stage.service.account.configurations.set_state(made["arn"], "ACTIVE")
    await stage.call("admin", "update_room", identifier=arn, loggingConfigurationIdentifiers=[])
    stage.world.post(stage.unlogged, stage.person, "after")
    (record,) = await recorded(stage, "/new/group")
    assert '"Content":"during"' in record


async def test_a_room_is_recorded_by_each_of_its_configurations(stage: Stage) -> None:
    second = await create(stage, destinationConfiguration=CLOUDWATCH)
    archive = await create(stage, destinationConfiguration=S3)
    arn = names.room_arn(stage.empty.id)
    await stage.call(
        "admin",
        "update_room",
        identifier=arn,
        loggingConfigurationIdentifiers=[SEEDED, second["arn"], archive["arn"]],
    )
    stage.world.post(stage.empty, stage.person, "twice")
    assert (await recorded(stage, "/live/chat"))[-1] == (await recorded(stage, "/new/group"))[0]


async def test_a_new_destination_is_written_to_from_then_on(stage: Stage) -> None:
    await stage.call("admin", "update_logging_configuration", identifier=SEEDED, destinationConfiguration=CLOUDWATCH)
    stage.world.post(stage.finals, stage.person, "there")
    assert len(await recorded(stage, "/live/chat")) == 20
    assert len(await recorded(stage, "/new/group")) == 1
