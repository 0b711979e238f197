from collections.abc import Callable

import aiohttp
import pytest

from tests.unit.quell_providers.sandbox.rocketchat.scene import Ddp, Rest, Scene, serving

As = Callable[[str | None], Rest]


@pytest.mark.parametrize(
    ("who", "route", "key", "names"),
    [
        ("moderator", "channels.list", "channels", ["announcements", "general", "support"]),
        ("moderator", "channels.list.joined", "channels", ["announcements", "general", "support"]),
        ("moderator", "groups.list", "groups", ["about the stand-up"]),
        ("owner", "groups.list", "groups", ["about the stand-up", "mods"]),
        ("moderator", "im.list", "ims", [None]),
        ("owner", "dm.list", "ims", []),
    ],
)
async def test_rooms_by_type(rest: As, who: str, route: str, key: str, names: list[str | None]) -> None:
    body = (await rest(who).get(route)).body
    assert [room.get("fname") for room in body[key]] == names
    assert (body["count"], body["offset"], body["total"]) == (len(names), 0, len(names))


async def test_who_may_see_no_public_rooms_sees_the_joined_ones(scene: Scene, rest: As) -> None:
    scene.support.members.append(scene.guest)
    assert [room["name"] for room in (await rest("guest").get("channels.list")).body["channels"]] == ["support"]
    scene.guest.roles = set()
    assert (await rest("guest").get("channels.list")).status == 403


async def test_pages(rest: As) -> None:
    moderator = rest("moderator")
    page = (await moderator.get("channels.list", count="1", offset="1")).body
    assert ([room["name"] for room in page["channels"]], page["count"], page["offset"], page["total"]) == (
        ["general"],
        1,
        1,
        3,
    )
    backwards = (await moderator.get("channels.list", sort='{"name":-1}')).body
    assert [room["name"] for room in backwards["channels"]] == ["support", "general", "announcements"]
    for wrong in ("name", '{"name":2}', "[1]"):
        assert (await moderator.get("channels.list", sort=wrong)).body["errorType"] == "error-invalid-sort"


@pytest.mark.parametrize(("count", "shown"), [(None, 50), ("0", 120), ("70", 70), ("110", 100)])
async def test_page_sizes(scene: Scene, rest: As, count: str | None, shown: int) -> None:
    for number in range(120):
        scene.post(str(number))
    params = {"roomId": "general-id"} | ({"count": count} if count else {})
    body = (await rest("admin").get("channels.messages", **params)).body
    assert (body["count"], body["total"]) == (shown, 120)


async def test_messages_hold_replies_and_system_lines_but_nothing_hidden(scene: Scene, rest: As) -> None:
    scene.world.settings["Message_KeepHistory"] = True
    parent = scene.post("parent")
    scene.post("reply", thread_id=parent.id)
    scene.post("", system="uj")
    scene.world.delete(scene.post("hidden"), by="owner-id")
    scene.post("pinned").pinned = True
    admin = rest("admin")
    body = (await admin.get("channels.messages", roomId="general-id")).body
    assert [message["msg"] for message in body["messages"]] == ["pinned", "", "reply", "parent"]
    pinned = (await admin.get("channels.messages", roomId="general-id", pinned="true")).body
    assert [message["msg"] for message in pinned["messages"]] == ["pinned"]
    assert (await rest("owner").get("im.messages", roomId="direct-id")).status == 403
    assert (await rest("guest").get("channels.messages", roomId="general-id")).status == 403


async def test_all_rooms_are_for_administrators(rest: As) -> None:
    refused = await rest("moderator").get("rooms.adminRooms")
    assert (refused.status, refused.body) == (400, {"success": False, "error": "error-not-authorized"})
    admin = rest("admin")
    assert (await admin.get("rooms.adminRooms")).body["total"] == 6
    for params, count in (
        ({"types[]": "p"}, 1),
        ({"types": "d"}, 1),
        ({"types[]": "discussions"}, 1),
        ({"filter": "SUPP"}, 1),
    ):
        assert (await admin.get("rooms.adminRooms", **params)).body["total"] == count


async def test_members(scene: Scene, rest: As) -> None:
    moderator = rest("moderator")
    body = (await moderator.get("channels.members", roomId="general-id")).body
    assert [member["username"] for member in body["members"]] == ["admin", "amara", "moderator", "owner"]
    found = (await moderator.get("channels.members", roomName="general", filter="AMA")).body
    assert [member["username"] for member in found["members"]] == ["amara"]
    for user, expected in (("amara", True), ("guest", False)):
        answer = await moderator.get("rooms.isMember", roomId="general-id", username=user)
        assert answer.body["isMember"] is expected
    for params in ({"roomId": "mods-id", "username": "owner"}, {"roomId": "general-id", "username": "nobody"}):
        assert (await moderator.get("rooms.isMember", **params)).status == 400


async def test_reading_a_room(scene: Scene, rest: As) -> None:
    scene.post()
    moderator = rest("moderator")
    assert (await moderator.get("subscriptions.getOne", roomId="general-id")).body["subscription"]["unread"] > 0
    assert (await moderator.post("subscriptions.read", {"rid": "general-id"})).status == 200
    read = (await moderator.get("subscriptions.getOne", roomId="general-id")).body["subscription"]
    assert (read["unread"], read["alert"], read["ls"]) == (0, False, "2025-10-09T08:53:20.000Z")
    assert (await moderator.get("subscriptions.getOne", roomId="mods-id")).body["subscription"] is None
    refused = await moderator.post("subscriptions.read", {"rid": "mods-id"})
    assert refused.body["errorType"] == "error-invalid-subscription"


async def test_archived_rooms_and_names_that_are_taken(rest: As) -> None:
    admin = rest("admin")
    assert (await admin.post("channels.archive", {"roomId": "general-id"})).status == 200
    assert (await admin.get("rooms.info", roomId="general-id")).body["room"]["archived"] is True
    assert (await admin.post("channels.unarchive", {"roomName": "general"})).status == 200
    assert "archived" not in (await admin.get("rooms.info", roomId="general-id")).body["room"]
    for name, error_type in (("general", "error-duplicate-channel-name"), ("a b", "error-invalid-room-name")):
        assert (await admin.post("channels.create", {"name": name})).body["errorType"] == error_type
    assert (await rest("guest").post("channels.create", {"name": "new"})).status == 403
    direct = await rest("moderator").post("im.create", {"username": "amara"})
    assert direct.body["room"]["rid"] == "direct-id"
    opened = await admin.post("rooms.createDiscussion", {"prid": "general-id", "t_name": "about lunch"})
    message = (await admin.get("channels.messages", roomId="general-id")).body["messages"][0]
    assert (message["t"], message["drid"]) == ("discussion-created", opened.body["discussion"]["_id"])
    assert opened.body["discussion"]["prid"] == "general-id"


async def test_people_come_and_go(scene: Scene, rest: As) -> None:
    admin = rest("admin")
    body = {"email": "new@x.org", "name": "New", "username": "new", "password": "secret"}
    assert (await rest("amara").post("users.create", body)).body["errorType"] == "error-action-not-allowed"
    user = (await admin.post("users.create", body)).body["user"]
    assert (await admin.post("users.create", body)).body["errorType"] == "error-field-unavailable"
    assert (await admin.get("users.info", username="new")).body["user"]["_id"] == user["_id"]
    assert (await rest(None).post("login", {"email": "new@x.org", "password": "secret"})).status == 200
    post = scene.post("spam", by=scene.world.people[user["_id"]])
    assert (await admin.post("users.delete", {"userId": user["_id"]})).status == 200
    assert (await admin.get("users.info", username="new")).status == 400
    assert (await admin.delete(post, asUser=True)).body["error"] == "User not found"
    assert (await admin.delete(post)).status == 200


@pytest.mark.parametrize("path", ["/chat", "chat", "/a/b/"])
async def test_a_server_below_the_root(scene: Scene, http: aiohttp.ClientSession, path: str) -> None:
    post = scene.post()
    async with serving(scene, path=path) as service:
        assert service.url.endswith("/" + path.strip("/"))
        moderator = Rest(service, http, "moderator")
        assert (await moderator.get("/api/info")).status == 200
        assert (await moderator.get("me")).body["avatarUrl"].startswith(f"{service.url}/avatar/")
        async with Ddp(service, http, service.login_as("moderator").auth_token) as client:
            await client.subscribe("stream-notify-room", "general-id/deleteMessage")
            assert (await moderator.delete(post)).status == 200
            assert (await client.receive())["fields"]["args"] == [{"_id": post.id}]
        async with http.get(service.url.removesuffix("/" + path.strip("/")) + "/api/info") as elsewhere:
            assert elsewhere.status == 404
