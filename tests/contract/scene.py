"""A running Rocket.Chat server with its people, and providers that log in to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from quell_providers.provider import Provider
from quell_providers.rocketchat.provider import RocketChatProvider
from quell_providers.rocketchat.settings import RocketChatSettings
from quell_providers.sandbox.clock import SystemClock
from quell_providers.sandbox.rocketchat.service import RocketChatService
from quell_providers.sandbox.seeding.populate import populate
from quell_providers.sandbox.world import Person, Place, World
from quell_providers.secret import Secret
from tests.contract.following import following


class Scene:
    """A running server and its people."""

    def __init__(self, world: World, service: RocketChatService) -> None:
        self.world, self.service = world, service

    def open(self, username: str = "moderator", **more: object) -> RocketChatProvider:
        """A provider that has a token."""
        login = self.service.login_as(username)
        table = {"url": self.service.url, "user_id": login.user_id, "token": Secret.of(login.auth_token)}
        return RocketChatProvider(RocketChatSettings(**table | more))  # type: ignore[arg-type]  # checked by the settings

    def open_with_password(self, username: str = "moderator", password: str = "") -> RocketChatProvider:
        """A provider that logs in by name."""
        password = password or self.service.password_of(username)
        return RocketChatProvider(RocketChatSettings(url=self.service.url, user=username, password=Secret.of(password)))

    def room(self, name: str = "general") -> Place:
        """A room by name."""
        return next(place for place in self.world.places_of("rocketchat") if place.name == name)

    def person(self, username: str) -> Person:
        """Somebody by username."""
        return next(person for person in self.world.people.values() if person.username == username)

    async def call(self, route: str, body: dict[str, object], username: str = "admin") -> None:
        """Have somebody else do something."""
        login = self.service.login_as(username)
        headers = {"X-User-Id": login.user_id, "X-Auth-Token": login.auth_token}
        async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
            answer = await client.post(f"{self.service.url}/api/v1/{route}", json=body)
        assert answer.is_success, answer.text


@asynccontextmanager
async def served(version: str = "8.8", path: str = "", limit: int = 1000) -> AsyncIterator[Scene]:
    world = World(1, SystemClock())
    populate(world)
    service = RocketChatService(world, version=version, path=path, limit=(limit, 60.0))
    await service.start()
    try:
        yield Scene(world, service)
    finally:
        await service.stop()


@asynccontextmanager
async def opened(provider: Provider) -> AsyncIterator[Provider]:
    try:
        yield provider
    finally:
        await provider.aclose()


async def heard(scene: Scene, provider: Provider) -> None:
    """Wait until the realtime API took the login as well."""
    async with following(provider, scene.room().id) as follower:
        await follower.live()
