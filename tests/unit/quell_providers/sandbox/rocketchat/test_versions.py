from typing import Any

import aiohttp
import pytest

from quell_providers.sandbox.rocketchat.catalogue import routes_of
from quell_providers.sandbox.rocketchat.versions import Feature, Version, parse_version
from tests.unit.quell_providers.sandbox.rocketchat.scene import Ddp, Rest, Scene, serving

ALL = ("6.3", "6.13", "7.0", "7.13", "8.0", "8.6", "8.8")


@pytest.mark.parametrize(
    ("text", "full"), [("8.8", "8.8.1"), ("8", "8.8.1"), ("7", "7.13.9"), ("6", "6.13.1"), ("6.3", "6.3.0")]
)
def test_versions_are_written_in_full(text: str, full: str) -> None:
    assert parse_version(text).full == full


@pytest.mark.parametrize("text", ["", "6.2", "8.9", "9", "5.4", "eight", "8.x", "7.14"])
def test_other_versions_are_not_played(text: str) -> None:
    with pytest.raises(ValueError, match=f"'{text}'"):
        parse_version(text)


def test_every_feature_tells_some_versions_from_others() -> None:
    versions = [parse_version(text) for text in ALL]
    for feature in Feature:
        assert len({version.has(feature) for version in versions}) == 2, feature


@pytest.mark.parametrize("text", ALL)
def test_no_route_is_there_twice(text: str) -> None:
    keys = [(route.method, route.path) for route in routes_of(parse_version(text))]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("version", ALL)
async def test_the_version_is_told(scene: Scene, http: aiohttp.ClientSession, version: str) -> None:
    async with serving(scene, version=version) as service:
        assert (await Rest(service, http, None).get("/api/info")).body["version"] == version


MISSING = (
    "must have required property 'msgId'",
    "must have required property 'fileId'",
    "must match a schema in anyOf",
)


@pytest.mark.parametrize(
    ("version", "error"),
    [
        ("6.13", f"{MISSING[0]} [invalid-params]"),
        ("7.13", f"{MISSING[0]} [invalid-params]"),
        ("8.0", f"{MISSING[0]} [invalid-params]"),
        ("8.6", "\n ".join(MISSING)),
        ("8.8", "\n ".join(MISSING)),
    ],
)
async def test_invalid_bodies(scene: Scene, http: aiohttp.ClientSession, version: str, error: str) -> None:
    async with serving(scene, version=version) as service:
        answer = await Rest(service, http, "moderator").post("chat.delete", {"roomId": "general-id"})
        assert (answer.status, answer.body["error"], answer.body["errorType"]) == (400, error, "invalid-params")
        limited_first = not Version(*map(int, version.split("."))).has(Feature.TYPED_ROUTES)
        assert ("X-RateLimit-Remaining" in answer.headers) is limited_first


@pytest.mark.parametrize(("version", "status"), [("6.13", 400), ("8.0", 400), ("8.6", 200)])
async def test_deleting_by_file(scene: Scene, http: aiohttp.ClientSession, version: str, status: int) -> None:
    post = scene.post(files=("plan.pdf",))
    async with serving(scene, version=version) as service:
        admin = Rest(service, http, "admin")
        file_id = (await admin.get("chat.getMessage", msgId=post.id)).body["message"]["file"]["_id"]
        assert (await admin.post("chat.delete", {"fileId": file_id})).status == status


@pytest.mark.parametrize(("version", "status"), [("6.13", 200), ("8.0", 200), ("8.6", 400)])
async def test_deleting_where_one_has_no_access(
    scene: Scene, http: aiohttp.ClientSession, version: str, status: int
) -> None:
    post = scene.post(place=scene.mods, by=scene.moderator)
    async with serving(scene, version=version) as service:
        assert (await Rest(service, http, "moderator").delete(post)).status == status


@pytest.mark.parametrize(("version", "status"), [("6.13", 400), ("7.0", 200), ("8.8", 200)])
async def test_the_time_limit_and_roles_of_the_room(
    scene: Scene, http: aiohttp.ClientSession, version: str, status: int
) -> None:
    scene.world.settings["Message_AllowDeleting_BlockDeleteInMinutes"] = 10
    async with serving(scene, version=version) as service:
        service.grants["bypass-time-limit-edit-and-delete"].add("moderator")
        post = scene.post()
        scene.clock.advance(3600)
        assert (await Rest(service, http, "moderator").delete(post)).status == status


@pytest.mark.parametrize(("version", "author", "status"), [("6.13", "admin", 200), ("8.8", "admin", 400)])
async def test_whose_right_to_write_decides_in_read_only_rooms(
    scene: Scene, http: aiohttp.ClientSession, version: str, author: str, status: int
) -> None:
    scene.announcements.unmuted.add(author)
    scene.announcements.roles = {scene.owner.id: {"leader"}}
    post = scene.post(place=scene.announcements, by=scene.admin)
    async with serving(scene, version=version) as service:
        service.grants["delete-message"].add("leader")
        assert (await Rest(service, http, "owner").delete(post)).status == status


@pytest.mark.parametrize(
    ("version", "params", "count"),
    [
        ("6.13", {"_id": "Message_KeepHistory"}, None),
        ("6.13", {"query": '{"_id":{"$in":["Message_KeepHistory","Message_AllowDeleting"]}}'}, 2),
        ("6.13", {"query": '{"_id":"Message_KeepHistory"}'}, 1),
        ("7.0", {"_id": "Message_KeepHistory"}, 1),
        ("8.8", {"_id": "Message_KeepHistory,Message_AllowDeleting"}, 2),
        ("8.8", {"query": '{"_id":"Message_KeepHistory"}', "count": "3"}, 3),
    ],
)
async def test_choosing_settings(
    scene: Scene, http: aiohttp.ClientSession, version: str, params: dict[str, str], count: int | None
) -> None:
    async with serving(scene, version=version) as service:
        answer = await Rest(service, http, None).get("settings.public", **params)
        assert answer.status == (400 if count is None else 200)
        assert count is None or answer.body["count"] == count


@pytest.mark.parametrize(
    ("version", "route", "status"),
    [
        ("7.13", "rooms.bannedUsers", 404),
        ("8.8", "rooms.bannedUsers", 200),
        ("7.13", "rooms.roles", 404),
        ("8.0", "rooms.roles", 200),
    ],
)
async def test_routes_that_came_later(
    scene: Scene, http: aiohttp.ClientSession, version: str, route: str, status: int
) -> None:
    async with serving(scene, version=version) as service:
        admin = Rest(service, http, "admin")
        name = "rid" if route == "rooms.roles" else "roomId"
        url = f"{service.url}/api/v1/{route}"
        async with http.get(url, params={name: "general-id"}, headers=admin.headers) as response:
            assert response.status == status


@pytest.mark.parametrize("version", ["6.13", "7.0"])
async def test_deleting_over_ddp(scene: Scene, http: aiohttp.ClientSession, version: str) -> None:
    post, foreign = scene.post(by=scene.moderator), scene.post(place=scene.announcements)
    async with (
        serving(scene, version=version) as service,
        Ddp(service, http, service.login_as("moderator").auth_token) as client,
    ):
        answer: dict[str, Any] = await client.call("deleteMessage", {"_id": post.id})
        if version == "7.0":
            assert answer["error"]["error"] == 404
            return
        assert (answer, post.deleted_by) == ({"msg": "result", "id": "call"}, "moderator-id")
        for refused in (foreign.id, "unknown"):
            error = (await client.call("deleteMessage", {"_id": refused}))["error"]
            assert error["error"] == "error-action-not-allowed"


@pytest.mark.parametrize(("version", "answer"), [("7.13", "nosub"), ("8.0", "ready")])
async def test_who_may_hear_of_deletions(scene: Scene, http: aiohttp.ClientSession, version: str, answer: str) -> None:
    scene.general.members.remove(scene.moderator)
    async with (
        serving(scene, version=version) as service,
        Ddp(service, http, service.login_as("moderator").auth_token) as client,
    ):
        assert (await client.subscribe("stream-notify-room", "general-id/deleteMessage"))["msg"] == answer


@pytest.mark.parametrize("version", ["7.0", "8.8"])
async def test_wrong_dates_of_deleted_messages(scene: Scene, http: aiohttp.ClientSession, version: str) -> None:
    async with serving(scene, version=version) as service:
        answer = await Rest(service, http, "admin").get("chat.getDeletedMessages", roomId="general-id", since="x")
        old = 'The "since" query parameter must be a valid date.'
        assert answer.body["errorType"] == (old if version == "7.0" else "error-invalid-params")
