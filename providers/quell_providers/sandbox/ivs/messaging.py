"""The messaging endpoint: a WebSocket whose subprotocol is the chat token (Messaging API, connecting)."""

import asyncio
from typing import cast

from aiohttp import WSCloseCode, web

from quell_providers.sandbox.edge import Edge
from quell_providers.sandbox.ivs import frames
from quell_providers.sandbox.ivs.about import about_action
from quell_providers.sandbox.ivs.actions import ActionError, Actions
from quell_providers.sandbox.ivs.audience import Audience
from quell_providers.sandbox.ivs.connection import Connection
from quell_providers.sandbox.ivs.tokens import Tokens
from quell_providers.sandbox.world import World

_LOOK_SECONDS = 0.1
"""How often sessions are held against the world's clock, which may stand still or leap."""
_CLOSE_SECONDS = 1.0
"""How long a client may take to answer our Close frame."""


class Messaging:
    """All open messaging sockets."""

    def __init__(self, world: World, audience: Audience, tokens: Tokens, actions: Actions, edge: Edge) -> None:
        self._world = world
        self._audience = audience
        self._tokens = tokens
        self._actions = actions
        self._edge = edge
        self._open: set[Connection] = set()

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Upgrade a request that carries a fresh token, and serve it until it ends; refuse any other."""
        token = request.headers.get("Sec-WebSocket-Protocol", "")
        if not token:
            return _refused(401, "The chat token is missing")
        session = self._tokens.redeem(token)
        if session is None:
            return _refused(403, "The chat token is invalid, expired or was already used")
        if self._world.places.get(session.place.id) is not session.place:
            return _refused(404, "The room does not exist")
        socket = web.WebSocketResponse(protocols=(token,), timeout=_CLOSE_SECONDS)
        await socket.prepare(request)
        transport = cast("asyncio.Transport", request.transport)
        outbox = self._edge.outbox(transport, lambda: self._end(connection, "The chat token was revoked"))
        address, clock = request.remote or "127.0.0.1", self._world.clock
        connection = Connection(session, socket, outbox, address=address, clock=clock)
        self._open.add(connection)
        self._audience.join(connection)
        try:
            await connection.run(lambda text: self._perform(connection, text))
        finally:
            self._audience.leave(connection)
            self._open.discard(connection)
        return socket

    async def end_sessions(self) -> None:
        """Close every connection whose session is over, for as long as the service runs."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            now = self._world.clock.now()
            for connection in self._audience.everybody():
                if connection.session.expires_at <= now:
                    self._end(connection, "The connection has expired")

    async def close(self) -> None:
        """Tell every client that the service goes away, and wait until they are gone."""
        connections = tuple(self._open)
        for connection in connections:
            connection.close(WSCloseCode.GOING_AWAY)
        await asyncio.gather(*(connection.ended.wait() for connection in connections))

    def drop(self) -> None:
        """Cut every line without a word."""
        for connection in self._open:
            connection.drop()

    def _end(self, connection: Connection, why: str) -> None:
        """Close a connection whose session is over."""
        self._audience.leave(connection)
        self._fail(connection, ActionError(401, why))
        connection.close(WSCloseCode.OK)

    def _perform(self, connection: Connection, text: str) -> None:
        about = about_action(connection.session, text)
        fault = self._edge.failure_of(about)
        status = 200
        try:
            if fault is None:
                self._actions.perform(connection, text)
            else:
                self._actions.break_down(text)
        except ActionError as error:
            status = error.code
            self._fail(connection, error)
        self._edge.record(about, status, fault.kind if fault else "")

    def _fail(self, connection: Connection, error: ActionError) -> None:
        frame = frames.error(self._world.new_id("ivs"), error.code, error.text, request_id=error.request_id)
        connection.send(frames.outgoing(frame, connection.session.place.id))


def _refused(status: int, text: str) -> web.Response:
    return web.json_response({"message": text}, status=status)
