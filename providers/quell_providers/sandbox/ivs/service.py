"""Runs the emulated Amazon IVS Chat: one loopback port for control plane, chat logs and messaging."""

import asyncio
from contextlib import suppress
from typing import Any

import msgspec
from aiohttp import web

from quell_providers.sandbox.edge import Edge
from quell_providers.sandbox.faults import Faults
from quell_providers.sandbox.ivs import answers, errors, names
from quell_providers.sandbox.ivs.about import SOCKET, about, key_id_of
from quell_providers.sandbox.ivs.account import Account
from quell_providers.sandbox.ivs.actions import Actions
from quell_providers.sandbox.ivs.audience import Audience
from quell_providers.sandbox.ivs.broadcast import Broadcast
from quell_providers.sandbox.ivs.chatlog import ChatLogs
from quell_providers.sandbox.ivs.control import ControlPlane
from quell_providers.sandbox.ivs.keys import AccessKey, issue_keys
from quell_providers.sandbox.ivs.logs import Logs
from quell_providers.sandbox.ivs.messaging import Messaging
from quell_providers.sandbox.ivs.operations import OPERATIONS, TAG_METHODS
from quell_providers.sandbox.ivs.review import Function, Reviews
from quell_providers.sandbox.ivs.rooms import Result
from quell_providers.sandbox.ivs.signature import Call, signer
from quell_providers.sandbox.ivs.tokens import Tokens
from quell_providers.sandbox.truth import Truth
from quell_providers.sandbox.world import Place, World


class IvsService:
    """Amazon IVS Chat on 127.0.0.1, with fresh access keys.

    Args:
        world: What the service shows; must hold its history already.
        tps: Deletions a second that the account may ask for.
        log_delay_seconds: Seconds until a message can be read in CloudWatch Logs; about 10 on the real service.
        faults: What goes wrong.
        truth: Where calls are put on record.

    Attributes:
        region: The one region there is.
        keys: Access keys by role; see `issue_keys`.
        account: Rooms, logging configurations, quotas, and whether the account is still pending verification.
        error_form: How refusals of the control plane tell their code, from now on.
    """

    def __init__(
        self,
        world: World,
        *,
        tps: float,
        log_delay_seconds: float = 0.0,
        faults: Faults | None = None,
        truth: Truth | None = None,
    ) -> None:
        self.region = names.REGION
        self.keys: dict[str, AccessKey] = issue_keys()
        self.account = Account.of(world, deletions=tps)
        self.error_form = answers.ErrorForm.HEADER
        self._keys_by_id = {key.access_key_id: key for key in self.keys.values()}
        self._reviews = Reviews()
        audience, tokens = Audience(), Tokens(world.clock)
        chat_logs = ChatLogs(world.clock, delay=log_delay_seconds)
        self._broadcast = Broadcast(world, self.account.rooms, audience, chat_logs)
        self._control = ControlPlane(world, self.account, self._broadcast, tokens)
        self._logs = Logs(chat_logs, self.account.configurations)
        self._edge = Edge(
            "ivs",
            Faults() if faults is None else faults,
            Truth(world) if truth is None else truth,
            world.clock,
            about=lambda request, body: about(request, body, self._keys_by_id, tokens.peek),
            revoke=self._revoke_caller,
        )
        actions = Actions(world, self.account, self._broadcast, self._reviews)
        self._messaging = Messaging(world, audience, tokens, actions, self._edge)
        self._runner: web.AppRunner | None = None
        self._watch: asyncio.Task[None] | None = None
        self._port = 0

    @property
    def routes(self) -> frozenset[str]:
        """What faults and the ground truth call the operations, and the socket."""
        return frozenset({*OPERATIONS, "GetLogEvents", "FilterLogEvents", SOCKET})

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
        self._edge.guard(app)
        app.router.add_get("/", self._messaging.connect)
        app.router.add_post("/", self._answer_logs)
        app.router.add_route("*", "/tags/{arn:.+}", self._answer_tags)
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

    def revoke(self, access_key_id: str) -> None:
        """Let an access key be good for nothing from now on; open messaging connections are not touched."""
        self._keys_by_id.pop(access_key_id, None)

    def _revoke_caller(self, request: web.Request) -> None:
        self.revoke(key_id_of(request))

    def review(self, place: Place, function: Function, *, fallback: Result = "ALLOW") -> None:
        """Let a function of the caller's review every message that clients send to a room, from now on.

        Args:
            function: See `Function` for what it is given and answers.
            fallback: What becomes of a message when the function fails.
        """
        room = self.account.rooms.of(place)
        room.handler_uri, room.fallback = names.lambda_arn(f"review-{place.id}"), fallback
        self.add_function(room.handler_uri, function)

    def add_function(self, arn: str, function: Function) -> None:
        """Let a Lambda function exist, for rooms whose review handler is set by CreateRoom or UpdateRoom."""
        self._reviews.functions[arn] = function

    async def _answer_control(self, request: web.Request) -> web.Response:
        name = request.match_info["operation"]
        return await self._answer_operation(request, "" if name in TAG_METHODS.values() else name, {})

    async def _answer_tags(self, request: web.Request) -> web.Response:
        members: dict[str, Any] = {"resourceArn": request.match_info["arn"]}
        if request.method == "DELETE":
            members["tagKeys"] = request.query.getall("tagKeys", [])
        return await self._answer_operation(request, TAG_METHODS.get(request.method, ""), members)

    async def _answer_operation(self, request: web.Request, name: str, members: dict[str, Any]) -> web.Response:
        """Answer a call of the control plane. `members`: what the path and the query add to the body."""
        try:
            key, body = await self._read(request, "ivschat")
            answer = self._control.answer(name, key, body | members)
        except errors.AwsError as error:
            return answers.rest_refusal(error, self.error_form)
        return answers.rest(answer, OPERATIONS[name].status)

    async def _answer_logs(self, request: web.Request) -> web.Response:
        try:
            key, body = await self._read(request, "logs")
            answer = self._logs.answer(request.headers.get("X-Amz-Target", ""), key, body)
        except errors.AwsError as error:
            return answers.json_rpc_refusal(error)
        return answers.json_rpc(answer)

    async def _read(self, request: web.Request, service: str) -> tuple[AccessKey, dict[str, Any]]:
        content = await request.read()
        path, _, query = request.raw_path.partition("?")
        call = Call(request.method, path, query, request.headers, content)
        key = signer(call, service, self._keys_by_id)
        try:
            return key, msgspec.json.decode(content or b"{}", type=dict[str, Any])
        except msgspec.DecodeError:
            raise errors.unreadable() from None
