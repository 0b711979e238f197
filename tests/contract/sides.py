"""The two services of a sandbox, each with what a test of the contract needs to know about it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from quell_providers import ivs, rocketchat
from quell_providers.provider import Provider
from quell_providers.refusal import RefusalKind
from quell_providers.rocketchat.settings import RocketChatSettings
from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.sandbox import Sandbox
from quell_providers.sandbox.world import Place, Post, Service
from quell_providers.secret import Secret


class Side(ABC):
    """One service of a running sandbox."""

    service: ClassVar[Service]
    room_name: ClassVar[str]
    """A room with a long history, in which the moderator may delete."""
    barred_name: ClassVar[str]
    """A room in which the moderator may read, but not delete."""
    private_name: ClassVar[str]
    """A room that `stranger` may not follow."""
    empty_name: ClassVar[str]
    """A room in which nothing was said yet."""
    unknown_message: ClassVar[RefusalKind | None]
    """What a deletion of a message that never was is answered with; `None`: success."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.world = sandbox.world
        self.folder = folder

    @abstractmethod
    def open_as(self, role: str) -> Provider:
        """A provider for `moderator`, `admin`, or `stranger`, who may not follow `private_name`."""

    @abstractmethod
    def open_with_wrong_credentials(self) -> Provider:
        """A provider that will be refused."""

    @abstractmethod
    async def drop_connections(self) -> None:
        """Cut every live connection abruptly."""

    @abstractmethod
    def readable(self) -> Sequence[Place]:
        """The rooms that the moderator may read."""

    @property
    def unknown_id(self) -> str:
        """An id in the service's form that nothing has."""
        return "Q" * len(self.room.id)

    @property
    def room(self) -> Place:
        return self._named(self.room_name)

    @property
    def barred(self) -> Place:
        return self._named(self.barred_name)

    @property
    def private(self) -> Place:
        return self._named(self.private_name)

    @property
    def empty(self) -> Place:
        return self._named(self.empty_name)

    def say(self, text: str, place: Place | None = None) -> Post:
        """Let an ordinary member of a room write."""
        place = place or self.room
        return self.world.post(place, place.members[-1], text)

    def pass_time(self, seconds: float) -> None:
        """Set the sandbox's clock forward, where it is a clock that stands still."""
        clock = self.world.clock
        assert isinstance(clock, ManualClock)
        clock.advance(seconds)

    def posts(self, place: Place) -> list[Post]:
        """The room's messages that were not deleted, oldest first."""
        return [post for post in self.world.posts_in(place.id) if post.deleted_at is None]

    def _named(self, name: str) -> Place:
        return next(place for place in self.world.places_of(self.service) if place.name == name)


class IvsSide(Side):
    service = "ivs"
    room_name = "finals"
    barred_name = "backstage"
    private_name = "finals"
    empty_name = "afterparty"
    unknown_message = None

    _keys: ClassVar = {"moderator": "moderator", "admin": "admin", "stranger": "listener"}

    def open_as(self, role: str) -> Provider:
        key = self.sandbox.ivs.keys[self._keys[role]]
        return self._open(key.access_key_id, key.secret_access_key)

    def open_with_wrong_credentials(self) -> Provider:
        return self._open(self.sandbox.ivs.keys["moderator"].access_key_id, "wrong-secret")

    async def drop_connections(self) -> None:
        await self.sandbox.ivs.drop_connections()

    def readable(self) -> Sequence[Place]:
        return self.world.places_of("ivs")

    def _open(self, key_id: str, secret: str) -> Provider:
        file = self.folder / f"{key_id}.aws"
        file.write_text(f"[sandbox]\naws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n")
        service = self.sandbox.ivs
        table = {
            "region": service.region,
            "profile": "sandbox",
            "credentials_file": file,
            "endpoint_url": service.endpoint_url,
            "messaging_url": service.messaging_url,
            "logs_endpoint_url": service.endpoint_url,
        }
        return ivs.plugin.open(ivs.plugin.settings(**table))


class RocketChatSide(Side):
    service = "rocketchat"
    room_name = "general"
    barred_name = "random"
    private_name = "mods"
    empty_name = "suggestions"
    unknown_message = RefusalKind.NOT_FOUND

    def open_as(self, role: str) -> Provider:
        login = self.sandbox.rocketchat.login_as(self._stranger() if role == "stranger" else role)
        return self._open(login.user_id, login.auth_token)

    def open_with_wrong_credentials(self) -> Provider:
        return self._open(self.sandbox.rocketchat.login_as("moderator").user_id, "wrong-token")

    async def drop_connections(self) -> None:
        await self.sandbox.rocketchat.drop_connections()

    def readable(self) -> Sequence[Place]:
        return [
            place
            for place in self.world.places_of("rocketchat")
            if any(member.username == "moderator" for member in place.members)
        ]

    def _stranger(self) -> str:
        return next(person.username for person in self.room.members if person not in self.private.members)

    def _open(self, user_id: str, token: str) -> Provider:
        url = self.sandbox.rocketchat.url
        return rocketchat.plugin.open(RocketChatSettings(url=url, user_id=user_id, token=Secret.of(token)))
