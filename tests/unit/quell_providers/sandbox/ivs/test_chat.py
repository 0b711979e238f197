"""What both planes do to a room: tokens, events, disconnections."""

import json
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedOK

from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.world import ALPHABET
from tests.unit.quell_providers.sandbox.ivs.conftest import NOW, Stage
from tests.unit.quell_providers.sandbox.ivs.sockets import ask, closing, frame, joined, refused_status


def room(stage: Stage) -> str:
    return names.room_arn(stage.finals.id)


@pytest.mark.parametrize(("minutes", "seconds"), [({}, 3_600), ({"sessionDurationInMinutes": 1}, 60)])
async def test_a_session_lasts_as_long_as_asked_for(stage: Stage, minutes: dict[str, int], seconds: int) -> None:
    answer = await stage.call("moderator", "create_chat_token", roomIdentifier=room(stage), userId="me", **minutes)
    assert answer["sessionExpirationTime"].timestamp() == NOW + seconds
    assert answer["tokenExpirationTime"].timestamp() == NOW + 3_600


async def test_tokens_are_letters_that_may_stand_in_a_header(stage: Stage) -> None:
    tokens = {await stage.token(stage.finals) for _ in range(3)}
    assert len(tokens) == 3
    assert all(set(token) <= set(ALPHABET + "-_") for token in tokens)


async def test_a_token_is_stale_once_its_session_is_over(stage: Stage) -> None:
    token = await stage.token(stage.finals, sessionDurationInMinutes=1)
    stage.clock.advance(60)
    assert await refused_status(stage, token) == 403


async def test_a_token_for_a_deleted_room_is_refused(stage: Stage) -> None:
    token = await stage.token(stage.finals)
    await stage.call("admin", "delete_room", identifier=room(stage))
    assert await refused_status(stage, token) == 404


async def test_an_event_of_an_application_reaches_everybody_and_the_log(stage: Stage) -> None:
    async with joined(stage, stage.finals) as socket:
        answer = await stage.call(
            "admin", "send_event", roomIdentifier=room(stage), eventName="app:POLL", attributes={"question": "red?"}
        )
        got = await frame(socket)
    assert list(got) == ["Type", "Id", "RequestId", "EventName", "Attributes", "SendTime"]
    assert (got["Type"], got["Id"], got["RequestId"], got["EventName"]) == ("EVENT", answer["id"], "", "app:POLL")
    assert got["Attributes"] == {"question": "red?"}
    (event,) = (await stage.read_log("admin", stage.finals, limit=1))["events"]
    assert json.loads(event["message"])["payload"] == got


async def test_deleting_an_event_is_answered_like_any_deletion(stage: Stage) -> None:
    sent = await stage.call("admin", "send_event", roomIdentifier=room(stage), eventName="e")
    async with joined(stage, stage.finals) as socket:
        await stage.call("admin", "delete_message", roomIdentifier=room(stage), id=sent["id"])
        assert (await frame(socket))["Attributes"]["MessageId"] == sent["id"]


async def test_a_disconnected_user_loses_all_connections_to_the_room_and_may_come_back(stage: Stage) -> None:
    async with (
        joined(stage, stage.finals) as one,
        joined(stage, stage.finals) as two,
        joined(stage, stage.backstage) as elsewhere,
        joined(stage, stage.finals, user="somebody") as other,
    ):
        answer = await stage.call(
            "moderator", "disconnect_user", roomIdentifier=room(stage), userId="console", reason="enough"
        )
        assert set(answer) == {"ResponseMetadata"}
        for socket in (one, two):
            got = await frame(socket)
            assert (got["EventName"], got["RequestId"]) == ("aws:DISCONNECT_USER", "")
            assert got["Attributes"] == {"UserId": "console", "Reason": "enough"}
            with pytest.raises(ConnectionClosedOK):
                await frame(socket)
        stage.world.post(stage.finals, stage.person, "still here")
        assert [(await frame(other))["Type"] for _ in range(2)] == ["EVENT", "MESSAGE"]
        stage.world.post(stage.backstage, stage.person, "elsewhere")
        assert (await frame(elsewhere))["Content"] == "elsewhere"
    async with joined(stage, stage.finals) as socket:
        stage.world.post(stage.finals, stage.person, "back")
        assert (await frame(socket))["Content"] == "back"


async def test_disconnecting_nobody_succeeds_and_answers_an_empty_body(stage: Stage) -> None:
    answer = await stage.call("moderator", "disconnect_user", roomIdentifier=room(stage), userId="nobody")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert answer["ResponseMetadata"]["HTTPHeaders"]["content-length"] == "0"


async def test_a_connection_disconnects_others_and_then_itself(stage: Stage) -> None:
    async with (
        joined(stage, stage.finals, "DISCONNECT_USER") as socket,
        joined(stage, stage.finals, user="loud") as loud,
    ):
        got = await ask(socket, Action="DISCONNECT_USER", UserId="loud", Reason="bye", RequestId="r1")
        assert (got["RequestId"], got["Attributes"]) == ("r1", {"UserId": "loud", "Reason": "bye"})
        assert await closing(loud) == 1000
        got = await ask(socket, Action="DISCONNECT_USER", UserId="console")
        assert got["Attributes"] == {"UserId": "console"}
        assert await closing(socket) == 1000


async def test_the_account_that_is_pending_verification_may_do_nothing_to_a_room(stage: Stage) -> None:
    async with joined(stage, stage.finals, "SEND_MESSAGE") as socket:
        stage.service.account.pending = True
        assert (await ask(socket, Action="SEND_MESSAGE", Content="hi"))["ErrorCode"] == 403
    requests: dict[str, dict[str, Any]] = {
        "disconnect_user": {"roomIdentifier": room(stage), "userId": "x"},
        "send_event": {"roomIdentifier": room(stage), "eventName": "x"},
        "create_room": {},
        "update_room": {"identifier": room(stage)},
        "delete_room": {"identifier": room(stage)},
        "delete_logging_configuration": {"identifier": names.logging_arn("/live/chat")},
    }
    for operation, request in requests.items():
        assert (await stage.refused("admin", operation, **request))["Error"]["Code"] == "PendingVerification"
    assert (await stage.call("admin", "get_room", identifier=room(stage)))["name"] == "finals"
