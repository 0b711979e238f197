"""Stand-ins for a Rocket.Chat server: REST answers without a network, and a scripted realtime API on loopback."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx
import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from quell_providers.rocketchat import RocketChatSettings
from quell_providers.rocketchat.budget import Budget
from quell_providers.rocketchat.credentials import Credentials, TokenCredentials
from quell_providers.rocketchat.network import tls_context
from quell_providers.rocketchat.rest import Rest
from quell_providers.secret import Secret

TOKEN = "s3cret-t0ken-of-the-tests"
USER_ID = "mod1"
ROOM_ID = "GENERAL"


def settings(url: str = "http://127.0.0.1:1") -> RocketChatSettings:
    return RocketChatSettings(url=url, user_id=USER_ID, token=Secret.of(TOKEN))


def credentials() -> TokenCredentials:
    return TokenCredentials(USER_ID, Secret.of(TOKEN))


class RestServer:
    """Answers REST calls by route; `answers` may be changed at any time."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.set("info", {"version": "8.8", "success": True})
        self.requests: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self._answer)

    def set(self, route: str, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers[route] = lambda: httpx.Response(status, content=content, headers=headers)

    def fail(self, route: str, error: Exception) -> None:
        def raise_it() -> httpx.Response:
            raise error

        self.answers[route] = raise_it

    @property
    def calls(self) -> Counter[str]:
        return Counter(request.url.path.rpartition("/")[2] for request in self.requests)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer: httpx.Response = self.answers[request.url.path.rpartition("/")[2]]()
        return answer


def rest_client(
    server: RestServer,
    url: str = "http://127.0.0.1:1",
    who: Credentials | None = None,
    now: Callable[[], float] = time.monotonic,
) -> Rest:
    chosen = settings(url)
    return Rest(chosen, who or credentials(), tls_context(chosen), server.transport, now)


async def until(predicate: Callable[[], bool]) -> None:
    """Wait until something is so; a test that waits in vain fails by the deadline."""
    async with asyncio.timeout(10):
        while not predicate():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.002)


class DdpServer:
    """A realtime API that does what it is told."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        """Everything that clients sent."""
        self.sockets: list[ServerConnection] = []
        self.login_error: dict[str, Any] | None = None
        self.refusals: list[dict[str, Any]] = []
        """Errors for the next subscriptions, one each."""
        self.mute = False
        """Take frames, and answer nothing."""
        self.handshake: dict[str, Any] = {"msg": "connected", "session": "s"}
        self._server: Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await serve(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        assert self._server is not None
        port = next(iter(self._server.sockets)).getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def sent(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["msg"] == kind]

    def room_subscriptions(self) -> list[dict[str, Any]]:
        """What clients asked for of rooms; the account itself has streams of its own."""
        return [frame for frame in self.sent("sub") if is_of_room(frame)]

    def subscribed(self, room_id: str = ROOM_ID) -> bool:
        """Whether a client has asked for all three streams of a room, on any connection."""
        rooms = [str(frame["params"][0]).split("/")[0] for frame in self.sent("sub")]
        return rooms.count(room_id) >= 3

    async def push(self, frame: dict[str, Any] | bytes) -> None:
        await self.sockets[-1].send(frame if isinstance(frame, bytes) else json.dumps(frame), text=True)

    async def tell(self, event: str, *args: Any, stream: str = "stream-room-messages") -> None:
        fields = {"eventName": event, "args": list(args)}
        await self.push({"msg": "changed", "collection": stream, "id": "id", "fields": fields})

    def drop(self) -> None:
        """Cut the newest connection without a word."""
        self.sockets[-1].transport.abort()

    async def _serve(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        await socket.send('{"server_id":"0"}')
        try:
            async for data in socket:
                frame = json.loads(data)
                self.frames.append(frame)
                for answer in () if self.mute else self._answers(frame):
                    await socket.send(json.dumps(answer))
        except ConnectionClosed:
            pass

    def _answers(self, frame: dict[str, Any]) -> list[dict[str, Any]]:
        match frame["msg"]:
            case "connect":
                return [self.handshake]
            case "ping":
                return [{"msg": "pong"}]
            case "method" if self.login_error:
                return [{"msg": "result", "id": frame["id"], "error": self.login_error}]
            case "method":
                user = {"msg": "added", "collection": "users", "id": USER_ID, "fields": {"username": "moderator"}}
                result = {"id": USER_ID, "token": TOKEN, "tokenExpires": {"$date": None}, "type": "resume"}
                return [user, {"msg": "result", "id": frame["id"], "result": result}]
            case "sub" if self.refusals and is_of_room(frame):
                return [{"msg": "nosub", "id": frame["id"], "error": self.refusals.pop(0)}]
            case "sub":
                return [{"msg": "ready", "subs": [frame["id"]]}]
            case _:
                return []


def is_of_room(frame: dict[str, Any]) -> bool:
    """Whether a subscription is one of a room's."""
    return frame["name"] in ("stream-room-messages", "stream-notify-room") and frame["params"][0] != "__my_messages__"


def wire_message(
    message_id: str = "m1", text: str = "hello", at: int = 1_700_000_000_000, **more: Any
) -> dict[str, Any]:
    """A message as the realtime API sends it; times are milliseconds."""
    return {
        "_id": message_id,
        "rid": ROOM_ID,
        "msg": text,
        "ts": {"$date": at},
        "u": {"_id": "u1", "username": "amara", "name": "Amara Okafor"},
        "_updatedAt": {"$date": at},
        "urls": [],
        "mentions": [],
        "channels": [],
        "md": [{"type": "PARAGRAPH", "value": [{"type": "PLAIN_TEXT", "value": text}]}],
        **more,
    }


def spend_freely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no call wait for the server's limits."""

    class NoBudget(Budget):
        async def take(self) -> None:
            self._under_way += 1

    monkeypatch.setattr("quell_providers.rocketchat.rest.Budget", NoBudget)
