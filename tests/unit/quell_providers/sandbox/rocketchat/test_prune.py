from collections.abc import Callable

import pytest

from tests.unit.quell_providers.sandbox.rocketchat.scene import NOW, Ddp, Json, Rest, Scene

As = Callable[[str | None], Rest]

ALWAYS = {"roomId": "general-id", "latest": "9999-12-31T23:59:59.000Z", "oldest": "0001-01-01T00:00:00.000Z"}


@pytest.mark.parametrize(
    ("more", "left"),
    [
        ({}, []),
        ({"excludePinned": True}, ["pinned"]),
        ({"ignoreThreads": True}, ["parent", "reply"]),
        ({"ignoreDiscussion": True}, ["discussion"]),
        ({"users": ["owner"]}, ["plain", "parent", "reply", "discussion"]),
        ({"limit": 2}, ["parent", "reply", "discussion"]),
        ({"excludePinned": 1, "ignoreThreads": "true", "ignoreDiscussion": "false"}, ["pinned", "parent", "reply"]),
    ],
)
async def test_what_is_spared(scene: Scene, rest: As, more: Json, left: list[str]) -> None:
    scene.post("plain", at=NOW - 50)
    scene.post("pinned", by=scene.owner, at=NOW - 40).pinned = True
    parent = scene.post("parent", at=NOW - 30)
    scene.post("reply", at=NOW - 20, thread_id=parent.id)
    scene.post("discussion", at=NOW - 10, discussion_id=scene.discussion.id)
    answer = await rest("admin").post("rooms.cleanHistory", {**ALWAYS, **more})
    assert (answer.status, answer.body["count"]) == (200, 5 - len(left))
    shown = (await rest("admin").get("channels.messages", roomId="general-id")).body["messages"]
    assert [message["msg"] for message in reversed(shown)] == left
    assert (scene.discussion.id in scene.world.places) is ("discussion" in left)


@pytest.mark.parametrize(("inclusive", "left"), [(False, 2), (True, 0)])
async def test_bounds(scene: Scene, rest: As, inclusive: bool, left: int) -> None:
    for seconds in (0, 1, 2):
        scene.post(at=NOW + seconds)
    body = {
        "roomId": "general-id",
        "oldest": "2025-10-09T08:53:20.000Z",
        "latest": "2025-10-09T08:53:22.000Z",
        "inclusive": inclusive,
    }
    assert (await rest("admin").post("rooms.cleanHistory", body)).body["count"] == 3 - left


async def test_it_leaves_no_placeholders_and_tells_once(
    scene: Scene, rest: As, ddp: Callable[[str | None], Ddp]
) -> None:
    scene.world.settings |= {"Message_ShowDeletedStatus": True, "Message_KeepHistory": True}
    posts = [scene.post() for _ in range(3)]
    async with ddp("moderator") as client:
        await client.subscribe("stream-room-messages", "general-id", "s1")
        await client.subscribe("stream-notify-room", "general-id/deleteMessage", "s2")
        await client.subscribe("stream-notify-room", "general-id/deleteMessageBulk", "s3")
        await rest("admin").post("rooms.cleanHistory", {**ALWAYS, "limit": 2, "users": ["amara"]})
        fields = (await client.receive())["fields"]
        assert (fields["eventName"], fields["args"]) == (
            "general-id/deleteMessageBulk",
            [
                {
                    "rid": "general-id",
                    "excludePinned": False,
                    "ignoreDiscussion": False,
                    "ts": {"$gt": {"$date": -62135596800000}, "$lt": {"$date": 253402300799000}},
                    "users": ["amara"],
                    "ids": [posts[0].id, posts[1].id],
                }
            ],
        )
        await rest("admin").post("rooms.cleanHistory", {**ALWAYS, "inclusive": True})
        (criteria,) = (await client.receive())["fields"]["args"]
        assert "ids" not in criteria
        assert set(criteria["ts"]) == {"$gte", "$lte"}
        await rest("admin").post("rooms.cleanHistory", ALWAYS)
        assert await client.nothing_more()
    assert {post.deleted_by for post in posts} == {"admin-id"}
    trash = await rest("admin").get(
        "chat.getDeletedMessages", roomId="general-id", since="2025-10-09T08:53:19Z", count="2"
    )
    assert (trash.body["count"], trash.body["total"]) == (2, 3)


async def test_files_only_is_told_by_id(scene: Scene, rest: As, ddp: Callable[[str | None], Ddp]) -> None:
    post = scene.post(files=("a.png",))
    async with ddp("moderator") as client:
        await client.subscribe("stream-notify-room", "general-id/deleteMessageBulk")
        await rest("admin").post("rooms.cleanHistory", {**ALWAYS, "filesOnly": True})
        (criteria,) = (await client.receive())["fields"]["args"]
    assert (criteria["ids"], criteria["filesOnly"]) == ([post.id], True)
    assert criteria["replaceFileAttachmentsWith"]["type"] == "removed-file"
    assert post.deleted_at is None


@pytest.mark.parametrize(
    ("body", "error_type"),
    [
        ({**ALWAYS, "roomId": "unknown"}, "error-room-not-found"),
        ({**ALWAYS, "roomId": "support-id"}, "error-room-archived"),
        ({**ALWAYS, "latest": "soon"}, "error-invalid-date"),
        ({**ALWAYS, "reason": "spam"}, "invalid-params"),
        ({"roomId": "general-id"}, "invalid-params"),
    ],
)
async def test_refusals(scene: Scene, rest: As, body: Json, error_type: str) -> None:
    scene.support.archived = True
    answer = await rest("admin").post("rooms.cleanHistory", body)
    assert (answer.status, answer.body["errorType"]) == (400, error_type)
