import hashlib
from collections.abc import Callable

import pytest

from quell_providers.sandbox.rocketchat.second_factor import Method
from quell_providers.sandbox.rocketchat.service import RocketChatService
from tests.unit.quell_providers.sandbox.rocketchat.scene import Ddp, Json, Rest, Scene

As = Callable[[str | None], Rest]


def body(service: RocketChatService, **more: str) -> Json:
    return {"user": "amara", "password": service.password_of("amara"), **more}


async def test_a_code_from_an_app(scene: Scene, service: RocketChatService, rest: As) -> None:
    service.require_second_factor("amara")
    refused = await rest(None).post("login", body(service))
    assert (refused.status, refused.body) == (
        401,
        {
            "success": False,
            "status": "error",
            "error": "totp-required",
            "message": "TOTP Required",
            "details": {"method": "totp", "codeGenerated": False, "availableMethods": ["totp"]},
        },
    )
    wrong = await rest(None).post("login", body(service, code="000000x"))
    assert (wrong.status, wrong.body["error"], wrong.body["message"]) == (401, "totp-invalid", "TOTP Invalid")
    code = service.second_factor_code("amara")
    assert (await rest(None).post("login", body(service, code=code))).status == 200
    scene.clock.advance(30)
    in_header = rest(None)
    in_header.headers = {"x-2fa-code": code}
    assert (await in_header.post("login", body(service))).status == 200
    scene.clock.advance(60)
    assert (await rest(None).post("login", body(service, code=code))).body["error"] == "totp-invalid"


async def test_a_code_by_mail_is_good_once(service: RocketChatService, rest: As) -> None:
    service.require_second_factor("amara", "email")
    first = (await rest(None).post("login", body(service))).body["details"]
    assert (first["method"], first["codeGenerated"], first["emailOrUsername"]) == ("email", True, "amara")
    assert (await rest(None).post("login", body(service))).body["details"]["codeGenerated"] is False
    code = service.second_factor_code("amara")
    assert (await rest(None).post("login", body(service, code=code))).status == 200
    assert (await rest(None).post("login", body(service, code=code))).body["error"] == "totp-invalid"
    errors = [(await rest(None).post("login", body(service, code="x"))).body["error"] for _ in range(4)]
    assert errors == ["totp-invalid"] * 3 + ["totp-max-attempts"]


async def test_nobody_needs_one_where_the_setting_is_off(service: RocketChatService, rest: As) -> None:
    service.require_second_factor("amara")
    service.set_setting("Accounts_TwoFactorAuthentication_Enabled", False)
    assert (await rest(None).post("login", body(service))).status == 200


async def test_over_ddp(service: RocketChatService, ddp: Callable[[str | None], Ddp]) -> None:
    service.require_second_factor("amara")
    digest = hashlib.sha256(service.password_of("amara").encode()).hexdigest()
    login = {"user": {"username": "amara"}, "password": {"digest": digest, "algorithm": "sha-256"}}
    async with ddp(None) as client:
        error = (await client.call("login", login))["error"]
        assert (error["error"], error["reason"]) == ("totp-required", "TOTP Required")
        assert error["details"]["availableMethods"] == ["totp"]
        code = service.second_factor_code("amara")
        await client.send(msg="method", method="login", id="2", params=[{"totp": {"code": code, "login": login}}])
        assert [(await client.receive())["msg"] for _ in range(3)] == ["added", "result", "updated"]


@pytest.mark.parametrize("method", ["totp", "email"])
async def test_actions_that_ask_for_it_again(service: RocketChatService, rest: As, method: Method) -> None:
    service.require_second_factor("admin", method)
    admin = rest("admin")
    refused = await admin.post("users.generatePersonalAccessToken", {"tokenName": "console"})
    assert (refused.status, refused.body["errorType"]) == (400, "totp-required")
    assert refused.body["error"] == "TOTP Required [totp-required]"
    assert refused.body["details"]["method"] == method
    admin.headers |= {"x-2fa-code": service.second_factor_code("admin"), "x-2fa-method": method}
    made = await admin.post("users.generatePersonalAccessToken", {"tokenName": "console", "bypassTwoFactor": True})
    assert made.status == 200
    admin.headers = {"X-User-Id": "admin-id", "X-Auth-Token": made.body["token"]}
    assert (await admin.post("settings/Message_KeepHistory", {"value": True})).status == 200


async def test_personal_access_tokens_never_expire(
    scene: Scene, rest: As, service: RocketChatService, ddp: Callable[[str | None], Ddp]
) -> None:
    moderator = rest("moderator")
    token = (await moderator.post("users.generatePersonalAccessToken", {"tokenName": "console"})).body["token"]
    again = await moderator.post("users.generatePersonalAccessToken", {"tokenName": "console"})
    assert again.body["errorType"] == "error-token-already-exists"
    scene.clock.advance(400 * 86_400)
    assert (await moderator.get("me")).status == 401
    moderator.headers["X-Auth-Token"] = token
    assert (await moderator.get("me")).status == 200
    async with ddp(None) as client:
        await client.send(msg="method", method="login", id="1", params=[{"resume": token}])
        await client.receive()
        assert (await client.receive())["result"]["tokenExpires"] == {"$date": None}
