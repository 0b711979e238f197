"""Runs the emulated Amazon IVS Chat: one loopback port for control plane, chat logs and messaging."""

import asyncio
import json
import uuid
from contextlib import suppress
from typing import Any

import msgspec
from aiohttp import web

from quell_providers.sandbox.ivs import errors, names
from quell_providers.sandbox.ivs.actions import Actions
from quell_providers.sandbox.ivs.broadcast import Broadcast
from quell_providers.sandbox.ivs.control import ControlPlane
from quell_providers.sandbox.ivs.keys import AccessKey, issue_keys
from quell_providers.sandbox.ivs.logs import TARGET, Logs
from quell_providers.sandbox.ivs.messaging import Messaging
from quell_providers.sandbox.ivs.signature import Call, signer
from quell_providers.sandbox.ivs.throttle import TokenBucket
from quell_providers.sandbox.ivs.tokens import Tokens
from quell_providers.sandbox.world import World


class IvsService:
    """Amazon IVS Chat on 127.0.0.1, with fresh access keys.

    Args:
        world: What the service shows; must hold its history already.
        tps: Deletions a second that the account may ask for.
    """

    def __init__(self, world: World, *, tps: float) -> None:
        self.region = names.REGION
        self.keys: dict[str, AccessKey] = issue_keys()
        self._keys_by_id = {key.access_key_id: key for key in self.keys.values()}
        self._broadcast = Broadcast(world)
        tokens, deletions = Tokens(world.clock), TokenBucket(tps, world.clock)
        self._control = ControlPlane(world, self._broadcast, tokens, deletions)
        self._logs = Logs(world, self._broadcast)
        self._messaging = Messaging(world, self._broadcast, tokens, Actions(world, self._broadcast, deletions))
        self._runner: web.AppRunner | None = None
        self._watch: asyncio.Task[None] | None = None
        self._port = 0

    @property
    def endpoint_url(self) -> str:
        """Address of the control plane and of CloudWatch Logs, once started."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def messaging_url(self) -> str:
        """Address of the messaging socket, once started."""
        return f"ws://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_get("/", self._messaging.connect)
        app.router.add_post("/", self._answer_logs)
        app.router.add_post("/{operation}", self._answer_control)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        self._watch = asyncio.create_task(self._messaging.end_sessions())

    async def stop(self) -> None:
        """Close every connection and the port."""
        self._broadcast.close()
        if self._watch:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        # Before the server: once that shuts down, it no longer hears the clients' own Close frames.
        await self._messaging.close()
        if self._runner:
            await self._runner.cleanup()

    async def drop_connections(self) -> None:
        """Cut every messaging connection abruptly, as a failing network does."""
        self._messaging.drop()

    async def _answer_control(self, request: web.Request) -> web.Response:
        try:
            key, body = await self._read(request, "ivschat")
            answer = self._control.answer(request.match_info["operation"], key, body)
        except errors.AwsError as error:
            return _response(
                {"message": error.message} | error.members,
                status=error.status,
                headers={"x-amzn-errortype": error.code},
            )
        return _response(answer)

    async def _answer_logs(self, request: web.Request) -> web.Response:
        try:
            key, body = await self._read(request, "logs")
            if request.headers.get("X-Amz-Target") != TARGET:
                raise errors.unknown_operation()
            answer = self._logs.get_log_events(key, body)
        except errors.AwsError as error:
            refusal = {"__type": error.code, "message": error.message}
            return _response(refusal, status=400, content_type="application/x-amz-json-1.1")
        return _response(answer, content_type="application/x-amz-json-1.1")

    async def _read(self, request: web.Request, service: str) -> tuple[AccessKey, dict[str, Any]]:
        content = await request.read()
        path, _, query = request.raw_path.partition("?")
        call = Call(request.method, path, query, request.headers, content)
        key = signer(call, service, self._keys_by_id)
        try:
            return key, msgspec.json.decode(content or b"{}", type=dict[str, Any])
        except msgspec.DecodeError:
            raise errors.unreadable() from None


def _response(
    body: dict[str, Any],
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    content_type: str = "application/json",
) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers={"x-amzn-RequestId": str(uuid.uuid4())} | (headers or {}),
        content_type=content_type,
    )
