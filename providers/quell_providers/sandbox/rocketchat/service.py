"""Rocket.Chat on loopback: starting it, stopping it, logging somebody in."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from quell_providers.sandbox.rocketchat import auth, deletion, messages, rooms, server
from quell_providers.sandbox.rocketchat.accounts import Login
from quell_providers.sandbox.rocketchat.events import Events
from quell_providers.sandbox.rocketchat.limiter import FixedWindow
from quell_providers.sandbox.rocketchat.rest import RestApi
from quell_providers.sandbox.rocketchat.session import Session
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import World

ROUTES = (*auth.ROUTES, *server.ROUTES, *rooms.ROUTES, *messages.ROUTES, *deletion.ROUTES)

_SUBSCRIPTIONS = (40, 40.0)
"""Subscriptions and seconds of the window that limits each socket's subscriptions to each stream."""

_GOODBYE_SECONDS = 2.0


class RocketChatService:
    """A Rocket.Chat server for one world.

    Args:
        world: Whose Rocket.Chat rooms it serves; what is in it when the service starts is the history.
        limit: Calls and seconds of the rate limit of each REST route; 0 calls switch it off.
    """

    def __init__(self, world: World, *, limit: tuple[int, float] = (10, 60.0)) -> None:
        self._world = world
        self._limit = limit
        self._workspace = Workspace(world)
        self._sessions: set[Session] = set()
        self._window = FixedWindow(*_SUBSCRIPTIONS, world.clock)
        self._runner: web.AppRunner | None = None
        self._forget_world: Callable[[], None] | None = None

    @property
    def url(self) -> str:
        """Where it runs, such as `http://127.0.0.1:40123`. Raises `RuntimeError` while it does not."""
        if self._runner is None or not self._runner.addresses:
            raise RuntimeError("the Rocket.Chat sandbox is not running")
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    @property
    def grants(self) -> dict[str, set[str]]:
        """Roles by permission; may be changed at any time."""
        return self._workspace.permissions.grants

    def login_as(self, username: str) -> Login:
        """A fresh login token of a person. Raises `KeyError` when nobody has that name."""
        return self._workspace.accounts.log_in(self._workspace.person_named(username))

    def password_of(self, username: str) -> str:
        """The password of a person. Raises `KeyError` when nobody has that name."""
        return self._workspace.accounts.password(self._workspace.person_named(username))

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self._workspace.load()
        self._forget_world = self._world.listen(Events(self._workspace, self._sessions).observe)
        app = web.Application()
        app.add_routes(RestApi(self._workspace, self._limit).serve(ROUTES))
        app.add_routes([web.get("/websocket", self._accept)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GOODBYE_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def stop(self) -> None:
        """Close every socket and give the port back."""
        if self._forget_world is not None:
            self._forget_world()
            self._forget_world = None
        await asyncio.gather(*(session.close() for session in tuple(self._sessions)))
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def drop_connections(self) -> None:
        """Cut every DDP socket without a closing frame, as a broken network does."""
        sessions = tuple(self._sessions)
        for session in sessions:
            session.drop()
        await asyncio.gather(*(session.ended.wait() for session in sessions))

    async def _accept(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(timeout=_GOODBYE_SECONDS)
        await socket.prepare(request)
        transport = request.transport
        if transport is not None:
            session = Session(self._workspace, self._window, socket, transport)
            self._sessions.add(session)
            try:
                await session.run()
            finally:
                self._sessions.discard(session)
        return socket
