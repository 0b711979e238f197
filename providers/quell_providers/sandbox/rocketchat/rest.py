"""The REST API: what happens to every request before and after its action.

In this order: login (401), permissions (403), the shape of the request (400), the rate limit (429), the second
factor (400), the action. Before version 8.6 the rate limit comes right after the login.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial

from aiohttp import web

from quell_providers.sandbox.rocketchat.errors import (
    AnswerError,
    MeteorError,
    not_logged_in,
    not_permitted,
    too_many_requests,
)
from quell_providers.sandbox.rocketchat.limiter import FixedWindow
from quell_providers.sandbox.rocketchat.second_factor import SecondFactorError
from quell_providers.sandbox.rocketchat.settings import Setting
from quell_providers.sandbox.rocketchat.shapes import Reader, anything
from quell_providers.sandbox.rocketchat.values import InvalidError
from quell_providers.sandbox.rocketchat.versions import Feature
from quell_providers.sandbox.rocketchat.wire import Document, milliseconds, to_rest
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import Person

_log = logging.getLogger(__name__)

_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed every check before its action."""

    workspace: Workspace
    caller: Person | None
    params: Document
    base_url: str
    path: Mapping[str, str] = field(default_factory=dict)
    """What stands for the placeholders of the route's path."""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    """The query string, of a POST too."""

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
    permissions: tuple[str, ...] = ()
    """What the caller must have, all of it."""
    two_factor: bool = False
    """Whether those who have a second factor must use it."""
    limited: bool = True
    """Whether the rate limit applies to it."""
    limit: tuple[int, float] | None = None
    """Calls and seconds where they are not the server's usual ones."""
    unlimited_for: str = "api-bypass-rate-limit"
    """The permission to call it without limit."""


class RestApi:
    """Serves routes for one workspace.

    Args:
        workspace: What the actions work on.
        base: What all paths begin with, such as `/chat`; may be empty.
    """

    def __init__(self, workspace: Workspace, base: str = "") -> None:
        self._workspace = workspace
        self._base = base
        self._windows: dict[tuple[str, str], FixedWindow] = {}
        self._limits_first = not workspace.version.has(Feature.TYPED_ROUTES)
        workspace.settings.listen(self._setting_changed)

    def serve(self, routes: Sequence[Route]) -> list[web.RouteDef]:
        """Handlers for the routes; their windows begin now."""
        for route in routes:
            self._window(route)
        return [web.route(route.method, self._base + route.path, partial(self._answer, route)) for route in routes]

    async def _answer(self, route: Route, request: web.Request) -> web.Response:
        headers = {"Date": formatdate(self._workspace.world.clock.now(), usegmt=True)}
        try:
            call = await self._admit(route, request, headers)
            body = route.action(call)
        except InvalidError as invalid:
            return _response(400, {"success": False, **self._invalid(route, str(invalid))}, headers)
        except SecondFactorError as error:
            told = {"error": error.message, "errorType": error.code, "details": error.told}
            return _response(400, {"success": False, **told}, headers)
        except MeteorError as error:
            body = {"success": False, "error": error.message, "errorType": error.code}
            return _response(400, body, headers)
        except AnswerError as answer:
            return _response(answer.status, answer.body, headers)
        except Exception:  # noqa: BLE001 - like the real server, answer whatever goes wrong within, and log it
            _log.exception("%s %s failed", route.method, route.path)
            return _response(500, {"success": False, "error": "Internal server error"}, headers)
        return _response(200, {**body, "success": True}, headers)

    async def _admit(self, route: Route, request: web.Request, headers: dict[str, str]) -> Call:
        """Every check before the action, in the version's order."""
        data = _query(request) if route.method == "GET" else await _body(request)
        caller = self._caller(request)
        if caller is None and route.login:
            raise not_logged_in()
        if self._limits_first:
            self._count(route, request, caller, headers)
        for permission in route.permissions:
            if caller is None or not self._workspace.permissions.has(caller, permission):
                raise not_permitted()
        params = route.read(data)
        if not self._limits_first:
            self._count(route, request, caller, headers)
        if route.two_factor and caller is not None:
            self._check_second_factor(caller, request)
        base_url = str(request.url.origin()) + self._base
        return Call(self._workspace, caller, params, base_url, request.match_info, request.headers, request.query)

    def _invalid(self, route: Route, problems: str) -> Document:
        """Typed routes tell a bad query from a bad body; older ones put the code after the sentence too."""
        if self._limits_first:
            return {"error": f"{problems} [invalid-params]", "errorType": "invalid-params"}
        return {"errorType": "error-invalid-params" if route.method == "GET" else "invalid-params", "error": problems}

    def _caller(self, request: web.Request) -> Person | None:
        """Whom both headers together name."""
        person = self._workspace.accounts.owner(request.headers.get("X-Auth-Token", ""))
        return person if person is not None and person.id == request.headers.get("X-User-Id") else None

    def _check_second_factor(self, caller: Person, request: web.Request) -> None:
        if not self._workspace.accounts.skips_second_factor(request.headers.get("X-Auth-Token", "")):
            code, method = request.headers.get("x-2fa-code"), request.headers.get("x-2fa-method")
            self._workspace.second_factors.check(caller, code, method)

    def _setting_changed(self, setting: Setting) -> None:
        """With another limit all windows begin anew."""
        if setting.name.startswith("API_Enable_Rate_Limiter"):
            self._windows.clear()

    def _window(self, route: Route) -> FixedWindow | None:
        """The window of one route, if it is limited. As on the real server, 0 calls or seconds mean no limit."""
        limit = self._workspace.settings.rate_limit()
        if not route.limited or not all(limit):
            return None
        key = (route.method, route.path)
        if key not in self._windows:
            self._windows[key] = FixedWindow(*(route.limit or limit), self._workspace.world.clock)
        return self._windows[key]

    def _count(self, route: Route, request: web.Request, caller: Person | None, headers: dict[str, str]) -> None:
        """Count the call and say in the headers how the window stands. Raises `AnswerError` when it is one too many."""
        exempt = caller is not None and self._workspace.permissions.has(caller, route.unlimited_for)
        window = self._window(route)
        if window is None or exempt:
            return
        hit = window.hit(request.remote)
        headers["X-RateLimit-Limit"] = str(window.calls)
        headers["X-RateLimit-Remaining"] = str(hit.left)
        headers["X-RateLimit-Reset"] = str(milliseconds(self._workspace.world.clock.now() + hit.reset_in))
        if not hit.allowed:
            raise too_many_requests(hit.wait_seconds)


def _query(request: web.Request) -> Document:
    """The parameters of a GET; `name[]` and a repeated name make a list."""
    data: Document = {}
    for name in request.query:
        values = request.query.getall(name)
        data[name.removesuffix("[]")] = list(values) if name.endswith("[]") or len(values) > 1 else values[0]
    return data


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
