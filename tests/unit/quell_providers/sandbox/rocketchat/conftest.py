from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest

from quell_providers.sandbox.rocketchat.service import RocketChatService
from tests.unit.quell_providers.sandbox.rocketchat.scene import Ddp, Rest, Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
async def service(scene: Scene) -> AsyncIterator[RocketChatService]:
    service = RocketChatService(scene.world)
    await service.start()
    yield service
    await service.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def rest(service: RocketChatService, http: aiohttp.ClientSession) -> Callable[[str | None], Rest]:
    return lambda username: Rest(service, http, username)


@pytest.fixture
def ddp(service: RocketChatService, http: aiohttp.ClientSession) -> Callable[[str | None], Ddp]:
    return lambda username: Ddp(service, http, service.login_as(username).auth_token if username else None)
