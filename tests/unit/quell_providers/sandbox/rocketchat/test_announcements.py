"""What streams tell beside messages."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from quell_providers.sandbox.rocketchat.service import RocketChatService
from tests.unit.quell_providers.sandbox.rocketchat.scene import Ddp, Json, Rest, Scene

As = Callable[[str | None], Ddp]
Calls = Callable[[str | None], Rest]

MESSAGES = "stream-room-messages"
ROOM = "stream-notify-room"
USER = "stream-notify-user"


async def told(client: Ddp) -> tuple[str, Any]:
    fields = (await client.receive())["fields"]
    return fields["eventName"], fields["args"]


async def test_permissions(service: RocketChatService, ddp: As, rest: Calls) -> None:
    async with ddp("amara") as client:
        await client.subscribe("stream-notify-logged", "permissions-changed")
        service.set_permission("delete-message", ["admin"])
        name, (action, permission) = await told(client)
        assert (name, action) == ("permissions-changed", "updated")
        assert (permission["_id"], permission["roles"]) == ("delete-message", ["admin"])
        body = {"permissions": [{"_id": "mute-user", "roles": ["admin", "user"]}]}
        assert (await rest("amara").post("permissions.update", body)).status == 403
        answer = await rest("admin").post("permissions.update", body)
        assert {entry["_id"]: entry["roles"] for entry in answer.body["permissions"]}["mute-user"] == ["admin", "user"]
        assert (await told(client))[1][1]["_id"] == "mute-user"


@pytest.mark.parametrize(
    ("entry", "error_type"),
    [
        ({"_id": "fly", "roles": ["admin"]}, "error-invalid-permission"),
        ({"_id": "mute-user", "roles": ["pilot"]}, "error-invalid-role"),
        ({"_id": "mute-user"}, "invalid-params"),
        ({"_id": "mute-user", "roles": [], "why": "x"}, "invalid-params"),
    ],
)
async def test_permissions_that_can_not_be(rest: Calls, entry: Json, error_type: str) -> None:
    answer = await rest("admin").post("permissions.update", {"permissions": [entry]})
    assert (answer.status, answer.body["errorType"]) == (400, error_type)


async def test_settings(service: RocketChatService, ddp: As, rest: Calls) -> None:
    admin = rest("admin")
    async with ddp(None) as client:
        await client.subscribe("stream-notify-all", "public-settings-changed")
        service.set_setting("Message_KeepHistory", True)
        assert await told(client) == (
            "public-settings-changed",
            ["updated", {"_id": "Message_KeepHistory", "value": True}],
        )
        await admin.post("settings/Message_AllowDeleting", {"value": False})
        assert (await told(client))[1][1] == {"_id": "Message_AllowDeleting", "value": False}
        service.set_setting("API_Upper_Count_Limit", 7)
        assert await client.nothing_more()
    assert (await admin.get("settings/Message_AllowDeleting")).body["value"] is False
    assert (await admin.get("settings/Unheard_Of")).body == {"success": False}
    assert (await admin.post("settings/Message_AllowDeleting", {})).body == {"success": False}
    assert (await rest("amara").get("settings/Message_AllowDeleting")).status == 403
    with pytest.raises(KeyError, match="Unheard_Of"):
        service.set_setting("Unheard_Of", 1)


async def test_the_rate_limit_is_a_setting(service: RocketChatService, rest: Calls) -> None:
    service.set_setting("API_Enable_Rate_Limiter_Limit_Calls_Default", 1)
    moderator = rest("moderator")
    assert [(await moderator.get("me")).status for _ in range(2)] == [200, 429]
    service.set_setting("API_Enable_Rate_Limiter", False)
    assert [(await moderator.get("me")).status for _ in range(3)] == [200] * 3


async def test_roles(service: RocketChatService, ddp: As) -> None:
    async with ddp("amara") as client:
        await client.subscribe("stream-notify-logged", "roles-change", "s1")
        await client.subscribe(USER, "amara-id/subscriptions-changed", "s2")
        service.give_role("amara", "moderator", "general-id")
        assert await told(client) == (
            "roles-change",
            [
                {
                    "type": "added",
                    "_id": "moderator",
                    "u": {"_id": "amara-id", "username": "amara", "name": "Amara"},
                    "scope": "general-id",
                }
            ],
        )
        name, (action, subscription) = await told(client)
        assert (name, action, subscription["roles"]) == ("amara-id/subscriptions-changed", "updated", ["moderator"])
        service.take_role("amara", "user")
        (change,) = (await told(client))[1]
        assert (change["type"], change["_id"], "scope" in change) == ("removed", "user", False)


async def test_rooms(scene: Scene, ddp: As, rest: Calls) -> None:
    async with ddp("amara") as client:
        await client.subscribe(USER, "amara-id/rooms-changed")
        scene.post("hello")
        name, (action, room) = await told(client)
        assert (name, action, room["_id"]) == ("amara-id/rooms-changed", "updated", "general-id")
        assert (room["msgs"], room["lastMessage"]["msg"]) == (1, "hello")
        scene.post(place=scene.mods)
        created = await rest("admin").post("groups.create", {"name": "duty", "members": ["amara"]})
        name, (action, room) = await told(client)
        assert (action, room["_id"]) == ("inserted", created.body["group"]["_id"])
        await rest("admin").post("groups.delete", {"roomName": "duty"})
        name, (action, gone) = await told(client)
        assert (action, gone["_id"]) == ("removed", room["_id"])
        assert await client.nothing_more()


async def test_whoever_is_removed_hears_no_more_and_is_not_told_by_the_stream(
    scene: Scene, service: RocketChatService, ddp: As
) -> None:
    async with ddp("amara") as amara, ddp("moderator") as moderator:
        await amara.subscribe(USER, "amara-id/subscriptions-changed", "s1")
        await amara.subscribe(MESSAGES, "general-id", "s2")
        await moderator.subscribe(MESSAGES, "general-id", "s2")
        service.remove_from_room("amara", "general-id", by="moderator")
        name, (action, subscription) = await told(amara)
        assert (name, action) == ("amara-id/subscriptions-changed", "removed")
        assert subscription.keys() == {"_id", "u", "rid", "t"}
        scene.post("unheard")
        assert await amara.nothing_more()
        assert [(await told(moderator))[1][0]["msg"] for _ in range(2)] == ["amara", "unheard"]


async def test_a_line_for_one_person_only(scene: Scene, service: RocketChatService, ddp: As, rest: Calls) -> None:
    async with ddp("amara") as client:
        await client.subscribe(USER, "amara-id/message")
        service.whisper("amara", "general-id", "psst")
        name, (line,) = await told(client)
        assert (name, line["rid"], line["msg"], line["private"]) == ("amara-id/message", "general-id", "psst", True)
    assert scene.world.posts_in("general-id") == []


async def test_being_logged_out_by_force(ddp: As, rest: Calls) -> None:
    async with ddp("amara") as client:
        await client.subscribe(USER, "amara-id/force_logout")
        await rest("admin").post("users.setActiveStatus", {"userId": "amara-id", "activeStatus": False})
        assert await told(client) == ("amara-id/force_logout", [])
        assert (await client.socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_a_logout_closes_the_sockets_of_its_token(service: RocketChatService, rest: Calls) -> None:
    caller = rest("amara")
    async with (
        Ddp(service, caller.http, caller.headers["X-Auth-Token"]) as client,
        Ddp(service, caller.http, service.login_as("amara").auth_token) as other,
    ):
        await caller.post("logout", {})
        assert (await client.socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert await other.nothing_more()


async def test_typing(ddp: As) -> None:
    async with ddp("amara") as amara, ddp("moderator") as moderator:
        await moderator.subscribe(ROOM, "general-id/user-activity")
        answer = await amara.call("stream-notify-room", "general-id/user-activity", "amara", ["user-typing"], {})
        assert "error" not in answer
        assert await told(moderator) == ("general-id/user-activity", ["amara", ["user-typing"]])
        for event, name in (("general-id/user-activity", "owner"), ("general-id/deleteMessage", "amara")):
            assert (await amara.call("stream-notify-room", event, name))["error"]["error"] == "not-allowed"
        assert await moderator.nothing_more()


@pytest.mark.parametrize(
    ("who", "stream", "event", "answer"),
    [
        ("admin", "stream-notify-all", "private-settings-changed", "ready"),
        ("amara", "stream-notify-all", "private-settings-changed", "nosub"),
        ("amara", "stream-room-data", "general-id", "ready"),
        ("amara", "stream-room-data", "mods-id", "nosub"),
        ("amara", "stream-roles", "roles", "ready"),
        (None, "stream-roles", "roles", "nosub"),
        ("amara", "stream-user-presence", "x", "ready"),
        ("admin", "stream-notify-room-users", "general-id/x", "nosub"),
    ],
)
async def test_other_streams(ddp: As, who: str | None, stream: str, event: str, answer: str) -> None:
    async with ddp(who) as client:
        assert (await client.subscribe(stream, event))["msg"] == answer


async def test_the_banned_hear_nothing(scene: Scene, ddp: As, rest: Calls) -> None:
    await rest("admin").post("rooms.banUser", {"roomId": "general-id", "username": "amara"})
    async with ddp("amara") as client:
        for stream, event in ((MESSAGES, "general-id"), (ROOM, "general-id/deleteMessage")):
            assert (await client.subscribe(stream, event))["error"]["error"] == "not-allowed"
