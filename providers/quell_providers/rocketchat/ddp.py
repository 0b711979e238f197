"""One connection to the realtime API: DDP over a WebSocket at `<server>/websocket`."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterable
from itertools import count
from typing import Self

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from quell_providers.rocketchat import network, quota, refusals, wire
from quell_providers.rocketchat.settings import RocketChatSettings
from quell_providers.secret import Secret
from quell_providers.sockets import BatchedConnection, StraightConnect

OnChange = Callable[[str, list[msgspec.Raw]], None]
"""Is given the event's name (`<room id>` or `<room id>/…`) and its arguments."""

SILENCE = 30.0
"""Seconds without a frame after which the server is asked for a sign of life; after as many again it counts as gone."""

_log = logging.getLogger(__name__)
_socket_log = logging.getLogger(f"{__name__}.socket")
_socket_log.setLevel(logging.INFO)  # at DEBUG the library would write every frame, the token among them

_ANSWER = 15.0  # seconds to wait for the answer to a frame
_LARGEST_FRAME = 4 * 2**20  # bytes
_LONGEST_WAIT = 24 * 3_600_000  # milliseconds; whatever is longer is not meant


class DdpConnection:
    """A socket that is open; `greet` and `login` come first, then `run` reads until it ends.

    Args:
        socket: The socket, just opened.
        silence: See `SILENCE`.
    """

    def __init__(self, socket: ClientConnection, silence: float = SILENCE) -> None:
        self._socket = socket
        self._silence = silence
        self._ids = count(1)
        self._pending: dict[str, asyncio.Future[None]] = {}
        self._subscriptions: dict[tuple[str, str], str] = {}

    @classmethod
    async def open(cls, settings: RocketChatSettings, tls: ssl.SSLContext, silence: float = SILENCE) -> Self:
        """Open a socket to the server. Raises `RefusedError`."""
        try:
            socket = await StraightConnect(
                settings.socket_url,
                create_connection=BatchedConnection,
                ssl=tls if settings.socket_url.startswith("wss") else None,
                proxy=None if settings.is_loopback else True,
                user_agent_header="Quell",
                ping_interval=None,  # DDP has pings of its own
                close_timeout=1,
                max_size=_LARGEST_FRAME,
                logger=_socket_log,
            )
        except InvalidStatus as error:
            refusal = _not_a_socket(error.response.status_code, error.response.reason_phrase)
        except (OSError, WebSocketException) as error:
            refusal = network.unreachable(error)
        else:
            return cls(socket, silence)
        raise RefusedError(refusal)

    async def greet(self) -> None:
        """Agree on the version of the protocol. Raises `RefusedError`."""
        await self._send({"msg": "connect", "version": "1", "support": ["1", "pre2", "pre1"]})
        while (frame := await self._next()).msg != "connected":
            if frame.msg == "failed":
                raise RefusedError(
                    Refusal(
                        kind=RefusalKind.INVALID, cause="The server does not speak version 1 of its realtime protocol."
                    )
                )

    async def login(self, token: Secret) -> None:
        """Resume the login that the token stands for (method `login`). Raises `RefusedError`."""
        number = str(next(self._ids))
        # The token stays wrapped until the frame is encoded, so that no traceback can show it.
        await self._send({"msg": "method", "method": "login", "id": number, "params": [{"resume": token}]})
        while (frame := await self._next()).msg != "result" or frame.id != number:
            pass
        if frame.error is not None:
            raise RefusedError(refusals.login(*refusals.words_of_ddp(frame.error), _wait(frame.error)))

    async def subscribe(self, stream: str, key: str) -> None:
        """Have events of one kind sent from now on; nothing is asked for twice. Raises `RefusedError`."""
        if (stream, key) in self._subscriptions:
            return
        number = self._subscriptions[stream, key] = str(next(self._ids))
        answer = self._pending[number] = asyncio.get_running_loop().create_future()
        try:
            params = [key, {"useCollection": False, "args": []}]
            await self._send({"msg": "sub", "id": number, "name": stream, "params": params})
            async with asyncio.timeout(_ANSWER):
                await answer
        except TimeoutError:
            self._subscriptions.pop((stream, key), None)
            raise RefusedError(refusals.unavailable("", "The server did not answer.")) from None
        except RefusedError:
            self._subscriptions.pop((stream, key), None)
            raise
        finally:
            del self._pending[number]

    async def unsubscribe(self, subscriptions: Iterable[tuple[str, str]]) -> None:
        """End what `subscribe` began: by now for whoever subscribes next, soon for the server."""
        numbers = [self._subscriptions.pop(each) for each in subscriptions if each in self._subscriptions]
        try:
            for number in numbers:
                await self._send({"msg": "unsub", "id": number})
        except RefusedError:
            _log.info("the connection ended before its subscriptions did")

    async def run(self, on_change: OnChange) -> Refusal:
        """Read until the connection ends. Returns why it did."""
        try:
            while True:
                self._take(await self._next(), on_change)
        except RefusedError as error:
            for answer in self._pending.values():
                if not answer.done():
                    answer.set_exception(error)
            return error.refusal

    async def aclose(self) -> None:
        """Close the socket."""
        await self._socket.close()

    def _take(self, frame: wire.Frame, on_change: OnChange) -> None:
        match frame.msg:
            case "changed" if frame.fields is not None:
                on_change(frame.fields.event_name, frame.fields.args)
            case "ready":
                for number in frame.subs:
                    if (answer := self._pending.get(number)) and not answer.done():
                        answer.set_result(None)
            case "nosub":
                if (answer := self._pending.get(frame.id or "")) and not answer.done():
                    error = frame.error or wire.DdpError()
                    answer.set_exception(
                        RefusedError(refusals.explain(0, *refusals.words_of_ddp(error), retry_after=_wait(error)))
                    )

    async def _next(self) -> wire.Frame:
        """The next frame that is not housekeeping."""
        while True:
            data = await self._receive()
            try:
                frame = wire.read(data, wire.Frame)
            except wire.MalformedError as error:
                _log.info("a frame of the server can not be read: %s", error)
                continue
            if frame.msg != "ping":
                return frame
            await self._send({"msg": "pong"} if frame.id is None else {"msg": "pong", "id": frame.id})

    async def _receive(self) -> bytes:
        data = await self._hear()
        if data is None:
            await self._send({"msg": "ping"})
            data = await self._hear()
        if data is None:
            detail = f"not a sign of life for {2 * self._silence:g} s"
            raise RefusedError(refusals.unavailable(detail, "The server fell silent."))
        return data

    async def _hear(self) -> bytes | None:
        """What comes next; `None` when nothing does for too long."""
        try:
            async with asyncio.timeout(self._silence):
                return await self._socket.recv(decode=False)
        except TimeoutError:
            return None
        except ConnectionClosed as error:
            raise _ended(error) from None

    async def _send(self, frame: dict[str, object]) -> None:
        try:
            await self._socket.send(wire.encode(frame), text=True)
        except ConnectionClosed as error:
            raise _ended(error) from None


def _ended(error: ConnectionClosed) -> RefusedError:
    return RefusedError(refusals.unavailable(str(error), "The connection to the server ended."))


def _wait(error: wire.DdpError) -> float | None:
    """Seconds until a call that came too often may be made again."""
    reset = error.details.get("timeToReset") if isinstance(error.details, dict) else None
    if isinstance(reset, (int, float)) and 0 <= reset < _LONGEST_WAIT:
        return reset / 1000
    return quota.retry_after({}, refusals.words_of_ddp(error)[1], 0.0)


def _not_a_socket(status: int, reason: str) -> Refusal:
    """The refusal when the server, or a proxy in front of it, answers in place of opening the socket."""
    detail = f"HTTP {status} {reason}"
    refusal = refusals.explain(status, "", detail)
    if refusal.kind in (RefusalKind.UNAVAILABLE, RefusalKind.THROTTLED):
        return refusal
    return Refusal(
        kind=RefusalKind.INVALID,
        code=str(status),
        detail=detail,
        cause="The server does not open its realtime socket, so nothing new can be shown.",
        remedy="Check the account's url. A proxy in front of the server must let WebSocket connections pass.",
    )
