"""One DDP socket: connecting, logging in, subscribing, and being told."""

import asyncio
import contextlib
import json
import secrets
from typing import NamedTuple

from aiohttp import WSMsgType, web

from quell_providers.sandbox.rocketchat import frames
from quell_providers.sandbox.rocketchat.accounts import Login
from quell_providers.sandbox.rocketchat.errors import MeteorError
from quell_providers.sandbox.rocketchat.limiter import FixedWindow
from quell_providers.sandbox.rocketchat.streams import check_subscription
from quell_providers.sandbox.rocketchat.wire import Document, instant, milliseconds, to_ejson
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import ALPHABET, Person

HEARTBEAT_SECONDS = 15.0
"""Silence after which the server pings; after as much silence again it closes the socket."""

_VERSIONS = ("1", "pre2", "pre1")


class _Subscription(NamedTuple):
    stream: str
    event: str


class Session:
    """A client's socket, from its opening to its end.

    Args:
        workspace: What it may hear of.
        window: Limits subscriptions, by socket and stream.
        socket: The accepted WebSocket.
        transport: The connection beneath it.
    """

    def __init__(
        self,
        workspace: Workspace,
        window: FixedWindow,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport,
    ) -> None:
        self.person: Person | None = None
        self.ended = asyncio.Event()
        self._workspace = workspace
        self._window = window
        self._socket = socket
        self._transport = transport
        self._id = "".join(secrets.choice(ALPHABET) for _ in range(17))
        self._connected = False
        self._subscriptions: dict[str, _Subscription] = {}
        self._outgoing: asyncio.Queue[Document | None] = asyncio.Queue()

    async def run(self) -> None:
        """Serve the client until either side ends it."""
        self.send(frames.GREETING)
        writer = asyncio.create_task(self._write())
        try:
            await self._read()
        finally:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await writer
            self.ended.set()

    async def close(self) -> None:
        """End the socket in an orderly way."""
        await self._socket.close(code=1001, message=b"Server is going away")

    def drop(self) -> None:
        """Cut the connection without a word, as a broken network does."""
        self._transport.abort()

    def send(self, *documents: Document) -> None:
        """Have frames sent, in order."""
        for document in documents:
            self._outgoing.put_nowait(document)

    def hears(self, stream: str, event: str) -> bool:
        """Whether the client has subscribed to the event."""
        return _Subscription(stream, event) in self._subscriptions.values()

    def tell(self, stream: str, event: str, *args: object) -> None:
        """Tell of an event: once for each of the client's subscriptions to it."""
        wanted = list(self._subscriptions.values()).count(_Subscription(stream, event))
        self.send(*[frames.changed(stream, event, list(args))] * wanted)

    async def _write(self) -> None:
        while (document := await self._outgoing.get()) is not None:
            await self._socket.send_str(to_ejson(document))
        await self._socket.close()

    def _hang_up(self) -> None:
        """Close the socket when everything before this is sent."""
        self._outgoing.put_nowait(None)

    async def _read(self) -> None:
        is_silent = False
        while True:
            try:
                message = await self._socket.receive(timeout=HEARTBEAT_SECONDS)
            except TimeoutError:
                if is_silent:
                    self._hang_up()
                else:
                    self.send(frames.PING)
                is_silent = True
                continue
            is_silent = False
            if message.type is not WSMsgType.TEXT:
                return
            self._take(message.data)

    def _take(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            frame = None
        if not isinstance(frame, dict):
            self.send(frames.protocol_error("Parse error"))
        elif frame.get("msg") == "connect":
            self._connect(frame)
        elif not self._connected:
            self.send(frames.protocol_error("Must connect first", frame))
        else:
            self._dispatch(frame)

    def _connect(self, frame: Document) -> None:
        if self._connected:
            self.send(frames.protocol_error("Already connected", frame))
        elif frame.get("version") in _VERSIONS:
            self._connected = True
            self.send(frames.connected(self._id))
        else:
            self.send(frames.failed())
            self._hang_up()

    def _dispatch(self, frame: Document) -> None:
        match {"params": [], **frame}:
            case {"msg": "ping"}:
                self.send(frames.pong(frame.get("id")))
            case {"msg": "pong"}:
                pass
            case {"msg": "method", "id": str(call_id), "method": str(name), "params": [*params]}:
                self._call(call_id, name, params)
            case {"msg": "method"}:
                self.send(frames.protocol_error("Malformed method invocation", frame))
            case {"msg": "sub", "id": str(subscription_id), "name": str(name), "params": [*params]}:
                self._subscribe(subscription_id, name, params)
            case {"msg": "sub"}:
                self.send(frames.protocol_error("Malformed subscription", frame))
            case {"msg": "unsub", "id": str(subscription_id)}:
                self._subscriptions.pop(subscription_id, None)
                self.send(frames.ended(subscription_id))
            case _:
                self.send(frames.protocol_error("Bad request", frame))

    def _call(self, call_id: str, name: str, params: list[object]) -> None:
        try:
            if name != "login":
                raise MeteorError(404, f"Method '{name}' not found")
            value = self._log_in(params[0] if params else None)
        except MeteorError as error:
            self.send(*frames.refused_call(call_id, error))
        else:
            self.send(*frames.result(call_id, value))

    def _log_in(self, options: object) -> Document:
        """The method `login`: `{resume}`, or `{user: {username}, password: {digest, algorithm}}`."""
        accounts = self._workspace.accounts
        match options:
            case {"resume": token}:
                return self._welcome(accounts.resume(token), "resume")
            case {"user": {"username": username}, "password": password}:
                return self._welcome(accounts.log_in_with_password(username, password), "password")
            case _:
                raise MeteorError(400, "Unrecognized options for login request")

    def _welcome(self, login: Login, way: str) -> Document:
        self.person = self._workspace.world.people[login.user_id]
        self.send(frames.added_user(self.person.id, self.person.username))
        expires = instant(self._workspace.accounts.expires_at(login.auth_token))
        return {"id": login.user_id, "token": login.auth_token, "tokenExpires": expires, "type": way}

    def _subscribe(self, subscription_id: str, stream: str, params: list[object]) -> None:
        if subscription_id in self._subscriptions:
            return  # a client repeats its subscriptions when it thinks that the server may have missed them
        event = params[0] if params and isinstance(params[0], str) else ""
        try:
            self._count_subscription(stream)
            check_subscription(self._workspace, self.person, stream, event)
        except MeteorError as error:
            self.send(frames.refused_subscription(subscription_id, error))
            return
        self._subscriptions[subscription_id] = _Subscription(stream, event)
        self.send(frames.ready(subscription_id))

    def _count_subscription(self, stream: str) -> None:
        hit = self._window.hit((self._id, stream))
        if not hit.allowed:
            reason = (
                "Error, too many requests. Please slow down. "
                f"You must wait {hit.wait_seconds} seconds before trying again."
            )
            raise MeteorError("too-many-requests", reason, {"timeToReset": milliseconds(hit.reset_in)})
