"""The cases of Rocket.Chat's own end-to-end tests that bear on moderation, in the same order of calls."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from tests.unit.quell_providers.sandbox.rocketchat.scene import Answer, Json, Rest, Scene, serving

Call = Callable[..., Any]

LONG_AGO, FAR_OFF = "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.000Z"


@pytest.fixture
async def admin(scene: Scene, http: aiohttp.ClientSession) -> AsyncIterator[Rest]:
    async with serving(scene) as service:
        yield Rest(service, http, "admin")


async def sent(caller: Rest, room_id: str, text: str = "Sample message", **more: object) -> Json:
    answer = await caller.post("chat.sendMessage", {"message": {"rid": room_id, "msg": text, **more}})
    assert answer.status == 200, answer.body
    message: Json = answer.body["message"]
    return message


async def channel(admin: Rest, name: str = "channel-1", **more: object) -> str:
    answer = await admin.post("channels.create", {"name": name, **more})
    assert answer.status == 200, answer.body
    return str(answer.body["channel"]["_id"])


async def new_user(admin: Rest, name: str = "user2") -> Json:
    body = {"email": f"{name}@rocket.chat", "name": name, "username": name, "password": f"{name}-password"}
    user: Json = (await admin.post("users.create", body)).body["user"]
    return user


async def logged_in(admin: Rest, name: str = "user2") -> Rest:
    caller = Rest(admin.service, admin.http, None)
    data = (await caller.post("login", {"user": name, "password": f"{name}-password"})).body["data"]
    caller.headers = {"X-User-Id": data["userId"], "X-Auth-Token": data["authToken"]}
    return caller


def refused(answer: Answer, **expected: object) -> None:
    assert (answer.status, answer.body["success"]) == (400, False)
    assert {key: answer.body[key] for key in expected} == expected
    assert answer.headers["Content-Type"] == "application/json"


async def test_deletion(admin: Rest) -> None:
    room_id = await channel(admin)
    message_id = (await sent(admin, room_id))["_id"]
    refused(await admin.post("chat.delete", {"roomId": room_id}), errorType="invalid-params")
    refused(await admin.post("chat.delete", {"msgId": message_id}), errorType="invalid-params")
    refused(
        await admin.post("chat.delete", {"roomId": "invalid-room", "msgId": message_id}),
        error="The room id provided does not match where the message is from.",
    )
    refused(
        await admin.post("chat.delete", {"roomId": room_id, "msgId": "invalid-id"}),
        error='No message found with the id of "invalid-id".',
    )
    deleted = await admin.post("chat.delete", {"roomId": room_id, "msgId": message_id})
    assert (deleted.status, deleted.body["success"]) == (200, True)


async def test_deletion_as_the_author(admin: Rest) -> None:
    room_id = await channel(admin)
    await new_user(admin)
    user2 = await logged_in(admin)
    assert (await user2.post("channels.join", {"roomId": room_id})).status == 200
    message_id = (await sent(user2, room_id))["_id"]
    deleted = await admin.post("chat.delete", {"roomId": room_id, "msgId": message_id, "asUser": True})
    assert (deleted.status, deleted.body["success"]) == (200, True)


async def test_a_deleted_reply_is_unread_no_longer(admin: Rest, scene: Scene) -> None:
    amara = Rest(admin.service, admin.http, "amara")
    parent = (await sent(amara, scene.general.id))["_id"]
    reply = (await sent(admin, scene.general.id, "reply", tmid=parent))["_id"]

    async def unread(caller: Rest) -> list[str]:
        answer = await caller.get("subscriptions.getOne", roomId=scene.general.id)
        threads: list[str] = answer.body["subscription"]["tunread"]
        return threads

    assert await unread(amara) == [parent]
    assert await unread(admin) == []
    assert (await admin.post("chat.delete", {"roomId": scene.general.id, "msgId": reply})).status == 200
    assert await unread(amara) == await unread(admin) == []


async def test_deleted_messages(admin: Rest, scene: Scene) -> None:
    room_id = await channel(admin)
    message_id = (await sent(admin, room_id))["_id"]
    since = "2025-10-09T08:53:20.000Z"
    scene.clock.advance(1)
    await admin.post("chat.delete", {"roomId": room_id, "msgId": message_id})
    for more in ({}, {"count": "1"}, {"count": "1", "offset": "0"}):
        answer = await admin.get("chat.getDeletedMessages", roomId=room_id, since=since, **more)
        assert (answer.status, answer.body["messages"]) == (200, [{"_id": message_id}])
        assert (answer.body["count"], answer.body["offset"], answer.body["total"]) == (1, 0, 1)
    refused(await admin.get("chat.getDeletedMessages", since=since), errorType="error-invalid-params")
    refused(await admin.get("chat.getDeletedMessages", roomId=room_id), errorType="error-invalid-params")
    refused(await admin.get("chat.getDeletedMessages", roomId=room_id, since="InvalidaDate"))


async def test_reporting(admin: Rest, scene: Scene) -> None:
    message_id = (await sent(admin, scene.general.id))["_id"]
    answer = await admin.post("chat.reportMessage", {"messageId": message_id, "description": "test"})
    assert (answer.status, answer.body) == (200, {"success": True})
    refused(
        await admin.post("chat.reportMessage", {"messageId": message_id}),
        error="must have required property 'description'",
    )


@pytest.mark.parametrize("route", ["moderation.reportsByUsers", "moderation.userReports"])
async def test_lists_of_reports(admin: Rest, route: str) -> None:
    now = "2025-10-09T08:53:20.000Z"
    for params in ({}, {"count": "5", "offset": "0"}, {"oldest": now}, {"latest": now}):
        answer = await admin.get(route, **params)
        assert (answer.status, answer.body) == (
            200,
            {"reports": [], "count": 0, "offset": 0, "total": 0, "success": True},
        )


async def test_dismissing_reports_of_messages(admin: Rest, scene: Scene) -> None:
    message_id = (await sent(admin, scene.general.id, "Sample message 0"))["_id"]
    for body in ({"userId": scene.admin.id}, {"msgId": message_id}):
        await admin.post("chat.reportMessage", {"messageId": message_id, "description": "sample report"})
        (report,) = (await admin.get("moderation.reportsByUsers", count="5", offset="0")).body["reports"]
        assert (report["userId"], report["msgId"], report["count"]) == (scene.admin.id, message_id, 1)
        assert (report["roomIds"], report["isUserDeleted"]) == ([scene.general.id], False)
        assert (await admin.post("moderation.dismissReports", body)).body == {"success": True}
        assert (await admin.get("moderation.reportsByUsers")).body["reports"] == []
    refused(
        await admin.post("moderation.dismissReports", {"userId": "", "msgId": ""}),
        error="must match exactly one schema in oneOf",
    )


async def test_reports_of_a_user(admin: Rest) -> None:
    reported = await new_user(admin)
    answer = await admin.post("moderation.reportUser", {"userId": reported["_id"], "description": "sample report"})
    assert answer.status == 200
    params = {"userId": reported["_id"], "count": "5", "offset": "0"}
    listed = (await admin.get("moderation.user.reportsByUserId", **params)).body
    assert (len(listed["reports"]), listed["user"]["username"]) == (1, "user2")
    (entry,) = (await admin.get("moderation.userReports")).body["reports"]
    assert (entry["reportedUser"]["_id"], entry["count"]) == (reported["_id"], 1)
    refused(
        await admin.get("moderation.user.reportsByUserId", userId="", count="5", offset="0"),
        errorType="error-invalid-params",
    )
    assert (await admin.post("moderation.dismissUserReports", {"userId": reported["_id"]})).status == 200
    assert (await admin.get("moderation.user.reportsByUserId", **params)).body["reports"] == []
    refused(await admin.post("moderation.dismissUserReports", {"userId": ""}), error="error-user-id-param-not-provided")
    refused(await admin.post("moderation.reportUser", {"userId": reported["_id"]}), errorType="invalid-params")


async def test_reports_of_a_message(admin: Rest, scene: Scene) -> None:
    posted = await admin.post("chat.postMessage", {"channel": "general", "text": "messageId"})
    message_id = posted.body["message"]["_id"]
    await admin.post("chat.reportMessage", {"messageId": message_id, "description": "sample report"})
    (report,) = (await admin.get("moderation.reports", msgId=message_id)).body["reports"]
    refused(await admin.get("moderation.reports", msgId=""), error="must NOT have fewer than 1 characters")
    found = (await admin.get("moderation.reportInfo", reportId=report["_id"])).body["report"]
    assert (found["_id"], found["message"]["_id"]) == (report["_id"], message_id)
    refused(await admin.get("moderation.reportInfo", reportId=""), errorType="error-invalid-params")
    for absent in ("invalid", "6" * 24):
        refused(await admin.get("moderation.reportInfo", reportId=absent), error="error-report-not-found")
    listed = (await admin.get("moderation.user.reportedMessages", userId=scene.admin.id)).body
    assert [entry["message"]["_id"] for entry in listed["messages"]] == [message_id]
    refused(await admin.get("moderation.user.reportedMessages", userId=""), errorType="error-invalid-params")
    deleted = await admin.post("moderation.user.deleteReportedMessages", {"userId": scene.admin.id})
    assert (deleted.status, deleted.body) == (200, {"success": True})
    assert (await admin.get("chat.getMessage", msgId=message_id)).status == 400
    refused(await admin.post("moderation.user.deleteReportedMessages", {"userId": ""}), errorType="invalid-params")


async def rooms_of_each_kind(admin: Rest) -> list[str]:
    group = (await admin.post("groups.create", {"name": "group-1"})).body["group"]["_id"]
    direct = (await admin.post("im.create", {"username": "amara"})).body["room"]["_id"]
    return [await channel(admin), group, direct]


async def test_cleaning_rooms_of_each_kind(admin: Rest) -> None:
    for room_id in await rooms_of_each_kind(admin):
        await sent(admin, room_id)
        answer = await admin.post("rooms.cleanHistory", {"roomId": room_id, "latest": FAR_OFF, "oldest": LONG_AGO})
        assert (answer.status, answer.body) == (200, {"_id": room_id, "count": 1, "success": True})


@pytest.mark.parametrize("more", [{}, {"limit": 2000}])
async def test_placeholders_are_not_counted(admin: Rest, more: Json) -> None:
    assert (await admin.post("settings/Message_ShowDeletedStatus", {"value": True})).status == 200
    room_id = await channel(admin)
    message_id = (await sent(admin, room_id))["_id"]
    await admin.post("chat.delete", {"roomId": room_id, "msgId": message_id})
    body = {"roomId": room_id, "latest": FAR_OFF, "oldest": LONG_AGO, **more}
    answer = await admin.post("rooms.cleanHistory", body)
    assert (answer.status, answer.body["count"]) == (200, 0)


async def test_who_may_clean(admin: Rest, scene: Scene) -> None:
    amara = Rest(admin.service, admin.http, "amara")
    body = {"latest": FAR_OFF, "oldest": LONG_AGO}
    refused(await amara.post("rooms.cleanHistory", {"roomId": scene.general.id, **body}), errorType="error-not-allowed")
    granted = {"permissions": [{"_id": "clean-channel-history", "roles": ["admin", "user"]}]}
    assert (await admin.post("permissions.update", granted)).status == 200
    refused(
        await amara.post("rooms.cleanHistory", {"roomId": scene.mods.id, **body}),
        error="User does not have access to the room [error-not-allowed]",
        errorType="error-not-allowed",
    )
    assert (await amara.post("rooms.cleanHistory", {"roomId": scene.general.id, **body})).status == 200


async def test_cleaning_files_only(admin: Rest, scene: Scene) -> None:
    scene.post("plain")
    quote = {"author_name": "amara", "author_icon": "/a", "message_link": "http://x", "text": "quoted"}
    scene.post("with both", files=("a.png", "b.pdf"), attachments=(quote,))
    answer = await admin.post(
        "rooms.cleanHistory",
        {"roomId": scene.general.id, "latest": FAR_OFF, "oldest": LONG_AGO, "filesOnly": True},
    )
    assert (answer.status, answer.body["count"]) == (200, 1)
    both, plain = (await admin.get("channels.messages", roomId=scene.general.id)).body["messages"]
    assert (plain["msg"], both["msg"]) == ("plain", "with both")
    assert "files" not in both
    assert both["attachments"][0] == quote
    assert [attachment["text"] for attachment in both["attachments"][1:]] == ["_File removed by prune_"] * 2


@pytest.mark.parametrize("params", [{"roomId": "general-id"}, {"roomName": "general"}])
async def test_info_of_a_room(admin: Rest, params: dict[str, str]) -> None:
    room = (await admin.get("rooms.info", **params)).body["room"]
    wanted = {"_id", "name", "fname", "t", "msgs", "usersCount", "u", "ts", "ro", "sysMes", "default", "_updatedAt"}
    assert wanted <= room.keys()
