"""Where a service meets the network: faults strike here, and every call is put on record."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from quell_providers.sandbox.clock import Clock
from quell_providers.sandbox.faults import Fault, Faults, Kind
from quell_providers.sandbox.outbox import Outbox, halved, shut_sending
from quell_providers.sandbox.truth import Call, Truth
from quell_providers.sandbox.world import Service

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HALF_CLOSED_SECONDS = 60.0
"""How long a client may hold on to a connection that the service has ended on its side."""
_LOOK_SECONDS = 0.02
_about_current: ContextVar["About"] = ContextVar("about")
"""What the request of the running task is about."""


@dataclass(frozen=True, slots=True)
class About:
    """What a request is about, as far as it says."""

    route: str
    caller: str = ""
    room_id: str = ""
    message_id: str = ""


class Edge:
    """The edge of one service.

    Args:
        service: Whose it is.
        faults: What goes wrong.
        truth: Where calls are put on record.
        clock: The service's clock, which a fault may skew.
        about: Tells what a request is about, from it and its body.
        revoke: Takes back the credentials that a request bears.
    """

    def __init__(
        self,
        service: Service,
        faults: Faults,
        truth: Truth,
        clock: Clock,
        *,
        about: Callable[[web.Request, bytes], About],
        revoke: Callable[[web.Request], None],
    ) -> None:
        self._service = service
        self._faults = faults
        self._truth = truth
        self._clock = clock
        self._about = about
        self._revoke = revoke

    def guard(self, app: web.Application) -> None:
        """Let every request of an application pass here."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._pass(request, handler)

        app.middlewares.append(guard)
        app.on_response_prepare.append(self._record_upgrade)

    def outbox(self, transport: asyncio.Transport, revoke: Callable[[], None]) -> Outbox:
        """The sending side of a socket of this service."""
        return Outbox(transport, self._service, self._faults, self._clock, revoke)

    def failure_of(self, about: About) -> Fault | None:
        """The fault that keeps a request over a socket from being carried out, if there is one."""
        return self._decide("status", about) if self._faults else None

    def record(self, about: About, status: int, fault: Kind | str = "") -> None:
        """Put a call and its answer on record."""
        self._truth.record(
            Call(
                service=self._service,
                route=about.route,
                status=status,
                at=self._truth.now(),
                caller=about.caller,
                room_id=about.room_id,
                message_id=about.message_id,
                fault=fault,
            )
        )

    async def _pass(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        # A JSON body is kept for the handler; others may be read only once, and by the handler.
        body = await request.read() if "json" in request.content_type else b""
        about = self._about(request, body)
        _about_current.set(about)
        refusal = await self._strike_before(request, about) if self._faults else None
        if refusal is not None:
            return refusal
        try:
            response = await handler(request)
        except web.HTTPException as error:
            self.record(about, error.status)
            raise
        except Exception:
            self.record(about, HTTPStatus.INTERNAL_SERVER_ERROR)
            raise
        if isinstance(response, web.WebSocketResponse):
            return response
        return self._strike_after(request, about, response)

    async def _strike_before(self, request: web.Request, about: About) -> web.StreamResponse | None:
        """What faults make of a request before it is carried out; `None`: carry it out."""
        is_upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
        delay = self._decide("delay", about)
        if delay:
            await _pass_time(self._clock, delay.seconds)
        if self._decide("revoke", about):
            self._revoke(request)
        if self._decide("drop", about):
            return self._cut(request, about, "drop")
        if self._decide("half-close", about):
            self.record(about, 0, "half-close")
            await _half_close(request)
            return web.Response()
        refusal = (is_upgrade and self._decide("refuse-upgrade", about)) or self._decide("status", about)
        if refusal:
            self.record(about, refusal.status, refusal.kind)
            return _failure(refusal)
        return None

    def _strike_after(self, request: web.Request, about: About, response: web.StreamResponse) -> web.StreamResponse:
        """What faults make of an answer."""
        if not self._faults:
            self.record(about, response.status)
            return response
        if self._decide("lost-answer", about):
            return self._cut(request, about, "lost-answer")
        content = response.body if isinstance(response, web.Response) else None
        kind = ""
        if isinstance(response, web.Response) and isinstance(content, bytes):
            if self._decide("malformed", about):
                kind, response.body = "malformed", halved(content)
            elif fault := self._decide("oversized", about):
                kind, response.body = "oversized", content.ljust(fault.size)
        self.record(about, response.status, kind)
        return response

    def _decide(self, kind: Kind, about: About) -> Fault | None:
        return self._faults.decide(self._service, kind, route=about.route, room_id=about.room_id)

    def _cut(self, request: web.Request, about: About, kind: Kind) -> web.StreamResponse:
        self.record(about, 0, kind)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()  # nobody gets it

    async def _record_upgrade(self, request: web.Request, response: web.StreamResponse) -> None:
        if isinstance(response, web.WebSocketResponse):
            self.record(_about_current.get(), response.status)


def _failure(fault: Fault) -> web.Response:
    """What a proxy in front of the service would say."""
    if fault.body == "empty":
        return web.Response(status=fault.status)
    try:
        phrase = HTTPStatus(fault.status).phrase
    except ValueError:
        phrase = "Error"
    title = f"{fault.status} {phrase}"
    text = f"<html>\r\n<head><title>{title}</title></head>\r\n<body><h1>{title}</h1></body>\r\n</html>\r\n"
    return web.Response(status=fault.status, text=text, content_type="text/html")


async def _pass_time(clock: Clock, seconds: float) -> None:
    """Wait by the sandbox's clock."""
    over = asyncio.Event()
    call_off = clock.call_at(clock.now() + seconds, over.set)
    try:
        await over.wait()
    finally:
        call_off()


async def _half_close(request: web.Request) -> None:
    """End the service's side of the connection, and wait until the client ends its own."""
    transport = request.transport
    if transport is None:
        return
    shut_sending(transport)
    try:
        async with asyncio.timeout(_HALF_CLOSED_SECONDS):
            while not transport.is_closing():  # noqa: ASYNC110 - aiohttp tells nobody when a client hangs up
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError:
        transport.abort()
