"""A sandbox, and one of its services at a time."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from quell_providers.provider import Provider
from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.sandbox import Sandbox, SandboxOptions
from tests.contract.scene import Scene, served
from tests.contract.sides import IvsSide, RocketChatSide, Side

SIDES: dict[str, type[Side]] = {"ivs": IvsSide, "rocketchat": RocketChatSide}
TIGHT = 4
"""Deletions that the `tight` sandbox allows before it says no."""


@pytest.fixture(params=list(SIDES))
async def side(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Side]:
    """A service where nothing happens by itself and no limit is in the way."""
    async with Sandbox(SandboxOptions(rate=0, ivs_tps=1000, rocketchat_limit=(1000, 60.0))) as sandbox:
        yield SIDES[request.param](sandbox, tmp_path)


@pytest.fixture(params=list(SIDES))
async def tight(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Side]:
    """A service with a small limit, whose time stands still."""
    options = SandboxOptions(rate=0, ivs_tps=TIGHT, rocketchat_limit=(TIGHT, 60.0), clock=ManualClock(1_767_258_000.0))
    async with Sandbox(options) as sandbox:
        yield SIDES[request.param](sandbox, tmp_path)


@pytest.fixture
async def opened() -> AsyncIterator[Callable[[Provider], Provider]]:
    """Closes the providers it is given when the test is over."""
    providers: list[Provider] = []

    def keep(provider: Provider) -> Provider:
        providers.append(provider)
        return provider

    yield keep
    for provider in providers:
        await provider.aclose()


@pytest.fixture
def moderator(side: Side, opened: Callable[[Provider], Provider]) -> Provider:
    """The demo's moderator."""
    return opened(side.open_as("moderator"))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """A Rocket.Chat server of its own."""
    async with served() as one:
        yield one
