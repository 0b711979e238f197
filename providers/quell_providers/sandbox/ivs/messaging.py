"""The messaging endpoint: a WebSocket whose subprotocol is the chat token (Messaging API, connecting)."""

import asyncio
import json
from typing import cast

from aiohttp import WSCloseCode, web

from quell_providers.sandbox.ivs import frames
from quell_providers.sandbox.ivs.actions import ActionError, Actions
from quell_providers.sandbox.ivs.broadcast import Broadcast
from quell_providers.sandbox.ivs.connection import Connection
from quell_providers.sandbox.ivs.tokens import Session, Tokens
from quell_providers.sandbox.world import World

_LOOK_SECONDS = 0.1
"""How often sessions are held against the world's clock, which may stand still or leap."""
_CLOSE_SECONDS = 1.0
"""How long a client may take to answer our Close frame."""


class Messaging:
    """All open messaging sockets."""

    def __init__(self, world: World, broadcast: Broadcast, tokens: Tokens, actions: Actions) -> None:
        self._world = world
        self._broadcast = broadcast
        self._tokens = tokens
        self._actions = actions
        self._connections: set[Connection] = set()

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Upgrade a request that carries a fresh token, and serve it until it ends; refuse any other."""
        token = request.headers.get("Sec-WebSocket-Protocol", "")
        if not token:
            return _refused(401, "The chat token is missing")
        session = self._tokens.redeem(token)
        if session is None:
            return _refused(403, "The chat token is invalid, expired or was already used")
        socket = web.WebSocketResponse(protocols=(token,), timeout=_CLOSE_SECONDS)
        await socket.prepare(request)
        connection = Connection(session, socket, cast("asyncio.Transport", request.transport))
        self._connections.add(connection)
        leave = self._broadcast.join(session.place, connection.send)
        try:
            await connection.run(lambda text: self._perform(connection, session, text))
        finally:
            leave()
            self._connections.discard(connection)
        return socket

    async def end_sessions(self) -> None:
        """Close every connection whose session is over, for as long as the service runs."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            now = self._world.clock.now()
            for connection in [c for c in self._connections if c.session.expires_at <= now]:
                self._connections.discard(connection)
                self._fail(connection, 401, "The connection has expired")
                connection.close(WSCloseCode.OK)

    async def close(self) -> None:
        """Tell every client that the service goes away, and wait until they are gone."""
        connections = tuple(self._connections)
        for connection in connections:
            connection.close(WSCloseCode.GOING_AWAY)
        await asyncio.gather(*(connection.ended.wait() for connection in connections))

    def drop(self) -> None:
        """Cut every line without a word."""
        for connection in self._connections:
            connection.drop()

    def _perform(self, connection: Connection, session: Session, text: str) -> None:
        try:
            self._actions.perform(session, text)
        except ActionError as error:
            self._fail(connection, error.code, error.text, error.request_id)

    def _fail(self, connection: Connection, code: int, text: str, request_id: str = "") -> None:
        frame = frames.error(self._world.new_id("ivs"), code, text, request_id=request_id)
        connection.send(json.dumps(frame))


def _refused(status: int, text: str) -> web.Response:
    return web.json_response({"message": text}, status=status)
