import asyncio
import hashlib
import json
from collections.abc import Callable

import aiohttp
import pytest

from quell_providers.sandbox.rocketchat import session
from quell_providers.sandbox.rocketchat.service import RocketChatService
from tests.unit.quell_providers.sandbox.rocketchat.scene import Ddp, Json, Scene

As = Callable[[str | None], Ddp]

MESSAGES = "stream-room-messages"
ROOM = "stream-notify-room"
USER = "stream-notify-user"

NOT_ALLOWED = {"isClientSafe": True, "error": "not-allowed", "message": "[not-allowed]", "errorType": "Meteor.Error"}


async def test_resuming_a_login(scene: Scene, service: RocketChatService, ddp: As) -> None:
    token = service.login_as("moderator").auth_token
    async with ddp(None) as client:
        await client.send(msg="method", method="login", id="1", params=[{"resume": token}])
        assert await client.receive() == {
            "msg": "added",
            "collection": "users",
            "id": "moderator-id",
            "fields": {"username": "moderator"},
        }
        expires = {"$date": 1760000000000 + 90 * 86400 * 1000}
        assert await client.receive() == {
            "msg": "result",
            "id": "1",
            "result": {"id": "moderator-id", "token": token, "tokenExpires": expires, "type": "resume"},
        }
        assert await client.receive() == {"msg": "updated", "methods": ["1"]}


async def test_logging_in_with_a_digest(service: RocketChatService, ddp: As) -> None:
    digest = hashlib.sha256(service.password_of("amara").encode()).hexdigest()
    login = {"user": {"username": "amara"}, "password": {"digest": digest, "algorithm": "sha-256"}}
    async with ddp(None) as client:
        await client.send(msg="method", method="login", id="1", params=[login])
        assert (await client.receive())["id"] == "amara-id"
        result = (await client.receive())["result"]
        assert (result["id"], result["type"]) == ("amara-id", "password")
        await client.receive()
        assert (await client.subscribe(USER, "amara-id/rooms-changed"))["msg"] == "ready"


@pytest.mark.parametrize(
    ("method", "params", "code", "reason"),
    [
        ("login", [{"resume": "stale"}], 403, "You've been logged out by the server. Please log in again."),
        ("login", [], 400, "Unrecognized options for login request"),
        ("login", [{"user": {"username": "amara"}, "password": {"digest": "0"}}], 403, "Incorrect password"),
        ("deleteMessage", [{"_id": "x"}], 404, "Method 'deleteMessage' not found"),
    ],
)
async def test_refused_methods(ddp: As, method: str, params: list[object], code: int, reason: str) -> None:
    async with ddp(None) as client:
        await client.send(msg="method", method=method, id="7", params=params)
        assert await client.receive() == {
            "msg": "result",
            "id": "7",
            "error": {
                "isClientSafe": True,
                "error": code,
                "reason": reason,
                "message": f"{reason} [{code}]",
                "errorType": "Meteor.Error",
            },
        }
        assert await client.receive() == {"msg": "updated", "methods": ["7"]}


@pytest.mark.parametrize(
    ("who", "stream", "event", "error"),
    [
        ("moderator", MESSAGES, "general-id", None),
        ("moderator", MESSAGES, "__my_messages__", None),
        ("moderator", MESSAGES, "about-id", None),
        ("moderator", MESSAGES, "mods-id", "not-allowed"),
        ("moderator", MESSAGES, "unknown", "not-allowed"),
        ("moderator", MESSAGES, "", "invalid-event-name"),
        ("moderator", ROOM, "general-id/deleteMessage", None),
        ("moderator", ROOM, "mods-id/deleteMessage", "not-allowed"),
        ("moderator", USER, "moderator-id/subscriptions-changed", None),
        ("moderator", USER, "amara-id/subscriptions-changed", "not-allowed"),
        ("moderator", "stream-notify-logged", "permissions-changed", None),
        ("moderator", "stream-unheard-of", "x", 404),
        (None, MESSAGES, "general-id", "not-allowed"),
        (None, ROOM, "general-id/deleteMessage", "not-allowed"),
        (None, "stream-notify-logged", "permissions-changed", "not-allowed"),
        (None, "stream-notify-all", "public-settings-changed", None),
    ],
)
async def test_who_may_subscribe_to_what(ddp: As, who: str | None, stream: str, event: str, error: object) -> None:
    async with ddp(who) as client:
        answer = await client.subscribe(stream, event, "s1")
        if error is None:
            assert answer == {"msg": "ready", "subs": ["s1"]}
        else:
            assert (answer["msg"], answer["id"], answer["error"]["error"]) == ("nosub", "s1", error)


async def test_a_refused_subscription_in_full(ddp: As) -> None:
    async with ddp("moderator") as client:
        assert await client.subscribe(MESSAGES, "mods-id", "s1") == {"msg": "nosub", "id": "s1", "error": NOT_ALLOWED}


async def test_messages_arrive_with_ejson_dates(scene: Scene, ddp: As) -> None:
    async with ddp("moderator") as client:
        await client.subscribe(MESSAGES, "general-id")
        post = scene.post("hello", at=scene.clock.now() + 0.25)
        scene.post("elsewhere", place=scene.support)
        frame = await client.receive()
        assert (frame["msg"], frame["collection"], frame["id"]) == ("changed", MESSAGES, "id")
        assert frame["fields"]["eventName"] == "general-id"
        (message,) = frame["fields"]["args"]
        assert (message["_id"], message["msg"], message["ts"]) == (post.id, "hello", {"$date": 1760000000250})
        scene.world.edit(post, "hello again")
        (message,) = (await client.receive())["fields"]["args"]
        assert (message["_id"], message["msg"], message["editedAt"]) == (
            post.id,
            "hello again",
            {"$date": 1760000000000},
        )
        await client.send(msg="unsub", id="sub")
        assert await client.receive() == {"msg": "nosub", "id": "sub"}
        scene.post("unheard")
        assert await client.nothing_more()


async def test_each_subscription_is_served_and_a_repeated_id_is_not_new(scene: Scene, ddp: As) -> None:
    async with ddp("moderator") as client:
        await client.subscribe(MESSAGES, "general-id", "one")
        await client.subscribe(MESSAGES, "general-id", "two")
        await client.send(msg="sub", id="one", name=MESSAGES, params=["general-id", False])
        scene.post()
        assert await client.receive() == await client.receive()
        assert await client.nothing_more()


async def test_my_messages_are_of_rooms_that_one_may_see(scene: Scene, ddp: As) -> None:
    scene.support.members.remove(scene.moderator)
    async with ddp("moderator") as client:
        await client.subscribe(MESSAGES, "__my_messages__")
        scene.post("secret", place=scene.mods)
        scene.post("not joined", place=scene.support)
        frame = await client.receive()
        message, about = frame["fields"]["args"]
        assert (frame["fields"]["eventName"], message["msg"]) == ("__my_messages__", "not joined")
        assert about == {"roomParticipant": False, "roomType": "c", "roomName": "support"}
        assert await client.nothing_more()


@pytest.mark.parametrize(
    ("keep", "show", "is_thread", "told_as"),
    [
        (False, False, False, "deleteMessage"),
        (True, False, False, "deleteMessage"),
        (False, True, False, "rm"),
        (True, True, False, "rm"),
        (False, False, True, "rm"),
    ],
)
async def test_a_deletion_is_told_once(
    scene: Scene, ddp: As, keep: bool, show: bool, is_thread: bool, told_as: str
) -> None:
    scene.world.settings |= {"Message_KeepHistory": keep, "Message_ShowDeletedStatus": show}
    post = scene.post("spam")
    if is_thread:
        scene.post("re", thread_id=post.id)
    async with ddp("moderator") as client:
        await client.subscribe(MESSAGES, "general-id", "s1")
        await client.subscribe(ROOM, "general-id/deleteMessage", "s2")
        scene.world.delete(post, by="owner-id")
        fields = (await client.receive())["fields"]
        if told_as == "rm":
            assert fields["eventName"] == "general-id"
            assert (fields["args"][0]["_id"], fields["args"][0]["t"]) == (post.id, "rm")
            assert fields["args"][0]["editedBy"] == {"_id": "owner-id", "username": "owner"}
        else:
            assert fields == {"eventName": "general-id/deleteMessage", "args": [{"_id": post.id}]}
        assert await client.nothing_more()


async def test_a_removed_row_can_not_go_twice(scene: Scene, ddp: As) -> None:
    post = scene.post()
    async with ddp("moderator") as client:
        await client.subscribe(ROOM, "general-id/deleteMessage")
        scene.world.delete(post, by="owner-id")
        scene.world.delete(post, by="owner-id")
        assert (await client.receive())["fields"]["args"] == [{"_id": post.id}]
        assert await client.nothing_more()


async def test_a_thread_counts_its_replies(scene: Scene, ddp: As) -> None:
    parent = scene.post("parent")
    async with ddp("moderator") as client:
        await client.subscribe(MESSAGES, "general-id")
        reply = scene.post("reply", thread_id=parent.id)
        assert (await client.receive())["fields"]["args"][0]["tmid"] == parent.id
        assert (await client.receive())["fields"]["args"][0]["tcount"] == 1
        scene.world.delete(reply, by="owner-id")
        message = (await client.receive())["fields"]["args"][0]
        assert (message["_id"], message["tcount"]) == (parent.id, 0)


async def test_unread_counts_are_told_to_their_owner(scene: Scene, ddp: As) -> None:
    async with ddp("moderator") as client:
        await client.subscribe(USER, "moderator-id/subscriptions-changed")
        told = []
        for _ in range(2):
            scene.post()
            told.append((await client.receive())["fields"]["args"])
        first, second = told
        assert (first[0], first[1]["rid"]) == ("updated", "general-id")
        assert second[1]["unread"] == first[1]["unread"] + 1
        scene.post(place=scene.mods)
        assert await client.nothing_more()


async def test_the_other_service_is_not_heard_of(scene: Scene, ddp: As) -> None:
    async with ddp("admin") as client:
        await client.subscribe(MESSAGES, "__my_messages__")
        scene.post(place=scene.finals)
        assert await client.nothing_more()


async def test_too_many_subscriptions_to_one_stream(scene: Scene, ddp: As) -> None:
    async with ddp("moderator") as client:
        for number in range(40):
            assert (await client.subscribe(ROOM, f"general-id/{number}", f"s{number}"))["msg"] == "ready"
        refused = await client.subscribe(ROOM, "general-id/deleteMessage", "s40")
        reason = "Error, too many requests. Please slow down. You must wait 40 seconds before trying again."
        assert refused["error"] == {
            "isClientSafe": True,
            "error": "too-many-requests",
            "reason": reason,
            "message": f"{reason} [too-many-requests]",
            "details": {"timeToReset": 40000},
            "errorType": "Meteor.Error",
        }
        assert (await client.subscribe(MESSAGES, "general-id", "other stream"))["msg"] == "ready"
        async with ddp("moderator") as another:
            assert (await another.subscribe(ROOM, "general-id/deleteMessage"))["msg"] == "ready"
        scene.clock.advance(40.5)
        assert (await client.subscribe(ROOM, "general-id/deleteMessage", "s41"))["msg"] == "ready"


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ("{", "Parse error"),
        ("[]", "Parse error"),
        ('{"msg":"connect","version":"1"}', "Already connected"),
        ('{"msg":"method","method":"login"}', "Malformed method invocation"),
        ('{"msg":"sub","id":"1","name":"x","params":{}}', "Malformed subscription"),
        ('{"msg":"sing"}', "Bad request"),
    ],
)
async def test_frames_that_are_not_ddp(ddp: As, sent: str, reason: str) -> None:
    async with ddp(None) as client:
        await client.socket.send_str(sent)
        answer = await client.receive()
        assert (answer["msg"], answer["reason"]) == ("error", reason)
        offending: Json | None = None if reason == "Parse error" else json.loads(sent)
        assert answer.get("offendingMessage") == offending


async def test_connecting_comes_first_and_needs_a_known_version(
    service: RocketChatService, http: aiohttp.ClientSession
) -> None:
    async with http.ws_connect(service.url + "/websocket") as socket, asyncio.timeout(5):
        assert await socket.receive_json() == {"server_id": "0"}
        await socket.send_json({"msg": "ping"})
        assert (await socket.receive_json())["reason"] == "Must connect first"
        await socket.send_json({"msg": "connect", "version": "0", "support": ["0"]})
        assert await socket.receive_json() == {"msg": "failed", "version": "1"}
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_both_sides_may_ping(ddp: As) -> None:
    async with ddp(None) as client:
        await client.send(msg="ping")
        assert await client.receive() == {"msg": "pong"}
        await client.send(msg="pong")
        assert await client.nothing_more()


async def test_a_silent_client_is_pinged_and_then_closed(monkeypatch: pytest.MonkeyPatch, ddp: As) -> None:
    async with ddp(None) as client, asyncio.timeout(5):
        monkeypatch.setattr(session, "HEARTBEAT_SECONDS", 0.01)
        assert await client.nothing_more()
        assert await client.receive() == {"msg": "ping"}
        assert (await client.socket.receive()).type is aiohttp.WSMsgType.CLOSE
