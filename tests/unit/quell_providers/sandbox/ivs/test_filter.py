"""FilterLogEvents, and records that take their time to arrive."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.ivs.service import IvsService
from quell_providers.sandbox.world import Person
from tests.unit.quell_providers.sandbox.ivs.conftest import NOW, Stage

GROUP = "/live/chat"
MESSAGES = '{ $.type = "MESSAGE" }'


def texts(page: dict[str, Any]) -> list[str]:
    payloads = [json.loads(event["message"])["payload"] for event in page["events"]]
    return [payload.get("Content") or payload["EventName"] for payload in payloads]


async def read(stage: Stage, **request: Any) -> list[dict[str, Any]]:
    """All pages."""
    pages = [await stage.filter_log("moderator", GROUP, **request)]
    while "nextToken" in pages[-1]:
        pages.append(await stage.filter_log("moderator", GROUP, **request, nextToken=pages[-1]["nextToken"]))
    return pages


async def test_all_streams_of_a_group_are_told_in_order_of_time(stage: Stage) -> None:
    (page,) = await read(stage)
    assert texts(page) == [f"{room} {number}" for number in range(10) for room in ("finals", "backstage")]
    assert {event["logStreamName"] for event in page["events"]} == {
        names.log_stream(stage.finals),
        names.log_stream(stage.backstage),
    }
    assert len({event["eventId"] for event in page["events"]}) == 20
    assert page["searchedLogStreams"] == []


async def test_streams_are_chosen_by_name_or_prefix(stage: Stage) -> None:
    stream = names.log_stream(stage.finals)
    for choice in ({"logStreamNames": [stream]}, {"logStreamNamePrefix": stream[:-3]}):
        (page,) = await read(stage, **choice)
        assert texts(page) == [f"finals {number}" for number in range(10)]


async def test_a_group_is_named_by_its_arn_too(stage: Stage) -> None:
    logs = stage.client("moderator", "logs")
    arn = f"arn:aws:logs:us-west-2:{names.ACCOUNT}:log-group:{GROUP}"
    page = await asyncio.to_thread(logs.filter_log_events, logGroupIdentifier=arn)
    assert len(page["events"]) == 20


async def test_only_what_matches_is_told(stage: Stage) -> None:
    stage.world.delete(stage.world.posts_in(stage.finals.id)[0], by="x")
    (page,) = await read(stage, filterPattern=MESSAGES)
    assert len(page["events"]) == 20
    (page,) = await read(stage, filterPattern='{ $.type = "EVENT" }')
    assert texts(page) == ["aws:DELETE_MESSAGE"]
    (page,) = await read(stage, filterPattern='"finals 3"')
    assert texts(page) == ["finals 3"]


async def test_times_bound_what_is_told_both_ends_included(stage: Stage) -> None:
    since, until = round((NOW - 97) * 1000), round((NOW - 95) * 1000)
    (page,) = await read(stage, startTime=since, endTime=until)
    assert texts(page) == [f"{room} {number}" for number in (3, 4, 5) for room in ("finals", "backstage")]


async def test_a_full_page_leads_on_and_the_last_one_does_not(stage: Stage) -> None:
    pages = await read(stage, limit=10)
    assert [len(page["events"]) for page in pages] == [10, 10, 0]
    assert "nextToken" not in pages[-1]


async def test_the_newest_come_first_when_asked_for(stage: Stage) -> None:
    request = {"startFromHead": False, "startTime": round((NOW - 200) * 1000), "limit": 15}
    pages = await read(stage, **request)
    found = [text for page in pages for text in texts(page)]
    assert found == [f"{room} {number}" for number in reversed(range(10)) for room in ("backstage", "finals")]


async def test_a_page_may_be_empty_though_more_follow(stage: Stage) -> None:
    flood = stage.world.add_person(Person("flood", "flood", "Flood"))
    for _ in range(600):
        stage.world.post(stage.finals, flood, "x" * 2_000)
    stage.world.post(stage.finals, stage.person, "needle")
    pages = await read(stage, filterPattern="needle")
    assert [texts(page) for page in pages] == [[], ["needle"]]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"filterPattern": "{ $.type ~ 1 }"}, "Invalid filter pattern"),
        ({"logStreamNames": ["a"], "logStreamNamePrefix": "a"}, "mutually exclusive"),
        ({"logStreamNames": ["a"] * 101}, "logStreamNames"),
        ({"limit": 10_001}, "limit"),
        ({"nextToken": "x"}, "nextToken"),
        ({"startFromHead": False}, "startFromHead"),
        ({"logGroupIdentifier": GROUP}, "not both"),
    ],
)
async def test_wrong_parameters_are_refused(stage: Stage, request_: dict[str, Any], said: str) -> None:
    with pytest.raises(ClientError, match=said) as caught:
        await stage.filter_log("moderator", GROUP, **request_)
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"


@pytest.mark.parametrize(("group", "request_"), [("/no", {}), (GROUP, {"logStreamNames": ["no"]})])
async def test_what_does_not_exist_is_not_found(stage: Stage, group: str, request_: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="does not exist") as caught:
        await stage.filter_log("moderator", group, **request_)
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


async def test_without_the_permission_the_logs_are_denied(stage: Stage) -> None:
    with pytest.raises(ClientError, match=f"logs:FilterLogEvents on resource: .*:log-group:{GROUP}:log-stream: "):
        await stage.filter_log("nologs", GROUP)


@pytest.fixture
async def slow(stage: Stage) -> AsyncIterator[Stage]:
    """The stage with logs that lag by ten seconds."""
    original, stage.service = stage.service, IvsService(stage.world, tps=5, log_delay_seconds=10)
    await stage.service.start()
    yield stage
    await stage.service.stop()
    stage.service = original


async def test_a_record_can_be_read_after_the_delay(slow: Stage) -> None:
    slow.world.post(slow.finals, slow.person, "fresh")
    slow.clock.advance(9.9)
    assert texts(await slow.read_log("moderator", slow.finals, limit=1)) == ["finals 9"]
    assert len((await read(slow))[0]["events"]) == 20
    slow.clock.advance(0.1)
    page = await slow.read_log("moderator", slow.finals, limit=1)
    assert texts(page) == ["fresh"]
    assert page["events"][0]["timestamp"] == NOW * 1000
    assert page["events"][0]["ingestionTime"] == (NOW + 10) * 1000
    assert texts((await read(slow))[0])[-1] == "fresh"


async def test_a_reader_at_the_end_gets_what_arrives_later(slow: Stage) -> None:
    end = await slow.read_log("moderator", slow.finals, startFromHead=True)
    slow.world.post(slow.finals, slow.person, "fresh")
    still = await slow.read_log("moderator", slow.finals, startFromHead=True, nextToken=end["nextForwardToken"])
    assert (still["events"], still["nextForwardToken"]) == ([], end["nextForwardToken"])
    slow.clock.advance(10)
    page = await slow.read_log("moderator", slow.finals, startFromHead=True, nextToken=end["nextForwardToken"])
    assert texts(page) == ["fresh"]


async def test_a_stream_is_made_when_its_first_record_arrives(slow: Stage) -> None:
    slow.world.post(slow.empty, slow.person, "first")
    with pytest.raises(ClientError, match="log stream does not exist"):
        await slow.read_log("moderator", slow.empty)
    slow.clock.advance(10)
    assert texts(await slow.read_log("moderator", slow.empty)) == ["first"]
