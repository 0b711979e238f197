from collections.abc import Callable

from tests.unit.quell_providers.sandbox.rocketchat.scene import Rest, Scene

As = Callable[[str | None], Rest]


async def test_rooms_are_the_callers_own_of_every_kind(scene: Scene, rest: As) -> None:
    scene.post("older")
    last = scene.post("newest", at=scene.clock.now() + 5)
    body = (await rest("moderator").get("rooms.get")).body
    rooms = {room["_id"]: room for room in body["update"]}
    assert set(rooms) == {"general-id", "support-id", "announcements-id", "direct-id", "about-id"}
    general = rooms["general-id"]
    assert (general["t"], general["name"], general["fname"], general["ro"]) == ("c", "general", "general", False)
    assert (general["msgs"], general["usersCount"], general["u"]["username"]) == (2, 4, "owner")
    assert (general["lm"], general["lastMessage"]["_id"]) == ("2025-10-09T08:53:25.000Z", last.id)
    assert rooms["announcements-id"]["ro"] is True
    assert rooms["direct-id"]["usernames"] == ["moderator", "amara"]
    assert "name" not in rooms["direct-id"]
    discussion = rooms["about-id"]
    assert (discussion["t"], discussion["prid"], discussion["fname"]) == ("p", "general-id", "about the stand-up")
    assert (discussion["name"], body["remove"]) == ("about-id", [])


async def test_subscriptions_tell_names_roles_and_unread(scene: Scene, rest: As) -> None:
    moderator = rest("moderator")
    before = {one["rid"]: one for one in (await moderator.get("subscriptions.get")).body["update"]}
    assert (before["direct-id"]["name"], before["direct-id"]["fname"]) == ("amara", "Amara")
    assert before["general-id"]["roles"] == ["moderator"]
    assert "roles" not in before["announcements-id"]
    parent = scene.post()
    scene.post(by=scene.moderator)
    scene.post(thread_id=parent.id)
    scene.post(system="uj")
    after = {one["rid"]: one for one in (await moderator.get("subscriptions.get")).body["update"]}
    assert after["general-id"]["unread"] - before["general-id"]["unread"] == 1
    assert (after["general-id"]["alert"], after["support-id"]["unread"]) == (True, before["support-id"]["unread"])
    assert after["general-id"]["_id"] == before["general-id"]["_id"]


async def test_only_what_changed_since(scene: Scene, rest: As) -> None:
    scene.clock.advance(10)
    scene.post(place=scene.support)
    for route in ("rooms.get", "subscriptions.get"):
        body = (await rest("moderator").get(route, updatedSince="2025-10-09T08:53:25Z")).body
        assert [one.get("rid", one["_id"]) for one in body["update"]] == ["support-id"]
    wrong = await rest("moderator").get("rooms.get", updatedSince="yesterday")
    assert wrong.body["error"] == (
        'The "updatedSince" query parameter must be a valid date. [error-updatedSince-param-invalid]'
    )
    wrong = await rest("moderator").get("subscriptions.get", updatedSince="yesterday")
    assert (wrong.status, wrong.body["errorType"]) == (400, "error-roomId-param-invalid")


async def test_info_of_one_room(rest: As) -> None:
    moderator = rest("moderator")
    by_name = await moderator.get("rooms.info", roomName="general")
    assert by_name.body["room"]["_id"] == "general-id"
    assert {"name", "fname", "t", "msgs", "usersCount", "u", "ts", "ro", "sysMes", "default", "_updatedAt"} <= set(
        by_name.body["room"]
    )
    discussion = (await moderator.get("rooms.info", roomId="about-id")).body
    assert discussion["parent"]["name"] == "general"
    assert (await moderator.get("rooms.info", roomName="about-id")).body["room"]["fname"] == "about the stand-up"
    for name in ("", "about the stand-up"):
        assert (await moderator.get("rooms.info", roomName=name)).body["errorType"] == "error-room-not-found"
    hidden = await moderator.get("rooms.info", roomId="mods-id")
    assert (hidden.status, hidden.body) == (400, {"success": False, "error": "not-allowed", "errorType": "Not Allowed"})
    absent = await moderator.get("rooms.info", roomId="ivsroom")
    assert (absent.status, absent.body["errorType"]) == (400, "error-room-not-found")
    unnamed = await moderator.get("rooms.info")
    assert unnamed.body == {
        "success": False,
        "errorType": "error-invalid-params",
        "error": "must have required property 'roomId'\n must have required property 'roomName'\n "
        "must match exactly one schema in oneOf",
    }


async def test_what_is_gone_since(scene: Scene, rest: As) -> None:
    admin, moderator = rest("admin"), rest("moderator")
    before = "2025-10-09T08:53:21Z"
    subscription = (await moderator.get("subscriptions.getOne", roomId="support-id")).body["subscription"]
    scene.clock.advance(5)
    await admin.post("channels.kick", {"roomId": "support-id", "userId": "moderator-id"})
    await admin.post("channels.delete", {"roomId": "announcements-id"})
    gone = (await moderator.get("subscriptions.get", updatedSince=before)).body["remove"]
    assert {"_id": subscription["_id"], "_deletedAt": "2025-10-09T08:53:25.000Z"} in gone
    assert len(gone) == 2
    rooms = (await moderator.get("rooms.get", updatedSince=before)).body["remove"]
    assert [room["_id"] for room in rooms] == ["announcements-id"]
    assert (await moderator.get("rooms.get", updatedSince="2025-10-09T08:53:25Z")).body["remove"] == []
