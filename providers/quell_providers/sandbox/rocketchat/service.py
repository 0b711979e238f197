"""Rocket.Chat on loopback: starting it, stopping it, logging somebody in."""

import asyncio
from collections.abc import Callable, Iterable

from aiohttp import web

from quell_providers.sandbox.edge import Edge
from quell_providers.sandbox.faults import Faults
from quell_providers.sandbox.rocketchat import announce, membership
from quell_providers.sandbox.rocketchat.about import SOCKET, about, route_name
from quell_providers.sandbox.rocketchat.accounts import Login
from quell_providers.sandbox.rocketchat.catalogue import routes_of
from quell_providers.sandbox.rocketchat.events import Events
from quell_providers.sandbox.rocketchat.rest import RestApi
from quell_providers.sandbox.rocketchat.second_factor import Method
from quell_providers.sandbox.rocketchat.session import Session
from quell_providers.sandbox.rocketchat.versions import parse_version
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.truth import Truth
from quell_providers.sandbox.world import Place, World

_GOODBYE_SECONDS = 2.0


class RocketChatService:
    """A Rocket.Chat server for one world.

    Args:
        world: Whose Rocket.Chat rooms it serves; what is in it when the service starts is the history.
        limit: Calls and seconds of the rate limit of each REST route; 0 calls switch it off.
        version: The version that is played, such as `8.8` or `7`. Raises ValueError for one that is not known.
        path: What its URL ends with, such as `/chat`, for a server that is not at the root of its host.
        faults: What goes wrong.
        truth: Where calls are put on record.
    """

    def __init__(
        self,
        world: World,
        *,
        limit: tuple[int, float] = (10, 60.0),
        version: str = "8.8",
        path: str = "",
        faults: Faults | None = None,
        truth: Truth | None = None,
    ) -> None:
        self._world = world
        self._base = f"/{path.strip('/')}" if path.strip("/") else ""
        self._workspace = Workspace(world, parse_version(version))
        self._workspace.settings.set_rate_limit(*limit)
        self._workspace.settings.listen(lambda setting: announce.setting_changed(self._workspace, setting))
        self._workspace.accounts.listen(self._hang_up)
        self._workspace.permissions.listen(lambda name: announce.permission_changed(self._workspace, name))
        self._edge = Edge(
            "rocketchat",
            Faults() if faults is None else faults,
            Truth(world) if truth is None else truth,
            world.clock,
            about=lambda request, body: about(self._workspace, request, body),
            revoke=lambda request: self.revoke(request.headers.get("X-Auth-Token", "")),
        )
        self._sessions: set[Session] = set()
        self._runner: web.AppRunner | None = None
        self._forget_world: Callable[[], None] | None = None

    @property
    def url(self) -> str:
        """Where it runs, such as `http://127.0.0.1:40123`. Raises `RuntimeError` while it does not."""
        if self._runner is None or not self._runner.addresses:
            raise RuntimeError("the Rocket.Chat sandbox is not running")
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}{self._base}"

    @property
    def routes(self) -> frozenset[str]:
        """What faults and the ground truth call the REST routes, and the socket."""
        return frozenset({*(route_name(route.path) for route in routes_of(self._workspace.version)), SOCKET})

    @property
    def grants(self) -> dict[str, set[str]]:
        """Roles by permission; may be changed at any time."""
        return self._workspace.permissions.grants

    def set_permission(self, permission: str, roles: Iterable[str]) -> None:
        """Let exactly these roles have a permission; clients are told (`permissions-changed`)."""
        self._workspace.permissions.change(permission, roles)

    def set_setting(self, name: str, value: object) -> None:
        """Change a setting; clients are told of a public one (`public-settings-changed`). Raises `KeyError`."""
        self._workspace.settings.change(name, value)

    def give_role(self, username: str, role: str, room_id: str | None = None) -> None:
        """Give somebody a role, in one room or in the whole workspace; clients are told. Raises `KeyError`."""
        membership.give_role(self._workspace, self._workspace.person_named(username), role, self._place(room_id))

    def take_role(self, username: str, role: str, room_id: str | None = None) -> None:
        """Take a role from somebody, in one room or in the whole workspace; clients are told. Raises `KeyError`."""
        membership.take_role(self._workspace, self._workspace.person_named(username), role, self._place(room_id))

    def remove_from_room(self, username: str, room_id: str, by: str = "admin") -> None:
        """Send somebody out of a room, as `channels.kick` does. Raises `KeyError`."""
        person, moderator = (self._workspace.person_named(name) for name in (username, by))
        membership.remove(self._workspace, self._world.places[room_id], person, moderator)

    def whisper(self, username: str, room_id: str, text: str) -> None:
        """Show one person a line in a room that is stored nowhere, as server apps do. Raises `KeyError`."""
        announce.whispered(self._workspace, self._workspace.person_named(username), self._world.places[room_id], text)

    def veto_deletion(self, message_id: str) -> None:
        """Let a server app prevent the deletion of a message, whoever tries."""
        self._workspace.vetoed.add(message_id)

    def require_second_factor(self, username: str, method: Method = "totp") -> None:
        """Let somebody log in with a code only: from an app (`totp`) or by mail (`email`). Raises `KeyError`."""
        self._workspace.second_factors.require(self._workspace.person_named(username), method)

    def second_factor_code(self, username: str) -> str:
        """A code that is right now; one by mail exists once a login has asked for it. Raises `KeyError`."""
        return self._workspace.second_factors.code(self._workspace.person_named(username))

    def login_as(self, username: str) -> Login:
        """A fresh login token of a person. Raises `KeyError` when nobody has that name."""
        return self._workspace.accounts.log_in(self._workspace.person_named(username))

    def password_of(self, username: str) -> str:
        """The password of a person. Raises `KeyError` when nobody has that name."""
        return self._workspace.accounts.password(self._workspace.person_named(username))

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self._workspace.load()
        self._forget_world = self._world.listen(Events(self._workspace).observe)
        app = web.Application()
        self._edge.guard(app)
        routes = routes_of(self._workspace.version)
        app.add_routes(RestApi(self._workspace, self._base).serve(routes))
        app.add_routes([web.get(f"{self._base}/websocket", self._accept)])
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

    def revoke(self, auth_token: str) -> None:
        """Take a login token back: REST knows it no more, and its sockets are closed, as after a logout elsewhere."""
        self._workspace.accounts.revoke(auth_token)

    def _hang_up(self, auth_token: str) -> None:
        for session in tuple(self._sessions):
            if session.auth_token == auth_token:
                session.hang_up()

    def _place(self, room_id: str | None) -> Place | None:
        return self._world.places[room_id] if room_id is not None else None

    def _revoke(self, session: Session) -> None:
        if session.auth_token:
            self.revoke(session.auth_token)
        else:
            session.hang_up()

    async def _accept(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(timeout=_GOODBYE_SECONDS)
        await socket.prepare(request)
        transport = request.transport
        if transport is not None:
            outbox = self._edge.outbox(transport, lambda: self._revoke(session))
            session = Session(self._workspace, socket, outbox, self._edge)
            self._sessions.add(session)
            try:
                await session.run()
            finally:
                self._sessions.discard(session)
        return socket
