from collections.abc import Callable

import pytest

from quell_providers.sandbox.rocketchat.service import RocketChatService
from tests.unit.quell_providers.sandbox.rocketchat.scene import Rest, Scene

As = Callable[[str | None], Rest]


@pytest.mark.parametrize("path", ["/api/info", "/api/v1/info"])
@pytest.mark.parametrize(("username", "version"), [(None, "8.8"), ("moderator", "8.8"), ("admin", "8.8.1")])
async def test_the_version_is_exact_only_for_admins(rest: As, path: str, username: str | None, version: str) -> None:
    answer = await rest(username).get(path)
    assert (answer.status, answer.body["version"], answer.body["success"]) == (200, version, True)


async def test_permissions_follow_the_grants(service: RocketChatService, rest: As) -> None:
    service.grants["delete-message"].add("user")
    body = (await rest("guest").get("permissions.listAll")).body
    roles = {permission["_id"]: permission["roles"] for permission in body["update"]}
    assert roles["delete-message"] == ["admin", "moderator", "owner", "user"]
    assert roles["force-delete-message"] == ["admin", "owner"]
    assert roles["bypass-time-limit-edit-and-delete"] == ["app", "bot"]
    assert body["remove"] == []


async def test_public_settings_need_no_login_and_can_be_chosen(scene: Scene, rest: As) -> None:
    scene.world.settings["Message_AllowDeleting_BlockDeleteInMinutes"] = 10
    wanted = "Message_KeepHistory, Message_AllowDeleting_BlockDeleteInMinutes,Unknown"
    body = (await rest(None).get("settings.public", _id=wanted)).body
    assert {setting["_id"]: setting["value"] for setting in body["settings"]} == {
        "Message_AllowDeleting_BlockDeleteInMinutes": 10,
        "Message_KeepHistory": False,
    }
    assert (body["count"], body["offset"], body["total"], body["success"]) == (2, 0, 2, True)
    everything = [setting["_id"] for setting in (await rest(None).get("settings.public")).body["settings"]]
    assert "Message_ShowDeletedStatus" in everything
    assert "API_Upper_Count_Limit" not in everything
    refused = await rest(None).get("settings.public", secret="x")
    assert (refused.status, refused.body["errorType"]) == (400, "error-invalid-params")


async def test_answers_are_dated_by_the_sandboxs_own_clock(rest: As) -> None:
    assert (await rest(None).get("info")).headers["Date"] == "Thu, 09 Oct 2025 08:53:20 GMT"
