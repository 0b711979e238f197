from collections.abc import Callable

import pytest

from quell_providers.sandbox.rocketchat.service import RocketChatService
from tests.unit.quell_providers.sandbox.rocketchat.scene import Rest, Scene

As = Callable[[str | None], Rest]

AMARA = {"roomId": "general-id", "username": "amara"}


async def test_the_muted_can_not_write(scene: Scene, rest: As) -> None:
    moderator, amara = rest("moderator"), rest("amara")
    words = {"message": {"rid": "general-id", "msg": "hello"}}
    assert (await moderator.post("rooms.muteUser", AMARA)).body == {"success": True}
    assert (await moderator.get("rooms.info", roomId="general-id")).body["room"]["muted"] == ["amara"]
    refused = await amara.post("chat.sendMessage", words)
    assert (refused.status, refused.body) == (400, {"success": False, "error": "You_have_been_muted"})
    assert (await moderator.post("rooms.unmuteUser", AMARA)).status == 200
    assert (await amara.post("chat.sendMessage", words)).status == 200
    systems = [post.system for post in scene.world.posts_in("general-id")]
    assert systems == ["user-muted", "user-unmuted", ""]


async def test_unmuting_in_a_read_only_room_lets_somebody_write(scene: Scene, rest: As) -> None:
    words = {"message": {"rid": "announcements-id", "msg": "hello"}}
    amara = rest("amara")
    refused = await amara.post("chat.sendMessage", words)
    assert refused.body["error"] == "You can't send messages because the room is readonly."
    await rest("admin").post("rooms.unmuteUser", {"roomId": "announcements-id", "username": "amara"})
    assert scene.announcements.unmuted == {"amara"}
    sent = await amara.post("chat.sendMessage", words)
    assert (
        await amara.post("chat.delete", {"roomId": "announcements-id", "msgId": sent.body["message"]["_id"]})
    ).status == 200


@pytest.mark.parametrize(
    ("who", "body", "error_type"),
    [
        ("amara", {"roomId": "general-id", "username": "owner"}, "error-not-allowed"),
        ("admin", {"roomId": "unknown", "username": "amara"}, "error-invalid-room"),
        ("admin", {"roomId": "direct-id", "username": "amara"}, "error-invalid-room-type"),
        ("admin", {"roomId": "mods-id", "userId": "amara-id"}, "error-user-not-in-room"),
        ("admin", {"roomId": "general-id", "username": "nobody"}, "error-invalid-user"),
        ("admin", {"roomId": "general-id"}, "invalid-params"),
        ("admin", {"roomId": "general-id", "username": "amara", "reason": "x"}, "invalid-params"),
    ],
)
async def test_refused_muting(rest: As, who: str, body: object, error_type: str) -> None:
    answer = await rest(who).post("rooms.muteUser", body)
    assert (answer.status, answer.body["errorType"]) == (400, error_type)


async def test_kicking(scene: Scene, rest: As) -> None:
    body = {"roomId": "general-id", "userId": "amara-id"}
    assert (await rest("amara").post("channels.kick", {**body, "userId": "owner-id"})).body["errorType"] == (
        "error-not-allowed"
    )
    answer = await rest("moderator").post("channels.kick", body)
    assert (answer.status, answer.body["channel"]["usersCount"]) == (200, 3)
    assert scene.amara not in scene.general.members
    again = await rest("moderator").post("channels.kick", body)
    assert again.body["errorType"] == "error-user-not-in-room"
    owner = await rest("admin").post("channels.kick", {**body, "userId": "owner-id"})
    assert owner.body["errorType"] == "error-you-are-last-owner"
    group = await rest("admin").post("groups.kick", {"roomId": "mods-id", "username": "owner"})
    assert (group.status, [member.username for member in scene.mods.members]) == (200, ["admin"])


async def test_banning(scene: Scene, rest: As) -> None:
    moderator, amara = rest("moderator"), rest("amara")
    assert (await moderator.post("rooms.banUser", AMARA)).body == {"success": True}
    assert (await amara.get("channels.history", roomId="general-id")).status == 403
    listed = await moderator.get("rooms.bannedUsers", roomId="general-id")
    assert [user["username"] for user in listed.body["bannedUsers"]] == ["amara"]
    for body, error in (
        (AMARA, "User is already banned from this room"),
        ({**AMARA, "username": "nobody"}, "User not found"),
        ({**AMARA, "username": "guest"}, "User is not in this room"),
        ({**AMARA, "username": "owner"}, "You are the last owner. Please set new owner before banning the user."),
    ):
        answer = await moderator.post("rooms.banUser", body)
        assert (answer.status, answer.body) == (400, {"success": False, "error": error})
    assert (await rest("owner").post("rooms.banUser", {**AMARA, "roomId": "mods-id"})).body["error"] == "Not allowed"
    assert (await moderator.post("rooms.unbanUser", AMARA)).status == 200
    assert (await moderator.post("rooms.unbanUser", AMARA)).body["error"] == "User is not banned from this room"
    assert (await amara.get("channels.history", roomId="general-id")).status == 200


async def test_who_is_no_longer_active_is_logged_out(rest: As, service: RocketChatService) -> None:
    amara, admin = rest("amara"), rest("admin")
    body = {"userId": "amara-id", "activeStatus": False}
    assert (await rest("moderator").post("users.setActiveStatus", body)).status == 403
    answer = await admin.post("users.setActiveStatus", body)
    assert answer.body == {"user": {"_id": "amara-id", "active": False}, "success": True}
    assert (await amara.get("me")).status == 401
    login = {"user": "amara", "password": service.password_of("amara")}
    refused = await rest(None).post("login", login)
    assert (refused.status, refused.body["error"]) == (401, "error-user-is-not-activated")
    await admin.post("users.setActiveStatus", {**body, "activeStatus": True})
    assert (await rest(None).post("login", login)).status == 200


async def test_roles_in_a_room(rest: As) -> None:
    body = {"roomId": "general-id", "userId": "amara-id"}
    assert (await rest("moderator").post("channels.addModerator", body)).body["errorType"] == "error-not-allowed"
    owner = rest("owner")
    assert (await owner.post("channels.addModerator", body)).status == 200
    moderators = (await owner.get("channels.moderators", roomName="general")).body["moderators"]
    assert [user["username"] for user in moderators] == ["moderator", "amara"]
    assert (await owner.post("channels.removeModerator", body)).status == 200
    roles = (await owner.get("rooms.roles", rid="general-id")).body["roles"]
    assert {entry["u"]["username"]: entry["roles"] for entry in roles} == {
        "moderator": ["moderator"],
        "owner": ["owner"],
    }


async def test_roles_in_the_workspace(scene: Scene, rest: As) -> None:
    admin = rest("admin")
    body = {"username": "amara", "roleId": "admin"}
    refused = await rest("amara").post("roles.addUserToRole", body)
    assert refused.body["errorType"] == "error-action-not-allowed"
    assert (await admin.post("roles.addUserToRole", body)).status == 200
    assert (await rest("amara").get("me")).body["roles"] == ["admin", "user"]
    listed = (await admin.get("roles.getUsersInRole", role="admin")).body["users"]
    assert [user["username"] for user in listed] == ["admin", "amara"]
    assert (await admin.post("roles.removeUserFromRole", body)).status == 200
    assert scene.amara.roles == {"user"}
    assert "moderator" in [role["_id"] for role in (await admin.get("roles.list")).body["roles"]]
