"""Message review handlers: what a function answers, and what becomes of the message."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.ivs.rooms import Result
from tests.unit.quell_providers.sandbox.ivs.conftest import Stage
from tests.unit.quell_providers.sandbox.ivs.sockets import ask, frame, joined

Message = Mapping[str, Any]


async def say(stage: Stage, text: str = "hello", **attributes: str) -> dict[str, Any]:
    """Send a message to the room under review; the sender's next frame."""
    capabilities = ("SEND_MESSAGE", "DELETE_MESSAGE")
    async with joined(stage, stage.finals, *capabilities, attributes={"badge": "gold"}) as socket:
        return await ask(socket, Action="SEND_MESSAGE", Content=text, Attributes=attributes, RequestId="r")


def silent(message: Message) -> Message:
    raise TimeoutError


async def test_a_handler_sees_the_message_and_its_sender(stage: Stage) -> None:
    seen: list[Message] = []

    def allow(message: Message) -> Message:
        seen.append(message)
        return {"ReviewResult": "ALLOW", "Content": message["Content"], "Attributes": message["Attributes"]}

    stage.service.review(stage.finals, allow)
    delivered = await say(stage, "hello", mood="good")
    assert (delivered["Content"], delivered["Attributes"]) == ("hello", {"mood": "good"})
    assert seen == [
        {
            "Content": "hello",
            "MessageId": delivered["Id"],
            "RoomArn": names.room_arn(stage.finals.id),
            "Attributes": {"mood": "good"},
            "Sender": {"UserId": "console", "Ip": "127.0.0.1", "Attributes": {"badge": "gold"}},
        }
    ]


async def test_a_handler_may_rewrite_what_everybody_sees(stage: Stage) -> None:
    stage.service.review(
        stage.finals, lambda message: {"ReviewResult": "ALLOW", "Content": "****", "Attributes": {"by": "review"}}
    )
    async with joined(stage, stage.finals, user="other") as other:
        delivered = await say(stage, "darn", mood="bad")
        assert await frame(other) == delivered
    assert (delivered["Content"], delivered["Attributes"], delivered["RequestId"]) == ("****", {"by": "review"}, "r")
    post = stage.world.find_post(delivered["Id"])
    assert post
    assert post.text == "****"
    (event,) = (await stage.read_log("admin", stage.finals, limit=1))["events"]
    assert json.loads(event["message"])["payload"] == delivered


async def test_a_denied_message_is_told_to_its_sender_alone(stage: Stage) -> None:
    stage.service.review(stage.finals, lambda message: {"ReviewResult": "DENY", "Attributes": {"Reason": "No links"}})
    async with joined(stage, stage.finals, user="other") as other:
        got = await say(stage)
        stage.world.post(stage.finals, stage.person, "next")
        assert (await frame(other))["Content"] == "next"
    assert (got["Type"], got["ErrorCode"], got["RequestId"]) == ("ERROR", 406, "r")
    assert "No links" in got["ErrorMessage"]
    assert len(stage.world.posts_in(stage.finals.id)) == 11


async def test_a_denial_needs_no_reason(stage: Stage) -> None:
    stage.service.review(stage.finals, lambda message: {"ReviewResult": "DENY", "Content": "", "Attributes": {}})
    assert (await say(stage))["ErrorCode"] == 406


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"ReviewResult": "PERHAPS", "Content": "x"},
        {"ReviewResult": "ALLOW"},
        {"ReviewResult": "ALLOW", "Content": ""},
        {"ReviewResult": "ALLOW", "Content": "x", "Attributes": {"n": 1}},
        {"ReviewResult": "ALLOW", "Content": "x", "Attributes": {"n": "x" * 1_024}},
        None,
    ],
)
@pytest.mark.parametrize("fallback", ["ALLOW", "DENY"])
async def test_the_fallback_decides_where_the_handler_does_not(
    stage: Stage, answer: Message | None, fallback: Result
) -> None:
    stage.service.review(stage.finals, silent if answer is None else lambda message: answer, fallback=fallback)
    got = await say(stage, "hello")
    outcome = got.get("Content") or got.get("ErrorCode")
    assert outcome == {"ALLOW": "hello", "DENY": 406}[fallback]


async def test_a_handler_is_set_and_taken_away_through_the_control_plane(stage: Stage) -> None:
    arn, uri = names.room_arn(stage.finals.id), names.lambda_arn("shout")
    stage.service.add_function(uri, lambda message: {"ReviewResult": "ALLOW", "Content": message["Content"].upper()})
    await stage.call("admin", "update_room", identifier=arn, messageReviewHandler={"uri": uri})
    assert (await say(stage))["Content"] == "HELLO"
    await stage.call("admin", "update_room", identifier=arn, messageReviewHandler={"uri": ""})
    assert (await say(stage))["Content"] == "hello"


async def test_a_handler_without_a_function_is_one_that_fails(stage: Stage) -> None:
    handler = {"uri": names.lambda_arn("gone"), "fallbackResult": "DENY"}
    arn = names.room_arn(stage.finals.id)
    await stage.call("admin", "update_room", identifier=arn, messageReviewHandler=handler)
    assert (await say(stage))["ErrorCode"] == 406


async def test_the_room_tells_of_its_handler(stage: Stage) -> None:
    stage.service.review(stage.finals, silent, fallback="DENY")
    room = (await stage.call("viewer", "list_rooms"))["rooms"][0]
    assert room["messageReviewHandler"]["fallbackResult"] == "DENY"


async def test_deletions_are_not_reviewed(stage: Stage) -> None:
    stage.service.review(stage.finals, silent, fallback="DENY")
    async with joined(stage, stage.finals, "DELETE_MESSAGE") as socket:
        assert (await ask(socket, Action="DELETE_MESSAGE", Id="AbCdEfGhIjKl"))["Type"] == "EVENT"
