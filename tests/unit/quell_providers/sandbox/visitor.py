"""A whole sandbox in which nothing happens by itself, and short ways to call both of its services."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.sandbox import Sandbox, SandboxOptions
from quell_providers.sandbox.world import Place, Post
from tests.unit.quell_providers.sandbox.rocketchat.scene import Ddp, Rest

NOW = 1_760_000_000.0
PATIENCE = 10.0


class Visitor:
    """Somebody who calls a running sandbox."""

    def __init__(self, sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.http = http

    def place(self, name: str) -> Place:
        return next(place for place in self.sandbox.world.places.values() if place.name == name)

    def say(self, room: str, text: str = "hello") -> Post:
        """Let a member of a room write."""
        return self.sandbox.post(self.place(room), self.place(room).members[-1], text)

    def pass_time(self, seconds: float) -> None:
        clock = self.sandbox.world.clock
        assert isinstance(clock, ManualClock)
        clock.advance(seconds)

    def rest(self, username: str | None = "moderator") -> Rest:
        return Rest(self.sandbox.rocketchat, self.http, username)

    def ddp(self, username: str = "moderator") -> Ddp:
        return Ddp(self.sandbox.rocketchat, self.http, self.sandbox.rocketchat.login_as(username).auth_token)

    async def ivs(self, operation: str, *, role: str = "moderator", **body: Any) -> aiohttp.ClientResponse:
        """One signed call of the control plane; its whole body was read."""
        key = self.sandbox.ivs.keys[role]
        url = f"{self.sandbox.ivs.endpoint_url}/{operation}"
        data = json.dumps(body)
        request = AWSRequest("POST", url, {"Content-Type": "application/json"}, data)
        credentials = Credentials(key.access_key_id, key.secret_access_key)
        SigV4Auth(credentials, "ivschat", self.sandbox.ivs.region).add_auth(request)
        async with self.http.post(url, data=data, headers=dict(request.headers)) as response:
            await response.read()
            return response

    async def delete_live(self, post: Post, **more: Any) -> aiohttp.ClientResponse:
        return await self.ivs("DeleteMessage", roomIdentifier=names.room_arn(post.place.id), id=post.id, **more)

    async def token(self, room: str, **more: Any) -> str:
        arn = names.room_arn(self.place(room).id)
        answer = await self.ivs("CreateChatToken", roomIdentifier=arn, userId="visitor", **more)
        return str((await answer.json())["token"])

    async def live(self, room: str, **more: Any) -> aiohttp.ClientWebSocketResponse:
        """A messaging socket in a room."""
        token = await self.token(room, **more)
        return await self.http.ws_connect(self.sandbox.ivs.messaging_url, protocols=[token], max_msg_size=0)


@asynccontextmanager
async def visiting(**options: Any) -> AsyncIterator[Visitor]:
    """A visitor of a new sandbox."""
    chosen = {"rate": 0.0, "clock": ManualClock(NOW), "rocketchat_limit": (0, 0.0), **options}
    async with Sandbox(SandboxOptions(**chosen)) as sandbox, aiohttp.ClientSession() as http:
        yield Visitor(sandbox, http)


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - a condition over things that tell nobody
            await asyncio.sleep(0.005)
