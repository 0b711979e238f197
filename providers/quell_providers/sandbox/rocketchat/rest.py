"""The REST API: what happens to every request before and after its action.

In this order: login (401), the shape of the request (400), the rate limit (429), the action.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from functools import partial

from aiohttp import web

from quell_providers.sandbox.rocketchat.errors import AnswerError, MeteorError, not_logged_in
from quell_providers.sandbox.rocketchat.limiter import FixedWindow
from quell_providers.sandbox.rocketchat.shapes import InvalidError, Reader, anything
from quell_providers.sandbox.rocketchat.wire import Document, milliseconds, to_rest
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import Person

_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed every check before its action."""

    workspace: Workspace
    caller: Person | None
    params: Document
    base_url: str

    @property
    def person(self) -> Person:
        """The caller of a route that needs a login."""
        if self.caller is None:
            raise not_logged_in()
        return self.caller


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path."""

    method: str
    path: str
    action: Callable[[Call], Document]
    """Returns the body of a success, without `success`; raises `AnswerError` or `MeteorError`."""
    read: Reader = anything
    login: bool = True
    """Whether it needs a login."""
    limited: bool = True
    """Whether the rate limit applies to it."""


class RestApi:
    """Serves routes for one workspace.

    Args:
        workspace: What the actions work on.
        limit: Calls and seconds of each route's window. As on the real server, 0 of either means no limit.
    """

    def __init__(self, workspace: Workspace, limit: tuple[int, float]) -> None:
        self._workspace = workspace
        self._limit = limit

    def serve(self, routes: Sequence[Route]) -> list[web.RouteDef]:
        """Handlers for the routes; their windows begin now."""
        return [
            web.route(route.method, route.path, partial(self._answer, route, self._new_window(route)))
            for route in routes
        ]

    def _new_window(self, route: Route) -> FixedWindow | None:
        """The window of one route, if it is limited."""
        is_limited = route.limited and all(self._limit)
        return FixedWindow(*self._limit, self._workspace.world.clock) if is_limited else None

    async def _answer(self, route: Route, window: FixedWindow | None, request: web.Request) -> web.Response:
        data = dict(request.query) if route.method == "GET" else await _body(request)
        headers = {"Date": formatdate(self._workspace.world.clock.now(), usegmt=True)}
        try:
            caller = self._caller(request)
            if caller is None and route.login:
                raise not_logged_in()
            params = route.read(data)
            self._count(window, request, caller, headers)
            body = route.action(Call(self._workspace, caller, params, str(request.url.origin())))
        except InvalidError as invalid:
            kind = "error-invalid-params" if route.method == "GET" else "invalid-params"
            return _response(400, {"success": False, "errorType": kind, "error": str(invalid)}, headers)
        except MeteorError as error:
            body = {"success": False, "error": error.message, "errorType": error.code}
            return _response(400, body, headers)
        except AnswerError as answer:
            return _response(answer.status, answer.body, headers)
        return _response(200, {**body, "success": True}, headers)

    def _caller(self, request: web.Request) -> Person | None:
        """Whom both headers together name."""
        person = self._workspace.accounts.owner(request.headers.get("X-Auth-Token", ""))
        return person if person is not None and person.id == request.headers.get("X-User-Id") else None

    def _count(
        self, window: FixedWindow | None, request: web.Request, caller: Person | None, headers: dict[str, str]
    ) -> None:
        """Count the call and say in the headers how the window stands. Raises `AnswerError` when it is one too many."""
        exempt = caller is not None and self._workspace.permissions.has(caller, "api-bypass-rate-limit")
        if window is None or exempt:
            return
        hit = window.hit(request.remote)
        headers["X-RateLimit-Limit"] = str(window.calls)
        headers["X-RateLimit-Remaining"] = str(hit.left)
        headers["X-RateLimit-Reset"] = str(milliseconds(self._workspace.world.clock.now() + hit.reset_in))
        if not hit.allowed:
            text = (
                "Error, too many requests. Please slow down. You must wait "
                f"{hit.wait_seconds} seconds before trying this endpoint again. [error-too-many-requests]"
            )
            raise AnswerError(429, {"error": text})


async def _body(request: web.Request) -> object:
    """The parameters of a POST; what can not be read counts as none."""
    if request.content_type != "application/json":
        return {}
    try:
        data = json.loads(await request.read())
    except ValueError:
        return {}
    return data if isinstance(data, dict | list) else {}


def _response(status: int, body: Document, headers: dict[str, str]) -> web.Response:
    # Bytes, because aiohttp adds a charset to text, which the real server does not.
    return web.Response(
        status=status, body=to_rest(body), content_type="application/json", headers={**_HEADERS, **headers}
    )
