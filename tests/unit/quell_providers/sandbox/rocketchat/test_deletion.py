from collections.abc import Callable

import pytest

from quell_providers.sandbox.rocketchat.service import RocketChatService
from tests.unit.quell_providers.sandbox.rocketchat.scene import Json, Rest, Scene

As = Callable[[str | None], Rest]

NOT_ALLOWED = {
    "success": False,
    "error": "Not allowed [error-action-not-allowed]",
    "errorType": "error-action-not-allowed",
}
READ_ONLY = {"success": False, "error": "You can't delete messages because the room is readonly."}


def invalid(*problems: str) -> Json:
    return {"success": False, "errorType": "invalid-params", "error": "\n ".join(problems)}


async def test_success_names_the_message_and_deletes_it(scene: Scene, rest: As) -> None:
    post = scene.post("free nitro")
    answer = await rest("moderator").delete(post)
    assert answer.status == 200
    assert answer.body == {
        "_id": post.id,
        "ts": "1760000000000",
        "message": {
            "_id": post.id,
            "rid": "general-id",
            "u": {"_id": "amara-id", "username": "amara", "name": "Amara"},
        },
        "success": True,
    }
    assert (post.deleted_at, post.deleted_by) == (scene.clock.now(), "moderator-id")


async def test_every_answer_is_plain_json_that_nobody_keeps(scene: Scene, rest: As) -> None:
    for answer in (await rest("moderator").delete(scene.post()), await rest("moderator").post("chat.delete", {})):
        assert answer.headers.getall("Content-Type") == ["application/json"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Pragma"] == "no-cache"


NEITHER = ("must have required property 'fileId'", "must match a schema in anyOf")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, invalid("must have required property 'msgId'", *NEITHER)),
        ({"roomId": "r"}, invalid("must have required property 'msgId'", *NEITHER)),
        ({"msgId": "m"}, invalid("must have required property 'roomId'", *NEITHER)),
        ({"roomId": "r", "msgId": "m", "reason": "spam"}, invalid("must NOT have additional properties")),
        ({"roomId": "r", "msgId": "m", "asUser": "yes"}, invalid("must be boolean")),
        ({"roomId": "r", "msgId": {}}, invalid("must be string")),
        ([], invalid("must be object")),
        ("not an object", invalid("must have required property 'msgId'", *NEITHER)),
        (
            {"roomId": "general-id", "msgId": "invalid-id"},
            {"success": False, "error": 'No message found with the id of "invalid-id".'},
        ),
        ({"roomId": "general-id", "msgId": ""}, {"success": False, "error": 'No message found with the id of "".'}),
        ({"roomId": "general-id", "msgId": 5}, {"success": False, "error": 'No message found with the id of "5".'}),
        ({"fileId": "nofile"}, {"success": False, "error": 'No message found with the file id: "nofile".'}),
    ],
)
async def test_bodies_that_name_no_message(rest: As, body: object, expected: Json) -> None:
    answer = await rest("moderator").post("chat.delete", body)
    assert (answer.status, answer.body) == (400, expected)


async def test_the_room_must_be_the_messages_own(scene: Scene, rest: As) -> None:
    post = scene.post()
    answer = await rest("admin").post("chat.delete", {"roomId": "invalid-room", "msgId": post.id})
    text = "The room id provided does not match where the message is from."
    assert (answer.status, answer.body) == (400, {"success": False, "error": text})
    assert post.deleted_at is None


async def test_messages_of_the_other_service_are_not_there(scene: Scene, rest: As) -> None:
    post = scene.post(place=scene.finals)
    answer = await rest("admin").delete(post)
    assert answer.body["error"] == f'No message found with the id of "{post.id}".'


async def test_a_file_leads_to_its_message(scene: Scene, rest: As) -> None:
    post = scene.post(files=("plan.pdf",))
    moderator = rest("moderator")
    message = (await moderator.get("chat.getMessage", msgId=post.id)).body["message"]
    answer = await moderator.post("chat.delete", {"fileId": message["files"][0]["_id"]})
    assert (answer.status, answer.body["_id"]) == (200, post.id)


@pytest.mark.parametrize(
    ("who", "where", "whose", "expected"),
    [
        ("moderator", "general", "amara", None),
        ("owner", "general", "amara", None),
        ("admin", "general", "amara", None),
        ("amara", "general", "amara", None),
        ("amara", "general", "moderator", NOT_ALLOWED),
        ("moderator", "announcements", "amara", NOT_ALLOWED),
        ("moderator", "announcements", "moderator", READ_ONLY),
        ("admin", "announcements", "amara", None),
        ("moderator", "mods", "owner", NOT_ALLOWED),
        ("moderator", "direct", "amara", NOT_ALLOWED),
        ("moderator", "direct", "moderator", None),
        ("moderator", "discussion", "amara", None),
        ("guest", "general", "guest", NOT_ALLOWED),
    ],
)
async def test_who_may_delete_where(
    scene: Scene, rest: As, who: str, where: str, whose: str, expected: Json | None
) -> None:
    post = scene.post(place=getattr(scene, where), by=getattr(scene, whose))
    answer = await rest(who).delete(post)
    if expected is None:
        assert (answer.status, answer.body["success"]) == (200, True)
    else:
        assert (answer.status, answer.body) == (400, expected)
        assert post.deleted_at is None


@pytest.mark.parametrize(
    ("who", "settings", "age_seconds", "expected"),
    [
        ("moderator", {"Message_AllowDeleting": False}, 0, NOT_ALLOWED),
        ("owner", {"Message_AllowDeleting": False}, 0, None),
        ("moderator", {"Message_AllowDeleting_BlockDeleteInMinutes": 10}, 10 * 60 + 29, None),
        ("moderator", {"Message_AllowDeleting_BlockDeleteInMinutes": 10}, 10 * 60 + 30, NOT_ALLOWED),
        ("owner", {"Message_AllowDeleting_BlockDeleteInMinutes": 10}, 86400, None),
        ("admin", {"Message_AllowDeleting_BlockDeleteInMinutes": 10}, 86400, None),
    ],
)
async def test_settings_that_forbid(
    scene: Scene, rest: As, who: str, settings: Json, age_seconds: float, expected: Json | None
) -> None:
    scene.world.settings |= settings
    post = scene.post()
    scene.clock.advance(age_seconds)
    answer = await rest(who).delete(post)
    assert answer.status == (400 if expected else 200)
    assert expected is None or answer.body == expected


async def test_the_time_limit_can_be_bypassed_and_hides_read_only_rooms(
    scene: Scene, service: RocketChatService, rest: As
) -> None:
    scene.world.settings["Message_AllowDeleting_BlockDeleteInMinutes"] = 10
    inside = scene.post(place=scene.announcements, by=scene.moderator)
    assert (await rest("moderator").delete(inside)).status == 200
    outside = scene.post(place=scene.announcements, by=scene.moderator)
    scene.clock.advance(3600)
    assert (await rest("moderator").delete(outside)).body == NOT_ALLOWED
    service.grants["bypass-time-limit-edit-and-delete"].add("user")
    assert (await rest("moderator").delete(outside)).body == READ_ONLY


async def test_grants_can_be_changed_while_the_server_runs(scene: Scene, service: RocketChatService, rest: As) -> None:
    post = scene.post()
    assert (await rest("amara").delete(scene.post(by=scene.owner))).body == NOT_ALLOWED
    service.grants["delete-message"] = set()
    assert (await rest("moderator").delete(post)).body == NOT_ALLOWED


async def test_as_user_needs_force_and_then_judges_by_the_author(scene: Scene, rest: As) -> None:
    post = scene.post()
    answer = await rest("moderator").delete(post, asUser=True)
    text = 'Unauthorized. You must have the permission "force-delete-message" to delete other\'s message as them.'
    assert (answer.status, answer.body) == (400, {"success": False, "error": text})
    scene.world.settings["Message_AllowDeleting"] = False
    assert (await rest("owner").delete(post, asUser="true")).body == NOT_ALLOWED
    scene.world.settings["Message_AllowDeleting"] = True
    assert (await rest("owner").delete(post, asUser=1)).status == 200
    assert post.deleted_by == "amara-id"
    assert (await rest("moderator").delete(scene.post(by=scene.moderator), asUser=True)).status == 200


async def test_as_user_of_somebody_who_left(scene: Scene, rest: As) -> None:
    post = scene.post()
    del scene.world.people["amara-id"]
    answer = await rest("owner").delete(post, asUser=True)
    assert (answer.status, answer.body) == (400, {"success": False, "error": "User not found"})


@pytest.mark.parametrize(
    ("keep", "show", "is_thread", "kept_as", "second"),
    [
        (False, False, False, None, 400),
        (False, True, False, "rm", 200),
        (True, False, False, "_hidden", 200),
        (True, True, False, "rm", 200),
        (False, False, True, "rm", 200),
        (True, False, True, "rm", 200),
    ],
)
async def test_what_a_deletion_leaves(
    scene: Scene, rest: As, keep: bool, show: bool, is_thread: bool, kept_as: str | None, second: int
) -> None:
    scene.world.settings |= {"Message_KeepHistory": keep, "Message_ShowDeletedStatus": show}
    post = scene.post("free nitro", files=("nitro.exe",))
    if is_thread:
        scene.post("really?", by=scene.owner, thread_id=post.id)
    moderator = rest("moderator")
    scene.clock.advance(60)
    assert (await moderator.delete(post)).status == 200

    shown = (await moderator.get("channels.history", roomId="general-id")).body["messages"]
    assert [message["_id"] for message in shown] == ([post.id] if kept_as == "rm" else [])
    row: Json = (await moderator.get("chat.getMessage", msgId=post.id)).body.get("message", {})
    if kept_as == "rm":
        assert row == shown[0]
        assert (row["t"], row["msg"], row["attachments"], row["reactions"]) == ("rm", "", [], {})
        assert row["editedBy"] == {"_id": "moderator-id", "username": "moderator"}
        assert row["editedAt"] == row["_updatedAt"] == "2025-10-09T08:54:20.000Z"
    elif kept_as == "_hidden":
        assert (row["_hidden"], row["msg"]) == (True, "free nitro")
    else:
        assert row == {}
    again = await moderator.delete(post)
    assert again.status == second
    assert second == 200 or again.body["error"] == f'No message found with the id of "{post.id}".'


async def test_what_is_left_outlives_a_change_of_the_settings(scene: Scene, rest: As) -> None:
    parent = scene.post()
    reply = scene.post("re", by=scene.owner, thread_id=parent.id)
    moderator = rest("moderator")
    assert (await moderator.delete(parent)).status == 200
    assert (await moderator.delete(reply)).status == 200
    (placeholder,) = (await moderator.get("channels.history", roomId="general-id")).body["messages"]
    assert (placeholder["_id"], placeholder["tcount"]) == (parent.id, 0)


async def test_a_server_app_may_prevent_it(scene: Scene, service: RocketChatService, rest: As) -> None:
    post = scene.post()
    service.veto_deletion(post.id)
    answer = await rest("admin").delete(post)
    assert (answer.status, answer.body) == (
        400,
        {
            "success": False,
            "error": "A Rocket.Chat App prevented the message deleting. [error-app-prevented-deleting]",
            "errorType": "error-app-prevented-deleting",
        },
    )


async def test_what_goes_wrong_within_the_server_is_answered(
    scene: Scene, rest: As, caplog: pytest.LogCaptureFixture
) -> None:
    del scene.world.settings["Message_AllowDeleting"]
    answer = await rest("moderator").delete(scene.post())
    assert (answer.status, answer.body) == (500, {"success": False, "error": "Internal server error"})
    assert "KeyError" in caplog.text
