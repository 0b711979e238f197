"""Serves the control page on loopback, to whoever has the key in its address."""

import secrets
from typing import TYPE_CHECKING

from aiohttp import web

from quell_providers.sandbox.control.actions import ACTIONS
from quell_providers.sandbox.control.page import render

if TYPE_CHECKING:
    from quell_providers.sandbox.sandbox import Sandbox

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class ControlService:
    """The page on which people look at a running sandbox and let things go wrong.

    Every address but the one with the key is answered with an empty 404.
    """

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._key = secrets.token_urlsafe(32)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where the page is. Raises RuntimeError while it is not served."""
        if self._runner is None or not self._runner.addresses:
            raise RuntimeError("the sandbox is not running")
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/{self._key}/"

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        app = web.Application()
        app.router.add_get("/{key}/", self._show)
        app.router.add_post("/{key}/{action}", self._act)
        app.router.add_route("*", "/{rest:.*}", _nothing)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def stop(self) -> None:
        """Give the port back."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _show(self, request: web.Request) -> web.Response:
        return self._page() if self._has_key(request) else await _nothing(request)

    async def _act(self, request: web.Request) -> web.Response:
        """Do what a form asks for, and lead back to the page; or show the page with what is wrong."""
        action = ACTIONS.get(request.match_info["action"])
        if action is None or not self._has_key(request):
            return await _nothing(request)
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        try:
            await action(self._sandbox, form)
        except ValueError as problem:
            return self._page(str(problem))
        return web.Response(status=303, headers={**_HEADERS, "Location": "./"})

    def _has_key(self, request: web.Request) -> bool:
        return secrets.compare_digest(request.match_info["key"].encode(), self._key.encode())

    def _page(self, problem: str = "") -> web.Response:
        # Half of a surrogate pair, which hostile text may hold, is no UTF-8.
        body = render(self._sandbox, problem).encode(errors="replace")
        headers = {**_HEADERS, "Content-Type": "text/html; charset=utf-8"}
        return web.Response(body=body, status=400 if problem else 200, headers=headers)


async def _nothing(request: web.Request) -> web.Response:
    return web.Response(status=404, headers=_HEADERS)
