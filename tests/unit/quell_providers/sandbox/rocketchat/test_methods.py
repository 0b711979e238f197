"""DDP methods, over the socket and over `method.call`, and how often they may be called."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from quell_providers.sandbox.rocketchat.service import RocketChatService
from tests.unit.quell_providers.sandbox.rocketchat.scene import NOW, Ddp, Json, Rest, Scene

As = Callable[[str | None], Ddp]
Calls = Callable[[str | None], Rest]


async def over_rest(caller: Rest, method: str, *params: object) -> tuple[int, Json]:
    frame = {"msg": "method", "method": method, "id": "42", "params": list(params)}
    answer = await caller.post(f"method.call/{method}", {"message": json.dumps(frame)})
    outcome: Json = json.loads(answer.body["message"])
    assert (outcome["msg"], outcome["id"]) == ("result", "42")
    return answer.status, outcome


@pytest.mark.parametrize(
    ("method", "params", "expected"),
    [
        ("getRoomById", ["general-id"], lambda room: room["name"] == "general"),
        ("getRoomByTypeAndName", ["c", "general"], lambda room: room["_id"] == "general-id"),
        ("getRoomByTypeAndName", ["d", "direct-id"], lambda room: room["t"] == "d"),
        ("getSingleMessage", ["absent"], lambda message: message is None),
        ("loadHistory", ["general-id", None, 1], lambda found: [m["msg"] for m in found["messages"]] == ["new"]),
        (
            "loadHistory",
            ["general-id", {"$date": (NOW - 5) * 1000}, 9],
            lambda found: [m["msg"] for m in found["messages"]] == ["old"],
        ),
        ("permissions/get", [], lambda found: found[0]["_id"] == "access-permissions"),
        ("public-settings/get", [], lambda found: {"_id": "Message_AllowDeleting", "value": True} in found),
        ("readMessages", ["general-id", True], lambda nothing: nothing is None),
        ("rooms/get", [], lambda rooms: len(rooms) == 5),
        ("rooms/get", [{"$date": (NOW + 9) * 1000}], lambda found: found == {"update": [], "remove": []}),
        ("subscriptions/get", [], lambda found: {one["rid"] for one in found} >= {"general-id", "direct-id"}),
        ("UserPresence:online", [], lambda nothing: nothing is None),
    ],
)
async def test_methods_of_both_ways(
    scene: Scene, ddp: As, rest: Calls, method: str, params: list[object], expected: Callable[[Any], bool]
) -> None:
    scene.post("old", at=NOW - 10)
    scene.post("new", at=NOW)
    async with ddp("moderator") as client:
        answer = await client.call(method, *params)
        assert expected(answer.get("result"))
    status, outcome = await over_rest(rest("moderator"), method, *params)
    assert status == 200
    assert outcome.get("result") == answer.get("result") or method == "permissions/get"


@pytest.mark.parametrize(
    ("method", "params", "error"),
    [
        ("getRoomById", ["mods-id"], "error-not-allowed"),
        ("getRoomByTypeAndName", ["p", "general"], "error-invalid-room"),
        ("loadHistory", ["unknown"], "error-not-allowed"),
        ("getSingleMessage", ["secret"], "error-not-allowed"),
        ("eraseEverything", [], 404),
    ],
)
async def test_refused_methods(
    scene: Scene, ddp: As, rest: Calls, method: str, params: list[object], error: object
) -> None:
    scene.post(place=scene.mods, by=scene.owner, post_id="secret")
    async with ddp("moderator") as client:
        assert (await client.call(method, *params))["error"]["error"] == error
    status, outcome = await over_rest(rest("moderator"), method, *params)
    assert (status, outcome["error"]["error"], outcome["error"]["isClientSafe"]) == (400, error, True)


async def test_methods_need_a_login(ddp: As) -> None:
    async with ddp(None) as client:
        assert (await client.call("rooms/get"))["error"]["error"] == "error-invalid-user"


@pytest.mark.parametrize(
    "message", ["{", "[]", '{"msg":"method"}', '{"msg":"x","method":"rooms/get","id":"1","params":[]}']
)
async def test_frames_that_are_none(rest: Calls, message: str) -> None:
    answer = await rest("moderator").post("method.call/rooms%2Fget", {"message": message})
    assert (answer.status, answer.body["errorType"]) == (400, "invalid-params")


async def test_logging_out(scene: Scene, service: RocketChatService, ddp: As, rest: Calls) -> None:
    moderator = rest("moderator")
    assert (await moderator.post("logout", {})).body["status"] == "success"
    assert (await moderator.get("me")).status == 401
    token = service.login_as("amara").auth_token
    async with Ddp(service, moderator.http, token) as client:
        await client.send(msg="method", method="logout", id="1", params=[])
        assert await client.receive() == {"msg": "removed", "collection": "users", "id": "amara-id"}
        assert await client.receive() == {"msg": "result", "id": "1"}
        await client.receive()
        assert (await client.call("login", {"resume": token}))["error"]["error"] == 403


async def test_ten_calls_of_one_method_on_one_socket(scene: Scene, ddp: As) -> None:
    async with ddp("moderator") as client:
        for _ in range(10):
            assert "result" in await client.call("rooms/get")
        error = (await client.call("rooms/get"))["error"]
        reason = "Error, too many requests. Please slow down. You must wait 10 seconds before trying again."
        assert (error["error"], error["reason"]) == ("too-many-requests", reason)
        assert error["details"] == {"timeToReset": 10_000}
        assert "result" in await client.call("subscriptions/get")
        async with ddp("moderator") as other:
            assert "result" in await other.call("rooms/get")
        scene.clock.advance(10.5)
        assert "result" in await client.call("rooms/get")


async def test_twenty_calls_of_one_method_by_one_person_over_rest(rest: Calls) -> None:
    moderator = rest("moderator")
    for _ in range(20):
        assert (await over_rest(moderator, "UserPresence:online"))[0] == 200
    status, outcome = await over_rest(moderator, "UserPresence:online")
    assert (status, outcome["error"]["error"]) == (400, "too-many-requests")
    assert (await over_rest(rest("amara"), "UserPresence:online"))[0] == 200


async def test_eighty_subscriptions_to_one_stream_by_one_person(ddp: As) -> None:
    async with ddp("moderator") as first, ddp("moderator") as second, ddp("moderator") as third:
        for client in (first, second):
            for number in range(40):
                assert (await client.subscribe("stream-notify-room", f"general-id/{number}", f"{number}"))[
                    "msg"
                ] == "ready"
        refused = await third.subscribe("stream-notify-room", "general-id/x")
        assert refused["error"]["error"] == "too-many-requests"
