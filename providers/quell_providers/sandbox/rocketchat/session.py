"""One DDP socket: connecting, logging in, subscribing, and being told."""

import asyncio
import json
import secrets
from collections import Counter
from typing import NamedTuple

from aiohttp import WSCloseCode, WSMsgType, web

from quell_providers.sandbox.edge import Edge
from quell_providers.sandbox.outbox import Outbox, Outgoing, serve
from quell_providers.sandbox.rocketchat import frames
from quell_providers.sandbox.rocketchat.about import about_frame
from quell_providers.sandbox.rocketchat.accounts import Login
from quell_providers.sandbox.rocketchat.errors import MeteorError
from quell_providers.sandbox.rocketchat.methods import Invocation, run
from quell_providers.sandbox.rocketchat.streams import check_subscription
from quell_providers.sandbox.rocketchat.wire import Document, from_ejson, instant
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
        socket: The accepted WebSocket.
        outbox: Sends its frames.
        edge: Puts its calls on record.
    """

    def __init__(
        self,
        workspace: Workspace,
        socket: web.WebSocketResponse,
        outbox: Outbox,
        edge: Edge,
    ) -> None:
        self.person: Person | None = None
        self.auth_token = ""
        """The token that the client logged in with."""
        self.ended = asyncio.Event()
        self._workspace = workspace
        self._socket = socket
        self._outbox = outbox
        self._edge = edge
        self._id = "".join(secrets.choice(ALPHABET) for _ in range(17))
        self._connected = False
        self._subscriptions: dict[str, _Subscription] = {}
        self._heard: Counter[tuple[str, str]] = Counter()
        self._close_code: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Serve the client until either side ends it."""
        self.send(frames.GREETING)
        try:
            await serve(self._socket, self._outbox, self._read(), self._close_code)
        finally:
            for stream, event in self._heard:
                self._workspace.hub.remove(self, stream, event)
            self.ended.set()

    async def close(self) -> None:
        """End the socket in an orderly way."""
        self.hang_up(WSCloseCode.GOING_AWAY)
        await self.ended.wait()

    def drop(self) -> None:
        """Cut the connection without a word, as a broken network does."""
        self._outbox.abort()

    def send(self, *documents: Document) -> None:
        """Have frames sent, in order."""
        if not self._close_code.done():
            for document in documents:
                self._outbox.send(frames.outgoing(document))

    def pass_on(self, stream: str, event: str, frame: Outgoing) -> None:
        """Send the frame of an event, the same for many sessions: once for each of the subscriptions to it."""
        for _ in range(self._heard.get((stream, event), 0)):
            if not self._close_code.done():
                self._outbox.send(frame)

    def forget(self, stream: str, event: str) -> None:
        """Drop the subscriptions to an event without a word: the client goes on believing in them."""
        for subscription_id, subscription in tuple(self._subscriptions.items()):
            if subscription == (stream, event):
                self._unsubscribe(subscription_id)

    def hang_up(self, code: int = WSCloseCode.OK) -> None:
        """Close the socket when everything before this is sent; nothing more is said from here on."""
        if not self._close_code.done():
            self._close_code.set_result(code)

    async def _read(self) -> None:
        is_silent = False
        while True:
            try:
                message = await self._socket.receive(timeout=HEARTBEAT_SECONDS)
            except TimeoutError:
                if is_silent:
                    self.hang_up()
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
            self.hang_up()

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
                self._unsubscribe(subscription_id)
                self.send(frames.ended(subscription_id))
            case _:
                self.send(frames.protocol_error("Bad request", frame))

    def _call(self, call_id: str, name: str, params: list[object]) -> None:
        try:
            self._count(name)
            value = self._do(name, [from_ejson(param) for param in params])
        except MeteorError as error:
            self._record(f"method/{name}", params, error)
            self.send(*frames.refused_call(call_id, error))
        else:
            self._record(f"method/{name}", params)
            self.send(*frames.result(call_id, value))

    def _do(self, name: str, params: list[object]) -> object:
        if name == "login":
            return self._log_in(params[0] if params else None)
        if name == "logout":
            self._log_out()
            return None
        return run(name, Invocation(self._workspace, self.person, params))

    def _log_in(self, options: object) -> Document:
        """The method `login`: `{resume}`, `{user: {username | email}, password: {digest, algorithm}}`, or the latter
        within `{totp: {code, login}}`.
        """
        code: object = None
        if isinstance(options, dict) and isinstance(totp := options.get("totp"), dict):
            code, options = totp.get("code"), totp.get("login")
        accounts = self._workspace.accounts
        match options:
            case {"resume": token}:
                return self._welcome(accounts.resume(token), "resume")
            case {"user": {"username": user} | {"email": user}, "password": password}:
                return self._welcome(accounts.log_in_with_password(user, password, code), "password")
            case _:
                raise MeteorError(400, "Unrecognized options for login request")

    def _log_out(self) -> None:
        """The method `logout`: the token is no longer good."""
        token, self.auth_token = self.auth_token, ""  # this socket stays open, unlike others with the same token
        self._workspace.accounts.revoke(token)
        if self.person is not None:
            self.send(frames.removed_user(self.person.id))
        self.person = None

    def _welcome(self, login: Login, way: str) -> Document:
        self.person = self._workspace.world.people[login.user_id]
        self.auth_token = login.auth_token
        self.send(frames.added_user(self.person.id, self.person.username))
        expires_at = self._workspace.accounts.expires_at(login.auth_token)
        expires: object = {"$date": None} if expires_at is None else instant(expires_at)
        return {"id": login.user_id, "token": login.auth_token, "tokenExpires": expires, "type": way}

    def _subscribe(self, subscription_id: str, stream: str, params: list[object]) -> None:
        if subscription_id in self._subscriptions:
            return  # a client repeats its subscriptions when it thinks that the server may have missed them
        event = params[0] if params and isinstance(params[0], str) else ""
        try:
            self._count(stream)
            check_subscription(self._workspace, self.person, stream, event)
        except MeteorError as error:
            self._record(f"sub/{stream}", params, error)
            self.send(frames.refused_subscription(subscription_id, error))
            return
        self._record(f"sub/{stream}", params)
        self._subscriptions[subscription_id] = _Subscription(stream, event)
        self._heard[stream, event] += 1
        self._workspace.hub.add(self, stream, event)
        self.send(frames.ready(subscription_id))

    def _record(self, route: str, params: list[object], error: MeteorError | None = None) -> None:
        """Put a method call or a subscription on record, with 200 or the error's code as its status."""
        code = error.code if error else 200
        caller = self.person.username if self.person else ""
        self._edge.record(about_frame(route, caller, params), code if isinstance(code, int) else 400)

    def _unsubscribe(self, subscription_id: str) -> None:
        ended = self._subscriptions.pop(subscription_id, None)
        if ended is not None:
            self._heard[ended] -= 1
            self._heard = +self._heard  # only what is heard at least once
            if ended not in self._heard:
                self._workspace.hub.remove(self, *ended)

    def _count(self, name: str) -> None:
        user_id = self.person.id if self.person is not None else None
        self._workspace.ddp_limits.count(name, user_id, self._id)
