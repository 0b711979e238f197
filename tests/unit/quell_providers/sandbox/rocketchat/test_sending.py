from collections.abc import Callable

import pytest

from tests.unit.quell_providers.sandbox.rocketchat.scene import Json, Rest, Scene

As = Callable[[str | None], Rest]


async def test_the_ways_to_name_a_room(scene: Scene, rest: As) -> None:
    amara = rest("amara")
    for body, room_id in (
        ({"roomId": "general-id"}, "general-id"),
        ({"channel": "general"}, "general-id"),
        ({"channel": "#general"}, "general-id"),
        ({"channel": "@moderator"}, "direct-id"),
    ):
        answer = await amara.post("chat.postMessage", {**body, "text": "hello"})
        assert (answer.status, answer.body["message"]["rid"], answer.body["ts"]) == (200, room_id, 1760000000000)
    several = await rest("admin").post("chat.postMessage", {"roomId": ["general-id", "support-id"], "text": "all"})
    assert (several.body["channel"], several.body["message"]["rid"]) == ("support-id", "support-id")


async def test_whoever_writes_in_a_public_room_joins_it(scene: Scene, rest: As) -> None:
    scene.general.members.remove(scene.amara)
    await rest("amara").post("chat.postMessage", {"channel": "general", "text": "hello"})
    assert scene.amara in scene.general.members
    assert [post.system for post in scene.world.posts_in("general-id")] == ["uj", ""]


async def test_everything_that_a_message_may_bring(scene: Scene, rest: As) -> None:
    parent = scene.post("parent")
    message = {
        "_id": "mine",
        "rid": "general-id",
        "msg": "reply",
        "tmid": parent.id,
        "tshow": True,
        "attachments": [{"text": "card"}],
        "customFields": {"a": 1},
    }
    amara = rest("amara")
    sent = (await amara.post("chat.sendMessage", {"message": message})).body["message"]
    assert {key: sent[key] for key in message} == message
    again = await amara.post("chat.sendMessage", {"message": message})
    assert (again.status, again.body["success"]) == (400, False)


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"rid": "unknown", "msg": "x"}, "Invalid room [error-invalid-room]"),
        ({"rid": "mods-id", "msg": "x"}, "Not allowed [error-not-allowed]"),
        ({"rid": "support-id", "msg": "x"}, "Not allowed [error-not-allowed]"),
        ({"rid": "general-id", "msg": "x", "t": "uj"}, "Cannot send system messages using 'chat.sendMessage'"),
        ({"rid": "general-id", "msg": "x" * 5001}, "error-message-size-exceeded"),
        ({"rid": "general-id", "msg": "x", "tmid": "unknown"}, "Invalid message [error-invalid-message]"),
        (
            {"rid": "general-id", "msg": "x", "alias": "admin"},
            "You are not authorized to impersonate [error-not-authorized]",
        ),
    ],
)
async def test_what_can_not_be_sent(scene: Scene, rest: As, message: Json, error: str) -> None:
    scene.support.archived = True
    answer = await rest("amara").post("chat.sendMessage", {"message": message})
    assert (answer.status, answer.body["error"]) == (400, error)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"roomId": "unknown", "text": "x"}, "[invalid-channel]"),
        ({"channel": "#mods", "text": "x"}, "[invalid-channel]"),
        ({"channel": [], "text": "x"}, "unknown-error"),
        (
            {"roomId": "general-id", "channel": "general"},
            "must NOT have additional properties\n must NOT have additional properties\n "
            "must match exactly one schema in oneOf",
        ),
    ],
)
async def test_what_can_not_be_posted(rest: As, body: Json, error: str) -> None:
    answer = await rest("amara").post("chat.postMessage", body)
    assert (answer.status, answer.body["error"]) == (400, error)


async def test_sending_has_a_limit_of_its_own(rest: As) -> None:
    amara = rest("amara")
    body = {"message": {"rid": "general-id", "msg": "x"}}
    assert [(await amara.post("chat.sendMessage", body)).status for _ in range(6)] == [200] * 5 + [429]
    answer = await rest("admin").post("chat.sendMessage", body)
    assert "X-RateLimit-Limit" not in answer.headers


async def test_changing_a_message(scene: Scene, rest: As) -> None:
    post, foreign = scene.post("before"), scene.post(by=scene.owner)
    amara = rest("amara")
    answer = await amara.post("chat.update", {"roomId": "general-id", "msgId": post.id, "text": "after"})
    assert (answer.status, answer.body["message"]["msg"]) == (200, "after")
    assert "editedAt" in answer.body["message"]
    for body, error in (
        ({"msgId": foreign.id, "text": "x"}, "Message editing not allowed [error-action-not-allowed]"),
        ({"msgId": "unknown", "text": "x"}, 'No message found with the id of "unknown".'),
        (
            {"msgId": post.id, "roomId": "support-id", "text": "x"},
            "The room id provided does not match where the message is from.",
        ),
        ({"msgId": post.id, "content": {"a": 1}}, "Only encrypted messages can have content updated."),
    ):
        refused = await amara.post("chat.update", {"roomId": "general-id", **body})
        assert (refused.status, refused.body["error"]) == (400, error)
    scene.world.settings["Message_AllowEditing_BlockEditInMinutes"] = 5
    scene.clock.advance(3600)
    late = await amara.post("chat.update", {"roomId": "general-id", "msgId": post.id, "text": "too late"})
    assert late.body["errorType"] == "error-message-editing-blocked"


async def test_encrypted_rooms_show_ciphertext(scene: Scene, rest: As) -> None:
    scene.general.encrypted = True
    post = scene.post("secret plan")
    message = (await rest("amara").get("chat.getMessage", msgId=post.id)).body["message"]
    assert (message["t"], message["e2e"]) == ("e2e", "pending")
    assert "secret" not in message["msg"]
    assert (await rest("amara").get("rooms.info", roomId="general-id")).body["room"]["encrypted"] is True
    assert (await rest("moderator").delete(post)).status == 200
