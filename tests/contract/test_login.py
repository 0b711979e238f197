"""Logging in, and being refused."""

from collections.abc import Callable

import pytest

from quell_providers.provider import Provider
from quell_providers.refusal import RefusalKind, RefusedError
from tests.contract.sides import Side


async def test_login_tells_who_one_is_every_time(moderator: Provider) -> None:
    identity = await moderator.login()
    assert identity.id
    assert identity.name
    assert await moderator.login() == identity


def test_whom_deletions_are_asked_of_is_known_before_any_login(side: Side, moderator: Provider) -> None:
    url = side.sandbox.ivs.endpoint_url if side.service == "ivs" else side.sandbox.rocketchat.url
    assert url == f"http://{moderator.endpoint_host}"


async def test_wrong_credentials_are_refused_with_cause_and_remedy(
    side: Side, opened: Callable[[Provider], Provider]
) -> None:
    provider = opened(side.open_with_wrong_credentials())
    with pytest.raises(RefusedError) as caught:
        await provider.login()
    refusal = caught.value.refusal
    assert refusal.kind is RefusalKind.LOGIN
    assert refusal.detail
    assert refusal.cause
    assert refusal.remedy
    assert "wrong-" not in f"{refusal!r} {caught.value}"


async def test_wrong_credentials_are_refused_everywhere_else_too(
    side: Side, opened: Callable[[Provider], Provider]
) -> None:
    provider = opened(side.open_with_wrong_credentials())
    post = side.posts(side.room)[0]
    for call in (provider.rooms(), provider.history(side.room.id), provider.delete(side.room.id, post.id, None)):
        with pytest.raises(RefusedError) as caught:
            await call
        assert caught.value.refusal.kind is RefusalKind.LOGIN
    assert post.deleted_at is None


async def test_a_service_that_is_not_there_is_unavailable(side: Side, opened: Callable[[Provider], Provider]) -> None:
    provider = opened(side.open_as("moderator"))
    await side.sandbox.ivs.stop()
    await side.sandbox.rocketchat.stop()
    with pytest.raises(RefusedError) as caught:
        await provider.login()
    assert caught.value.refusal.kind is RefusalKind.UNAVAILABLE
    assert caught.value.refusal.cause
