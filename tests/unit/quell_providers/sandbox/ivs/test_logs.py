import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.world import Person
from tests.unit.quell_providers.sandbox.ivs.conftest import NOW, Stage


def texts(page: dict[str, Any]) -> list[str]:
    return [json.loads(event["message"])["payload"]["Content"] for event in page["events"]]


def numbered(*numbers: int) -> list[str]:
    return [f"finals {number}" for number in numbers]


async def test_a_record_has_the_form_that_ivs_writes(stage: Stage) -> None:
    page = await stage.read_log("moderator", stage.finals, limit=1)
    (event,) = page["events"]
    record = json.loads(event["message"])
    post = stage.world.posts_in(stage.finals.id)[-1]
    assert event["timestamp"] == round(post.sent_at * 1000)
    assert list(record) == ["event_timestamp", "type", "payload", "version"]
    assert record["event_timestamp"] == "2025-10-09T08:51:49.000Z"
    assert (record["type"], record["version"]) == ("MESSAGE", "1.0")
    assert record["payload"]["Id"] == post.id
    assert record["payload"]["Sender"]["UserId"] == stage.person.id


async def test_the_newest_page_comes_first_and_leads_back_to_the_oldest(stage: Stage) -> None:
    newest = await stage.read_log("moderator", stage.finals, limit=4)
    older = await stage.read_log("moderator", stage.finals, limit=4, nextToken=newest["nextBackwardToken"])
    oldest = await stage.read_log("moderator", stage.finals, limit=4, nextToken=older["nextBackwardToken"])
    assert texts(newest) == numbered(6, 7, 8, 9)
    assert texts(older) == numbered(2, 3, 4, 5)
    assert texts(oldest) == numbered(0, 1)
    beyond = await stage.read_log("moderator", stage.finals, limit=4, nextToken=oldest["nextBackwardToken"])
    assert beyond["events"] == []
    assert beyond["nextBackwardToken"] == oldest["nextBackwardToken"]


async def test_from_the_head_it_leads_forward_to_what_arrives_later(stage: Stage) -> None:
    head = await stage.read_log("moderator", stage.finals, limit=8, startFromHead=True)
    rest = await stage.read_log("moderator", stage.finals, nextToken=head["nextForwardToken"])
    assert texts(head) == numbered(*range(8))
    assert texts(rest) == numbered(8, 9)
    end = await stage.read_log("moderator", stage.finals, nextToken=rest["nextForwardToken"])
    assert (end["events"], end["nextForwardToken"]) == ([], rest["nextForwardToken"])
    stage.world.post(stage.finals, stage.person, "later")
    assert texts(await stage.read_log("moderator", stage.finals, nextToken=end["nextForwardToken"])) == ["later"]


async def test_times_bound_the_page(stage: Stage) -> None:
    since, until = round((NOW - 97) * 1000), round((NOW - 94) * 1000)
    page = await stage.read_log("moderator", stage.finals, startTime=since, endTime=until)
    assert texts(page) == numbered(3, 4, 5)


async def test_a_deletion_is_recorded_as_an_event(stage: Stage) -> None:
    post = stage.world.posts_in(stage.finals.id)[0]
    stage.world.delete(post, by="somebody", reason="spam")
    (event,) = (await stage.read_log("moderator", stage.finals, limit=1))["events"]
    record = json.loads(event["message"])
    assert record["type"] == "EVENT"
    assert record["payload"]["EventName"] == "aws:DELETE_MESSAGE"
    assert record["payload"]["Attributes"] == {"MessageId": post.id, "MessageID": post.id, "Reason": "spam"}


async def test_a_page_ends_at_one_megabyte(stage: Stage) -> None:
    stranger = stage.world.add_person(Person("stranger", "stranger", "Stranger"))
    for _ in range(600):
        stage.world.post(stage.finals, stranger, "x" * 2_000)
    page = await stage.read_log("moderator", stage.finals)
    sizes = [len(event["message"]) + 26 for event in page["events"]]
    assert 1024 * 1024 - sizes[0] < sum(sizes) <= 1024 * 1024


async def refused(stage: Stage, role: str, **parameters: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        await stage.read_log(role, stage.finals, **parameters)
    return dict(caught.value.response)


async def test_without_the_permission_the_log_is_denied(stage: Stage) -> None:
    response = await refused(stage, "nologs")
    assert response["Error"]["Code"] == "AccessDeniedException"
    stream = f"arn:aws:logs:us-west-2:{names.ACCOUNT}:log-group:/live/chat:log-stream:{names.log_stream(stage.finals)}"
    assert f"logs:GetLogEvents on resource: {stream}" in response["Error"]["Message"]
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize(
    ("parameters", "code", "said"),
    [
        ({"logGroupName": "/other"}, "ResourceNotFoundException", "log group does not exist"),
        ({"logStreamName": "other"}, "ResourceNotFoundException", "log stream does not exist"),
        ({"nextToken": "x/1"}, "InvalidParameterException", "nextToken"),
        ({"limit": 10_001}, "InvalidParameterException", "limit"),
    ],
)
async def test_wrong_parameters_are_refused(stage: Stage, parameters: dict[str, Any], code: str, said: str) -> None:
    error = (await refused(stage, "moderator", **parameters))["Error"]
    assert error["Code"] == code
    assert said in error["Message"]


async def test_a_room_without_messages_has_no_stream_yet(stage: Stage) -> None:
    with pytest.raises(ClientError, match="log stream does not exist"):
        await stage.read_log("moderator", stage.empty)
    stage.world.post(stage.empty, stage.person, "first")
    assert texts(await stage.read_log("moderator", stage.empty)) == ["first"]
