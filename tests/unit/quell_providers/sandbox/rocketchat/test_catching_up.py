"""Cursors of `chat.syncMessages`, and threads."""

from collections.abc import Callable

import pytest

from tests.unit.quell_providers.sandbox.rocketchat.scene import NOW, Rest, Scene

As = Callable[[str | None], Rest]

SYNC = "chat.syncMessages"


def at(seconds: float) -> str:
    return str(int((NOW + seconds) * 1000))


@pytest.mark.parametrize(
    ("params", "texts", "following", "previous"),
    [
        ({"next": at(0), "count": "2"}, ["1", "2"], at(2), at(1)),
        ({"next": at(2), "count": "9"}, ["3", "4"], None, at(3)),
        ({"next": at(4)}, [], None, None),
        ({"previous": at(4), "count": "2"}, ["3", "2"], at(3), at(2)),
        ({"previous": at(2), "count": "2"}, ["1"], at(1), None),
    ],
)
async def test_turning_pages_of_changes(
    scene: Scene, rest: As, params: dict[str, str], texts: list[str], following: str | None, previous: str | None
) -> None:
    for number in range(1, 5):
        scene.post(str(number), at=NOW + number)
    answer = await rest("admin").get(SYNC, roomId="general-id", type="UPDATED", **params)
    result = answer.body["result"]
    assert [message["msg"] for message in result["updated"]] == texts
    assert (result["deleted"], result["cursor"]) == ([], {"next": following, "previous": previous})


async def test_turning_pages_of_deletions(scene: Scene, rest: As) -> None:
    posts = [scene.post(str(number)) for number in range(3)]
    for post in posts:
        scene.clock.advance(1)
        scene.world.delete(post, by="owner-id")
    result = (await rest("admin").get(SYNC, roomId="general-id", type="DELETED", next=at(0), count="2")).body["result"]
    assert [entry["_id"] for entry in result["deleted"]] == [posts[0].id, posts[1].id]
    assert (result["updated"], result["cursor"]) == ([], {"next": at(2), "previous": at(1)})


async def test_from_a_time_on(scene: Scene, rest: As) -> None:
    scene.post("old", at=NOW - 60)
    scene.post("new")
    params = {"roomId": "general-id", "lastUpdate": "2025-10-09T08:00:00Z", "fromTs": "2025-10-09T08:53:00Z"}
    result = (await rest("admin").get(SYNC, **params)).body["result"]
    assert [message["msg"] for message in result["updated"]] == ["new"]


@pytest.mark.parametrize(
    ("params", "error_type"),
    [
        ({"next": "1"}, "error-param-required"),
        ({"lastUpdate": "2025-10-09T08:00:00Z", "next": "1"}, "error-type-param-required"),
        ({"type": "UPDATED", "next": "1", "previous": "2"}, "error-cursor-conflict"),
        (
            {"type": "UPDATED", "next": "1", "lastUpdate": "2025-10-09T08:00:00Z"},
            "error-cursor-and-lastUpdate-conflict",
        ),
        ({"type": "CHANGED", "next": "1"}, "error-invalid-params"),
    ],
)
async def test_parameters_that_do_not_go_together(rest: As, params: dict[str, str], error_type: str) -> None:
    answer = await rest("admin").get(SYNC, roomId="general-id", **params)
    assert (answer.status, answer.body["errorType"]) == (400, error_type)


async def test_threads(scene: Scene, rest: As) -> None:
    quiet, busy = scene.post("quiet"), scene.post("busy", by=scene.owner)
    gone = scene.post("gone", thread_id=quiet.id, at=NOW + 1)
    scene.post("first", thread_id=busy.id, at=NOW + 2)
    scene.post("second", thread_id=busy.id, by=scene.owner, at=NOW + 3)
    moderator, amara = rest("moderator"), rest("amara")
    scene.clock.advance(10)
    scene.world.delete(gone, by="owner-id")

    async def listed(caller: Rest, **params: str) -> list[str]:
        body = (await caller.get("chat.getThreadsList", rid="general-id", **params)).body
        return [thread["msg"] for thread in body["threads"]]

    assert await listed(moderator) == ["busy", "quiet"]
    assert await listed(moderator, text="QUI") == ["quiet"]
    assert await listed(amara, type="unread") == ["busy"]
    assert await listed(moderator, type="following") == []
    assert await listed(amara, type="following") == ["busy", "quiet"]
    answers = (await moderator.get("chat.getThreadMessages", tmid=busy.id)).body
    assert ([message["msg"] for message in answers["messages"]], answers["total"]) == (["first", "second"], 2)
    assert (await moderator.get("chat.getThreadMessages", tmid=quiet.id)).body["messages"] == []
    synced = await moderator.get("chat.syncThreadMessages", tmid=quiet.id, updatedSince="2025-10-09T08:53:22Z")
    assert synced.body["messages"] == {"update": [], "remove": [{"_id": gone.id}]}


async def test_threads_that_are_not_there(scene: Scene, rest: As) -> None:
    secret = scene.post(place=scene.mods, by=scene.owner)
    moderator = rest("moderator")
    for tmid, error_type in (("unknown", "error-invalid-message"), (secret.id, "error-not-allowed")):
        assert (await moderator.get("chat.getThreadMessages", tmid=tmid)).body["errorType"] == error_type
    assert (await moderator.get("chat.getThreadsList", rid="mods-id")).body["errorType"] == "error-not-allowed"
    scene.world.settings["Threads_enabled"] = False
    refused = await moderator.get("chat.getThreadsList", rid="general-id")
    assert refused.body["error"] == "Threads Disabled [error-not-allowed]"
