"""Logging in to Rocket.Chat: by password, with a second factor, and again when the login was ended elsewhere."""

import asyncio

import httpx
import pytest

from quell_providers.refusal import RefusalKind, RefusedError
from quell_providers.rocketchat.provider import RocketChatProvider
from quell_providers.secret import Secret
from tests.contract.following import following
from tests.contract.scene import Scene, heard, opened


def token_of(provider: RocketChatProvider) -> str:
    login = provider._rest._credentials.login
    assert login is not None
    return login.token.reveal()


async def test_a_login_by_password_serves_both_apis_and_is_ended(scene: Scene) -> None:
    provider = scene.open_with_password()
    assert (await provider.login()).id == scene.person("moderator").id
    await heard(scene, provider)
    token = token_of(provider)
    await provider.aclose()
    headers = {"X-User-Id": scene.person("moderator").id, "X-Auth-Token": token}
    async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
        assert (await client.get(f"{scene.service.url}/api/v1/me")).status_code == 401


async def test_a_login_that_was_ended_elsewhere_is_made_anew(scene: Scene) -> None:
    async with opened(scene.open_with_password()) as provider:
        place = scene.room()
        async with following(provider, place.id) as follower:
            await follower.live()
            assert isinstance(provider, RocketChatProvider)
            scene.service.revoke(token_of(provider))
            await follower.live(times=2)
            assert "refused" not in follower.states()
        scene.service.revoke(token_of(provider))
        assert (await provider.login()).id == scene.person("moderator").id


async def test_a_token_that_was_renewed_outside_is_taken_by_both_apis(scene: Scene) -> None:
    token = scene.service.login_as("moderator").auth_token
    async with opened(scene.open(token=Secret(lambda: token))) as provider:
        await heard(scene, provider)
        scene.service.revoke(token)
        for call in (provider.login(), provider.login()):
            with pytest.raises(RefusedError):
                await call
            assert not await provider.renewed()
        token = scene.service.login_as("moderator").auth_token
        assert await provider.renewed()
        assert (await provider.login()).id == scene.person("moderator").id
        await heard(scene, provider)


async def test_a_wrong_password(scene: Scene) -> None:
    async with opened(scene.open_with_password(password="wrong")) as provider:
        with pytest.raises(RefusedError) as refused:
            await provider.login()
        assert refused.value.refusal.kind is RefusalKind.LOGIN
        assert "name and password" in refused.value.refusal.cause
        assert "password" in refused.value.refusal.remedy


@pytest.mark.parametrize(("method", "source"), [("totp", "authenticator app"), ("email", "mailed to you")])
async def test_a_second_factor_is_asked_for_until_it_is_right(scene: Scene, method: str, source: str) -> None:
    assert method in ("totp", "email")
    scene.service.require_second_factor("moderator", "totp" if method == "totp" else "email")
    questions: list[str] = []

    async def ask(question: str) -> str:
        questions.append(question)
        return "000000" if len(questions) == 1 else scene.service.second_factor_code("moderator")

    async with opened(scene.open_with_password()) as provider:
        provider.ask_code = ask
        await asyncio.gather(provider.login(), provider.rooms())
        await heard(scene, provider)
    assert len(questions) == 2
    assert source in questions[0]
    assert scene.service.url in questions[0]
    assert questions[1].startswith("That code is not right.")


@pytest.mark.parametrize("asked", [False, True])
async def test_a_second_factor_that_nobody_gives(scene: Scene, asked: bool) -> None:
    scene.service.require_second_factor("moderator")

    async def silence(question: str) -> str:
        return ""

    async with opened(scene.open_with_password()) as provider:
        provider.ask_code = silence if asked else None
        with pytest.raises(RefusedError) as refused:
            await provider.login()
        assert refused.value.refusal.kind is RefusalKind.LOGIN
        assert "second factor" in refused.value.refusal.cause
        assert "Ignore Two Factor" in refused.value.refusal.remedy
        assert ("in a terminal" in refused.value.refusal.remedy) is not asked
