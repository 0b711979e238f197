from collections.abc import Callable

import pytest

from quell_providers.sandbox.rocketchat.service import RocketChatService
from tests.unit.quell_providers.sandbox.rocketchat.scene import Rest, Scene

TOKEN_SECONDS = 90 * 86_400

As = Callable[[str | None], Rest]

REFUSED = {
    "success": False,
    "error": "You must be logged in to do this.",
    "status": "error",
    "message": "You must be logged in to do this.",
}


async def test_a_password_gives_a_token_that_works(service: RocketChatService, rest: As) -> None:
    nobody = rest(None)
    answer = await nobody.post("login", {"user": "moderator", "password": service.password_of("moderator")})
    assert (answer.status, answer.body["status"], answer.body["success"]) == (200, "success", True)
    data = answer.body["data"]
    assert (data["userId"], data["me"]["username"]) == ("moderator-id", "moderator")
    nobody.headers = {"X-User-Id": data["userId"], "X-Auth-Token": data["authToken"]}
    me = (await nobody.get("me")).body
    assert (me["_id"], me["name"], me["roles"], me["success"]) == ("moderator-id", "Moderator", ["user"], True)
    resumed = await rest(None).post("login", {"resume": data["authToken"]})
    assert resumed.body["data"]["authToken"] == data["authToken"]


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        ({"user": "nobody", "password": "x"}, "Unauthorized", "Unauthorized"),
        ({"username": "amara", "password": "x"}, 403, "Incorrect password"),
        ({}, "Unauthorized", "Unauthorized"),
        ({"resume": "stale"}, 403, "You've been logged out by the server. Please log in again."),
    ],
)
async def test_refused_logins(rest: As, body: object, error: object, message: str) -> None:
    answer = await rest(None).post("login", body)
    assert answer.status == 401
    assert answer.body == {"success": False, "status": "error", "error": error, "message": message}


@pytest.mark.parametrize("wrong", [{}, {"X-User-Id": "amara-id"}, {"X-Auth-Token": "stale"}, {"X-User-Id": ""}])
async def test_both_headers_must_belong_together(rest: As, wrong: dict[str, str]) -> None:
    caller = rest("moderator")
    caller.headers = {**caller.headers, **wrong} if wrong else {}
    answer = await caller.get("me")
    assert (answer.status, answer.body) == (401, REFUSED)


async def test_a_token_expires(scene: Scene, rest: As) -> None:
    moderator = rest("moderator")
    scene.clock.advance(TOKEN_SECONDS - 1)
    assert (await moderator.get("me")).status == 200
    scene.clock.advance(1)
    assert (await moderator.get("me")).body == REFUSED


def test_tokens_and_passwords_are_fresh_and_unseen(scene: Scene, service: RocketChatService) -> None:
    first, second = service.login_as("amara"), service.login_as("amara")
    assert first.user_id == second.user_id == "amara-id"
    assert first.auth_token != second.auth_token
    assert first.auth_token not in repr(first)
    assert service.password_of("amara") != RocketChatService(scene.world).password_of("amara")
    with pytest.raises(KeyError, match="'nobody'"):
        service.login_as("nobody")
