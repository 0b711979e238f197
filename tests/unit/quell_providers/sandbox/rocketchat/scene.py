"""A small Rocket.Chat world, and clients for both of its protocols."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.rocketchat.service import RocketChatService
from quell_providers.sandbox.world import Person, Place, Post, World

NOW = 1_760_000_000.0
"""2025-10-09T08:53:20Z."""

Json = dict[str, Any]


class Scene:
    """Five people and six rooms; `moderator` moderates in all of them but `announcements` and `mods`."""

    def __init__(self) -> None:
        self.clock = ManualClock(NOW)
        self.world = World(7, self.clock)
        self.admin = self._person("admin", {"admin"})
        self.moderator = self._person("moderator", {"user"})
        self.amara = self._person("amara", {"user"})
        self.owner = self._person("owner", {"user"})
        self.guest = self._person("guest", {"guest"})
        everybody = [self.admin, self.moderator, self.amara, self.owner]
        self.general = self._place("general", "c", everybody)
        self.support = self._place("support", "c", everybody)
        self.announcements = self._place("announcements", "c", everybody, read_only=True)
        self.mods = self._place("mods", "p", [self.admin, self.owner])
        self.direct = self._place("", "d", [self.moderator, self.amara])
        self.discussion = self._place("about the stand-up", "discussion", everybody, parent_id=self.general.id)
        for place in (self.general, self.support, self.discussion):
            place.roles = {self.moderator.id: {"moderator"}, self.owner.id: {"owner"}}
        self.finals = self.world.add_place(Place(id="ivsroom", service="ivs", name="finals", kind="room"))

    def post(self, text: str = "hello", *, place: Place | None = None, by: Person | None = None, **more: Any) -> Post:
        return self.world.post(place or self.general, by or self.amara, text, **more)

    def _person(self, username: str, roles: set[str]) -> Person:
        name = username.title()
        return self.world.add_person(Person(f"{username}-id", username, name, roles))

    def _place(self, name: str, kind: str, members: list[Person], **more: Any) -> Place:
        place_id = f"{name.split(' ')[0] or 'direct'}-id"
        place = Place(
            id=place_id,
            service="rocketchat",
            name=name,
            kind=kind,
            members=list(members),
            created_at=NOW - 9999,
            **more,
        )
        return self.world.add_place(place)


@dataclass
class Answer:
    status: int
    headers: Any
    body: Json


class Rest:
    """Calls the API as one person, or as nobody."""

    def __init__(self, service: RocketChatService, http: aiohttp.ClientSession, username: str | None) -> None:
        self.service = service
        self.http = http
        self.headers: dict[str, str] = {}
        if username is not None:
            login = service.login_as(username)
            self.headers = {"X-User-Id": login.user_id, "X-Auth-Token": login.auth_token}

    async def get(self, path: str, **params: str) -> Answer:
        url = self.service.url + (path if path.startswith("/") else f"/api/v1/{path}")
        async with self.http.get(url, params=params, headers=self.headers) as response:
            return Answer(response.status, response.headers, await response.json())

    async def post(self, path: str, body: object) -> Answer:
        url = f"{self.service.url}/api/v1/{path}"
        async with self.http.post(url, json=body, headers=self.headers) as response:
            return Answer(response.status, response.headers, await response.json())

    async def delete(self, post: Post, **more: object) -> Answer:
        return await self.post("chat.delete", {"roomId": post.place.id, "msgId": post.id, **more})


@asynccontextmanager
async def serving(scene: Scene, **options: Any) -> AsyncIterator[RocketChatService]:
    """A service of its own, for other options than the usual ones."""
    service = RocketChatService(scene.world, **options)
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


class Ddp:
    """One DDP socket: connected and, with a token, logged in."""

    def __init__(self, service: RocketChatService, http: aiohttp.ClientSession, token: str | None = None) -> None:
        self._url = service.url.replace("http", "ws") + "/websocket"
        self._http = http
        self._token = token

    async def __aenter__(self) -> Self:
        self.socket = await self._http.ws_connect(self._url)
        assert await self.receive() == {"server_id": "0"}
        await self.send(msg="connect", version="1", support=["1", "pre2", "pre1"])
        assert (await self.receive())["msg"] == "connected"
        if self._token is not None:
            await self.send(msg="method", method="login", id="login", params=[{"resume": self._token}])
            assert [(await self.receive())["msg"] for _ in range(3)] == ["added", "result", "updated"]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()

    async def send(self, **frame: object) -> None:
        await self.socket.send_str(json.dumps(frame))

    async def receive(self) -> Json:
        async with asyncio.timeout(5):
            frame: Json = await self.socket.receive_json()
            return frame

    async def call(self, method: str, *params: object) -> Json:
        """Returns the `result`; the `updated` that follows it is taken too."""
        await self.send(msg="method", method=method, id="call", params=list(params))
        answer = await self.receive()
        assert await self.receive() == {"msg": "updated", "methods": ["call"]}
        return answer

    async def subscribe(self, stream: str, event: str, subscription_id: str = "sub") -> Json:
        """Returns the `ready` or `nosub` that answers."""
        options = {"useCollection": False, "args": []}
        await self.send(msg="sub", id=subscription_id, name=stream, params=[event, options])
        return await self.receive()

    async def nothing_more(self) -> bool:
        """Whether everything that was sent has been received: the answer to a ping comes next."""
        await self.send(msg="ping", id="fence")
        return await self.receive() == {"msg": "pong", "id": "fence"}
