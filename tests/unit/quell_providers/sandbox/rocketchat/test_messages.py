from collections.abc import Callable

import pytest

from quell_providers.sandbox.rocketchat.service import RocketChatService
from quell_providers.sandbox.world import Post
from tests.unit.quell_providers.sandbox.rocketchat.scene import NOW, Json, Rest, Scene

As = Callable[[str | None], Rest]


@pytest.fixture
def talk(scene: Scene) -> list[Post]:
    """Sixty messages, one a second; the last was sent a second ago."""
    return [scene.post(f"message {number}", at=NOW - 60 + number) for number in range(60)]


def texts(body: Json) -> list[str]:
    return [message["msg"] for message in body["messages"]]


async def test_a_message_with_all_that_it_can_have(scene: Scene, rest: As) -> None:
    parent = scene.post("who is in?", at=NOW + 0.1234)
    reply = scene.post("me", by=scene.owner, thread_id=parent.id, files=("ticket 1.pdf",))
    scene.clock.advance(30)
    scene.world.edit(reply, "me too")
    admin = rest("admin")
    found = (await admin.get("chat.getMessage", msgId=parent.id)).body["message"]
    assert found == {
        "_id": parent.id,
        "rid": "general-id",
        "msg": "who is in?",
        "ts": "2025-10-09T08:53:20.123Z",
        "u": {"_id": "amara-id", "username": "amara", "name": "Amara"},
        "_updatedAt": "2025-10-09T08:53:20.123Z",
        "urls": [],
        "mentions": [],
        "channels": [],
        "tcount": 1,
        "tlm": "2025-10-09T08:53:20.000Z",
        "replies": ["owner-id"],
    }
    found = (await admin.get("chat.getMessage", msgId=reply.id)).body["message"]
    assert (found["tmid"], found["msg"], found["editedAt"]) == (parent.id, "me too", "2025-10-09T08:53:50.000Z")
    assert (found["editedBy"], found["_updatedAt"]) == ({"_id": "owner-id", "username": "owner"}, found["editedAt"])
    (file,) = found["files"]
    assert (file["name"], file["type"], found["file"]) == ("ticket 1.pdf", "application/pdf", file)
    (attachment,) = found["attachments"]
    assert attachment["title"] == "ticket 1.pdf"
    assert attachment["title_link"] == f"/file-upload/{file['_id']}/ticket%201.pdf"
    system = scene.post("", system="uj")
    assert (await admin.get("chat.getMessage", msgId=system.id)).body["message"]["t"] == "uj"


async def test_get_message_says_little_when_it_finds_nothing(scene: Scene, rest: As) -> None:
    moderator = rest("moderator")
    unknown = await moderator.get("chat.getMessage", msgId="unknown")
    assert (unknown.status, unknown.body) == (400, {"success": False})
    secret = await moderator.get("chat.getMessage", msgId=scene.post(place=scene.mods).id)
    assert secret.body == {
        "success": False,
        "error": "Not allowed [error-not-allowed]",
        "errorType": "error-not-allowed",
    }
    empty = await moderator.get("chat.getMessage", msgId="")
    assert empty.body["error"] == "must NOT have fewer than 1 characters"


async def test_newest_first_in_pages(talk: list[Post], rest: As) -> None:
    admin = rest("admin")
    everything = [post.text for post in reversed(talk)]
    assert texts((await admin.get("channels.history", roomId="general-id")).body) == everything[:50]
    assert texts((await admin.get("channels.history", roomName="general", count="3")).body) == everything[:3]
    page = await admin.get("channels.history", roomId="general-id", count="0", offset="50")
    assert texts(page.body) == everything[50:]
    assert set(page.body) == {"messages", "success"}


async def test_bounds_are_outside_unless_inclusive(talk: list[Post], rest: As) -> None:
    admin = rest("admin")
    bounds = {"roomId": "general-id", "oldest": "2025-10-09T08:53:15.000Z", "latest": "2025-10-09T08:53:18.000Z"}
    assert texts((await admin.get("channels.history", **bounds)).body) == ["message 57", "message 56"]
    assert texts((await admin.get("channels.history", **bounds, inclusive="true")).body) == [
        "message 58",
        "message 57",
        "message 56",
        "message 55",
    ]
    wrong = await admin.get("channels.history", roomId="general-id", oldest="tomorrow")
    assert (wrong.status, wrong.body["errorType"]) == (400, "error-invalid-date")


@pytest.mark.parametrize(
    ("route", "room_id", "asked", "shown"),
    [
        ("channels.history", "general-id", None, False),
        ("channels.history", "general-id", "true", True),
        ("groups.history", "mods-id", None, True),
        ("groups.history", "mods-id", "false", False),
        ("im.history", "direct-id", None, False),
        ("dm.history", "direct-id", "true", True),
    ],
)
async def test_replies_in_threads(
    scene: Scene, service: RocketChatService, rest: As, route: str, room_id: str, asked: str | None, shown: bool
) -> None:
    place = scene.world.places[room_id]
    member = place.members[0]
    parent = scene.post("parent", place=place, by=member)
    scene.post("reply", place=place, by=member, thread_id=parent.id)
    params = {"roomId": room_id} | ({"showThreadMessages": asked} if asked else {})
    found = texts((await rest(member.username).get(route, **params)).body)
    assert found == (["reply", "parent"] if shown else ["parent"])


async def test_groups_have_another_page_size(scene: Scene, rest: As) -> None:
    for number in range(130):
        scene.post(f"{number}", place=scene.mods, by=scene.owner)
    admin = rest("admin")
    assert len((await admin.get("groups.history", roomId="mods-id")).body["messages"]) == 20
    assert len((await admin.get("groups.history", roomId="mods-id", count="120")).body["messages"]) == 120
    for number in range(130):
        scene.post(f"{number}")
    assert len((await admin.get("channels.history", roomId="general-id", count="120")).body["messages"]) == 100


@pytest.mark.parametrize(
    ("who", "route", "room_id", "status", "error"),
    [
        ("moderator", "channels.history", "mods-id", 400, "any channel [error-room-not-found]"),
        ("moderator", "groups.history", "general-id", 400, "any group [error-room-not-found]"),
        ("moderator", "groups.history", "mods-id", 400, "any group [error-room-not-found]"),
        ("moderator", "im.history", "general-id", 400, "any direct message [error-room-not-found]"),
        ("owner", "im.history", "direct-id", 403, "unauthorized"),
        ("guest", "channels.history", "general-id", 403, "unauthorized"),
        ("moderator", "channels.history", "ivsroom", 400, "any channel [error-room-not-found]"),
        ("moderator", "im.history", "", 400, "must NOT have fewer than 1 characters"),
    ],
)
async def test_rooms_that_can_not_be_read(
    rest: As, who: str, route: str, room_id: str, status: int, error: str
) -> None:
    answer = await rest(who).get(route, roomId=room_id)
    assert (answer.status, answer.body["success"]) == (status, False)
    assert answer.body["error"].endswith(error)


async def test_a_discussion_is_open_to_whom_its_parent_is(scene: Scene, rest: As) -> None:
    scene.discussion.members.remove(scene.moderator)
    scene.post("here", place=scene.discussion)
    assert texts((await rest("moderator").get("groups.history", roomId="about-id")).body) == ["here"]


async def test_sync_tells_new_changed_and_removed(scene: Scene, rest: As) -> None:
    same, edited, removed = scene.post("same"), scene.post("before"), scene.post("spam")
    removed_elsewhere = scene.post("spam", place=scene.support)
    moderator = rest("moderator")
    scene.clock.advance(60)
    new = scene.post("new")
    scene.world.edit(edited, "after")
    scene.world.delete(removed, by="moderator-id")
    scene.world.delete(removed_elsewhere, by="moderator-id")
    answer = await moderator.get("chat.syncMessages", roomId="general-id", lastUpdate="2025-10-09T08:53:30.000Z")
    assert [message["msg"] for message in answer.body["result"]["updated"]] == ["new", "after"]
    assert answer.body["result"]["deleted"] == [{"_id": removed.id, "_deletedAt": "2025-10-09T08:54:20.000Z"}]
    assert same.id not in str(answer.body)
    scene.world.settings["Message_ShowDeletedStatus"] = True
    scene.clock.advance(60)
    scene.world.delete(new, by="moderator-id")
    answer = await moderator.get("chat.syncMessages", roomId="general-id", lastUpdate="2025-10-09T08:54:30.000Z")
    (placeholder,) = answer.body["result"]["updated"]
    assert (placeholder["_id"], placeholder["t"], answer.body["result"]["deleted"]) == (new.id, "rm", [])


@pytest.mark.parametrize(
    ("params", "error_type"),
    [
        ({}, "error-invalid-params"),
        ({"roomId": "general-id"}, "error-param-required"),
        ({"roomId": "general-id", "lastUpdate": "soon"}, "error-lastUpdate-param-invalid"),
        ({"roomId": "mods-id", "lastUpdate": "2025-10-09T08:54:30.000Z"}, "error-not-allowed"),
        ({"roomId": "unknown", "lastUpdate": "2025-10-09T08:54:30.000Z"}, "error-not-allowed"),
    ],
)
async def test_sync_refuses(rest: As, params: dict[str, str], error_type: str) -> None:
    answer = await rest("moderator").get("chat.syncMessages", **params)
    assert (answer.status, answer.body["errorType"]) == (400, error_type)
