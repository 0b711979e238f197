import pytest

from quell_providers.sandbox.ivs import names
from tests.unit.quell_providers.sandbox.ivs.conftest import Stage


@pytest.fixture(params=["room", "configuration"])
def arn(request: pytest.FixtureRequest, stage: Stage) -> str:
    return names.room_arn(stage.finals.id) if request.param == "room" else names.logging_arn("/live/chat")


async def tags(stage: Stage, arn: str) -> dict[str, str]:
    return dict((await stage.call("viewer", "list_tags_for_resource", resourceArn=arn))["tags"])


async def test_tags_are_added_changed_and_taken_away(stage: Stage, arn: str) -> None:
    await stage.call("admin", "tag_resource", resourceArn=arn, tags={"a": "1", "b c/ü&=": "2"})
    await stage.call("admin", "tag_resource", resourceArn=arn, tags={"a": "3", "d": ""})
    assert await tags(stage, arn) == {"a": "3", "b c/ü&=": "2", "d": ""}
    await stage.call("admin", "untag_resource", resourceArn=arn, tagKeys=["b c/ü&=", "d", "never-there"])
    assert await tags(stage, arn) == {"a": "3"}


async def test_a_resource_has_fifty_tags_at_most(stage: Stage, arn: str) -> None:
    await stage.call("admin", "tag_resource", resourceArn=arn, tags={f"k{number}": "v" for number in range(50)})
    await stage.call("admin", "tag_resource", resourceArn=arn, tags={"k0": "changed"})
    response = await stage.refused("admin", "tag_resource", resourceArn=arn, tags={"one more": ""})
    assert (response["Error"]["Code"], response["reason"]) == ("ValidationException", "OTHER")


async def test_keys_of_aws_are_reserved(stage: Stage, arn: str) -> None:
    response = await stage.refused("admin", "tag_resource", resourceArn=arn, tags={"AWS:mine": "v"})
    assert [item["name"] for item in response["fieldList"]] == ["tags"]
    response = await stage.refused("admin", "create_room", tags={"aws:mine": "v"})
    assert [item["name"] for item in response["fieldList"]] == ["tags"]


@pytest.mark.parametrize("resource", ["room/NoSuchRoom12", "logging-configuration/NoSuchConfig"])
async def test_what_does_not_exist_has_no_tags(stage: Stage, resource: str) -> None:
    arn = names.room_arn("x").replace("room/x", resource)
    response = await stage.refused("admin", "list_tags_for_resource", resourceArn=arn)
    assert response["Error"]["Code"] == "ResourceNotFoundException"
    assert response["resourceId"] == resource.partition("/")[2]


async def test_what_is_no_arn_is_refused(stage: Stage) -> None:
    response = await stage.refused("admin", "list_tags_for_resource", resourceArn="finals")
    assert [item["name"] for item in response["fieldList"]] == ["resourceArn"]


async def test_a_tag_decides_who_may_delete(stage: Stage) -> None:
    arn = names.room_arn(stage.finals.id)
    await stage.call("admin", "tag_resource", resourceArn=arn, tags={"access": "crew"})
    response = await stage.refused("moderator", "delete_message", roomIdentifier=arn, id="AbCdEfGhIjKl")
    assert response["Error"]["Code"] == "AccessDeniedException"
    await stage.call("admin", "untag_resource", resourceArn=arn, tagKeys=["access"])
    assert (await stage.call("moderator", "delete_message", roomIdentifier=arn, id="AbCdEfGhIjKl"))["id"]
