from collections.abc import Callable

import aiohttp
import pytest

from tests.unit.quell_providers.sandbox.rocketchat.scene import Ddp, Rest, Scene, serving

As = Callable[[str | None], Rest]


@pytest.mark.parametrize(
    ("given", "reason", "action"),
    [
        ({}, "No reason provided", "None"),
        ({"reason": "  ", "action": None}, "No reason provided", "None"),
        ({"reason": "spam", "action": "Delete"}, "spam", "Delete"),
    ],
)
async def test_the_reason_is_kept(scene: Scene, rest: As, given: dict[str, str], reason: str, action: str) -> None:
    post = scene.post("spam")
    admin = rest("admin")
    await rest("owner").post("chat.reportMessage", {"messageId": post.id, "description": "look"})
    (report,) = (await admin.get("moderation.reports", msgId=post.id)).body["reports"]
    await admin.post("moderation.dismissReports", {"msgId": post.id, **given})
    info = (await admin.get("moderation.reportInfo", reportId=report["_id"])).body["report"]
    assert info["_hidden"] is True
    assert info["moderationInfo"] == {
        "moderatedBy": "admin-id",
        "hiddenAt": "2025-10-09T08:53:20.000Z",
        "action": action,
        "reason": reason,
    }
    again = await admin.post("moderation.dismissReports", {"msgId": post.id})
    assert (again.status, again.body) == (400, {"success": False, "error": "no-reports-found"})


@pytest.mark.parametrize(
    "route",
    ["moderation.dismissReports", "moderation.dismissUserReports", "moderation.user.deleteReportedMessages"],
)
async def test_it_needs_a_permission_before_anything_else(rest: As, route: str) -> None:
    answer = await rest("moderator").post(route, {"nonsense": 1})
    text = "User does not have the permissions required for this action [error-unauthorized]"
    assert (answer.status, answer.body) == (403, {"success": False, "error": text})


@pytest.mark.parametrize(
    ("message_id", "description", "error"),
    [
        ("", "spam", "error-invalid-message_id"),
        ("unknown", "spam", "error-invalid-message_id"),
        ("secret", "spam", "error-invalid-message_id"),
        ("known", "  ", "error-invalid-description"),
    ],
)
async def test_reports_that_can_not_be_made(
    scene: Scene, rest: As, message_id: str, description: str, error: str
) -> None:
    ids = {"known": scene.post().id, "secret": scene.post(place=scene.mods, by=scene.owner).id}
    body = {"messageId": ids.get(message_id, message_id), "description": description}
    answer = await rest("amara").post("chat.reportMessage", body)
    assert (answer.status, answer.body) == (400, {"success": False, "error": error})


async def test_deleting_what_was_reported_asks_for_nothing(scene: Scene, rest: As) -> None:
    scene.world.settings |= {"Message_AllowDeleting": False, "Message_ShowDeletedStatus": True}
    posts = [scene.post(f"spam {number}") for number in range(3)]
    admin = rest("admin")
    for post in posts:
        scene.clock.advance(1)
        await admin.post("chat.reportMessage", {"messageId": post.id, "description": "spam"})
    route = "moderation.user.deleteReportedMessages"
    assert (await admin.post(f"{route}?count=2", {"userId": "amara-id", "reason": "spam"})).status == 200
    assert [post.deleted_by for post in posts] == [None, "admin-id", "admin-id"]
    shown = (await admin.get("channels.messages", roomId="general-id")).body["messages"]
    assert sorted(message.get("t", "") for message in shown) == ["", "rm", "rm"]
    left = await admin.post(route, {"userId": "amara-id"})
    assert left.body["error"] == "No reported messages found for this user."


@pytest.mark.parametrize(("version", "is_told"), [("8.0", True), ("8.8", False)])
async def test_only_older_versions_tell_of_it(
    scene: Scene, http: aiohttp.ClientSession, version: str, is_told: bool
) -> None:
    post = scene.post("spam")
    async with serving(scene, version=version) as service:
        admin = Rest(service, http, "admin")
        await admin.post("chat.reportMessage", {"messageId": post.id, "description": "spam"})
        async with Ddp(service, http, service.login_as("moderator").auth_token) as client:
            await client.subscribe("stream-notify-room", "general-id/deleteMessage", "s1")
            await client.subscribe("stream-notify-room", "general-id/deleteMessageBulk", "s2")
            await admin.post("moderation.user.deleteReportedMessages", {"userId": "amara-id"})
            if is_told:
                (criteria,) = (await client.receive())["fields"]["args"]
                assert (criteria["ids"], criteria["excludePinned"]) == ([post.id], True)
                assert (criteria["showDeletedStatus"], set(criteria["ts"])) == (False, {"$gt"})
            assert await client.nothing_more()


async def test_selecting_sorting_and_paging(scene: Scene, rest: As) -> None:
    admin = rest("admin")
    for person, text in ((scene.amara, "buy now"), (scene.owner, "hello"), (scene.amara, "buy more")):
        scene.clock.advance(1)
        post = scene.post(text, by=person)
        await admin.post("chat.reportMessage", {"messageId": post.id, "description": "why"})
    route = "moderation.reportsByUsers"
    everything = (await admin.get(route)).body
    assert [(entry["username"], entry["count"], entry["message"]) for entry in everything["reports"]] == [
        ("amara", 2, "buy more"),
        ("owner", 1, "hello"),
    ]
    assert [entry["username"] for entry in (await admin.get(route, selector="HELL")).body["reports"]] == ["owner"]
    ordered = (await admin.get(route, sort='{"username":-1}', count="1")).body
    assert ([entry["username"] for entry in ordered["reports"]], ordered["total"]) == (["owner"], 2)
    assert (await admin.get(route, sort="username")).body["errorType"] == "error-invalid-sort"
    assert (await admin.get(route, oldest="yesterday")).body["errorType"] == "error-invalid-params"
    messages = (await admin.get("moderation.user.reportedMessages", userId="amara-id", selector="more")).body
    assert [entry["message"]["msg"] for entry in messages["messages"]] == ["buy more"]
    assert (await admin.get("moderation.user.reportsByUserId", userId="gone")).body["user"] is None
