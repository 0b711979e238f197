from typing import Any

import aiohttp
import pytest
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK

from quell_providers.sandbox.ivs import names
from tests.unit.quell_providers.sandbox.ivs.conftest import NOW, Stage
from tests.unit.quell_providers.sandbox.ivs.sockets import ask, dial, frame, joined, refused_status


async def test_the_token_is_echoed_as_the_subprotocol(stage: Stage) -> None:
    token = await stage.token(stage.finals)
    async with dial(stage, token) as socket:
        assert socket.subprotocol == token


async def test_a_message_of_the_world_arrives_as_a_message_frame(stage: Stage) -> None:
    async with joined(stage, stage.finals) as socket:
        stage.clock.advance(0.25)
        post = stage.world.post(stage.finals, stage.person, "🎉 добро пожаловать \x1b[2J")
        got = await frame(socket)
    assert list(got) == ["Type", "Id", "RequestId", "Attributes", "Content", "SendTime", "Sender"]
    assert (got["Type"], got["Id"], got["RequestId"]) == ("MESSAGE", post.id, "")
    assert got["Content"] == post.text
    assert got["SendTime"].startswith("2025-10-09T08:53:20.25")
    assert got["Sender"]["UserId"] == stage.person.id


async def test_only_the_room_of_the_token_is_heard(stage: Stage) -> None:
    async with joined(stage, stage.finals) as socket:
        stage.world.post(stage.backstage, stage.person, "elsewhere")
        stage.world.post(stage.finals, stage.person, "here")
        assert (await frame(socket))["Content"] == "here"


async def test_a_deletion_over_http_is_broadcast_with_both_spellings(stage: Stage) -> None:
    post = stage.world.posts_in(stage.finals.id)[0]
    async with joined(stage, stage.finals) as socket:
        answer = await stage.call(
            "moderator", "delete_message", roomIdentifier=names.room_arn(stage.finals.id), id=post.id, reason="spam"
        )
        got = await frame(socket)
    assert list(got) == ["Type", "Id", "RequestId", "EventName", "Attributes", "SendTime"]
    assert (got["Type"], got["Id"], got["RequestId"]) == ("EVENT", answer["id"], "")
    assert got["EventName"] == "aws:DELETE_MESSAGE"
    assert got["Attributes"] == {"MessageId": post.id, "MessageID": post.id, "Reason": "spam"}


async def test_a_second_deletion_is_broadcast_again(stage: Stage) -> None:
    post = stage.world.posts_in(stage.finals.id)[0]
    async with joined(stage, stage.finals) as socket:
        for _ in range(2):
            stage.world.delete(post, by="somebody")
        first, second = await frame(socket), await frame(socket)
    assert first["Attributes"] == second["Attributes"] == {"MessageId": post.id, "MessageID": post.id}
    assert first["Id"] != second["Id"]


async def test_a_client_with_the_capability_writes_and_deletes(stage: Stage) -> None:
    attributes = {"displayName": "Console"}
    capabilities = ("SEND_MESSAGE", "DELETE_MESSAGE")
    async with joined(stage, stage.finals, *capabilities, attributes=attributes) as socket:
        written = await ask(socket, Action="SEND_MESSAGE", Content="hi", Attributes={"k": "v"}, RequestId="one")
        event = await ask(socket, Action="DELETE_MESSAGE", Id=written["Id"], Reason="mine", RequestId="two")
    assert (written["RequestId"], written["Content"], written["Attributes"]) == ("one", "hi", {"k": "v"})
    assert written["Sender"] == {"UserId": "console", "Attributes": attributes}
    assert (event["RequestId"], event["Attributes"]["MessageId"]) == ("two", written["Id"])
    post = stage.world.find_post(written["Id"])
    assert post
    assert (post.deleted_by, post.deletion_reason) == ("console", "mine")


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"Action": "DELETE_MESSAGE", "Id": "short"}, 400),
        ({"Action": "DELETE_MESSAGE"}, 400),
        ({"Action": "SEND_MESSAGE", "Content": ""}, 400),
        ({"Action": "SEND_MESSAGE", "Content": "x" * 501}, 413),
        ({"Action": "SEND_MESSAGE", "Content": "x", "Attributes": {"k": "v" * 1_024}}, 413),
        ({"Action": "DANCE"}, 400),
    ],
)
async def test_wrong_requests_get_an_error_frame(stage: Stage, request_: dict[str, Any], code: int) -> None:
    async with joined(stage, stage.finals, "SEND_MESSAGE", "DELETE_MESSAGE") as socket:
        got = await ask(socket, **request_, RequestId="r")
    assert list(got) == ["Type", "Id", "RequestId", "ErrorCode", "ErrorMessage"]
    assert (got["Type"], got["RequestId"], got["ErrorCode"]) == ("ERROR", "r", code)
    assert got["ErrorMessage"]


async def test_without_the_capability_a_client_only_reads(stage: Stage) -> None:
    async with joined(stage, stage.finals) as socket:
        written = await ask(socket, Action="SEND_MESSAGE", Content="hi")
        deleted = await ask(socket, Action="DELETE_MESSAGE", Id="AbCdEfGhIjKl")
    assert (written["ErrorCode"], deleted["ErrorCode"]) == (403, 403)


@pytest.mark.parametrize("text", ["hello?", "[]", '{"Action": "SEND_MESSAGE", "Content": "\\ud800"}'])
async def test_what_is_no_json_object_gets_an_error_frame(stage: Stage, text: str) -> None:
    async with joined(stage, stage.finals, "SEND_MESSAGE") as socket:
        await socket.send(text)
        assert (await frame(socket))["ErrorCode"] == 400


async def test_both_planes_draw_from_one_quota(stage: Stage) -> None:
    async with joined(stage, stage.finals, "DELETE_MESSAGE") as socket:
        for _ in range(5):
            assert (await ask(socket, Action="DELETE_MESSAGE", Id="AbCdEfGhIjKl"))["Type"] == "EVENT"
        got = await ask(socket, Action="DELETE_MESSAGE", Id="AbCdEfGhIjKl")
    assert (got["Type"], got["ErrorCode"]) == ("ERROR", 429)


async def test_a_token_works_once(stage: Stage) -> None:
    token = await stage.token(stage.finals)
    async with dial(stage, token):
        assert await refused_status(stage, token) == 403


async def test_made_up_and_stale_tokens_are_refused(stage: Stage) -> None:
    token = await stage.token(stage.finals)
    stage.clock.advance(3_601)
    assert await refused_status(stage, token) == 403
    assert await refused_status(stage, "AQICAHmadeup") == 403


async def test_an_upgrade_without_a_token_is_refused(stage: Stage) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await session.ws_connect(stage.service.messaging_url)
    assert caught.value.status == 401


async def test_a_session_ends_after_its_time(stage: Stage) -> None:
    async with joined(stage, stage.finals, sessionDurationInMinutes=2) as socket:
        stage.clock.advance(119)
        stage.world.post(stage.finals, stage.person, "still here")
        assert (await frame(socket))["Content"] == "still here"
        stage.clock.advance(1)
        assert (await frame(socket))["ErrorCode"] == 401
        with pytest.raises(ConnectionClosedOK):
            await frame(socket)


async def test_dropped_connections_end_without_a_close_frame(stage: Stage) -> None:
    async with joined(stage, stage.finals) as socket:
        await stage.service.drop_connections()
        with pytest.raises(ConnectionClosedError) as caught:
            await frame(socket)
        assert caught.value.rcvd is None
    async with joined(stage, stage.finals) as socket:
        stage.world.post(stage.finals, stage.person, "back")
        assert (await frame(socket))["Content"] == "back"


async def test_stopping_the_service_says_goodbye(stage: Stage) -> None:
    async with joined(stage, stage.finals) as socket:
        stage.world.post(stage.finals, stage.person, "last words")
        await stage.service.stop()
        assert (await frame(socket))["Content"] == "last words"
        with pytest.raises(ConnectionClosedOK) as caught:
            await frame(socket)
    assert caught.value.rcvd
    assert caught.value.rcvd.code == 1001


async def test_two_clients_hear_the_same(stage: Stage) -> None:
    async with joined(stage, stage.finals) as one, joined(stage, stage.finals) as other:
        for number in range(100):
            stage.world.post(stage.finals, stage.person, f"{number}", at=NOW)
        assert [await frame(one) for _ in range(100)] == [await frame(other) for _ in range(100)]
