"""The sending side of a WebSocket: frames encoded once for everybody, written in batches, tampered with by faults."""

import asyncio
import socket
from asyncio import Future
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, cast

from aiohttp import web

from quell_providers.sandbox.clock import Clock
from quell_providers.sandbox.faults import Faults
from quell_providers.sandbox.world import Service

_MOST_WAITING = 64 * 1024 * 1024
"""Bytes that may wait for a client which does not read; then it is cut off."""
_TEXT = 0x81
"""First byte of a text frame that is not continued (RFC 6455, section 5.2)."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A text frame, the same for everybody who gets it."""

    payload: bytes
    route: str
    """By which faults know it: the socket and what is told, such as `messaging/EVENT`."""
    room_id: str = ""
    wire: bytes = field(init=False, repr=False)
    """The frame as it is on the wire."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "wire", _framed(self.payload))


class Outbox:
    """Sends frames to one client, in order, at the end of the event loop's turn in which they came.

    Args:
        transport: The connection; its WebSocket handshake is over.
        service: Whose faults strike.
        faults: What goes wrong.
        clock: What delays are measured by.
        revoke: Called when a fault takes the client's credentials away; ends the connection the service's own way.
    """

    def __init__(
        self, transport: asyncio.Transport, service: Service, faults: Faults, clock: Clock, revoke: Callable[[], None]
    ) -> None:
        self._transport = transport
        self._service = service
        self._faults = faults
        self._clock = clock
        self._revoke = revoke
        self._waiting: list[bytes] = []
        self._overtaken: list[bytes] = []
        """Frames to be sent after the next one."""
        self._late: deque[tuple[float, list[bytes]]] = deque()
        """Frames that a delay holds back, each until a time of the clock."""
        self._is_mute = False
        self._is_revoked = False

    def send(self, frame: Outgoing) -> None:
        """Put a frame on its way."""
        if self._faults or self._late or self._overtaken:
            self._send_with_faults(frame)
        else:
            self._write(frame.wire)

    def flush(self) -> None:
        """Hand everything to the operating system now."""
        if not self._waiting:
            return
        batch = b"".join(self._waiting)
        self._waiting.clear()
        if self._is_mute or self._transport.is_closing():
            return
        self._transport.write(batch)
        if self._transport.get_write_buffer_size() > _MOST_WAITING:
            self._transport.abort()

    def abort(self) -> None:
        """Cut the connection without a word, as a failing network does."""
        self._is_mute = True
        self._transport.abort()

    def _write(self, wire: bytes) -> None:
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self.flush)
        self._waiting.append(wire)

    def _send_with_faults(self, frame: Outgoing) -> None:
        decide = self._faults.decide
        service, route, room_id = self._service, frame.route, frame.room_id
        if not self._is_revoked and decide(service, "revoke", route=route, room_id=room_id):
            self._is_revoked = True  # the frame that tells of it must not strike again
            self._revoke()
        elif decide(service, "drop", route=route, room_id=room_id):
            self.abort()
        elif decide(service, "half-close", route=route, room_id=room_id):
            self.flush()
            self._is_mute = True
            shut_sending(self._transport)
        elif decide(service, "reorder", route=route, room_id=room_id):
            self._overtaken += self._copies(frame)
        else:
            wires = self._copies(frame) + self._overtaken
            self._overtaken = []
            delay = decide(service, "delay", route=route, room_id=room_id)
            self._write_later(wires, delay.seconds if delay else 0.0)

    def _copies(self, frame: Outgoing) -> list[bytes]:
        """The frame as faults would have it, as often as they would."""
        where = {"route": frame.route, "room_id": frame.room_id}
        wire = frame.wire
        if self._faults.decide(self._service, "malformed", **where):
            wire = _framed(halved(frame.payload))
        elif fault := self._faults.decide(self._service, "oversized", **where):
            wire = _framed(frame.payload.ljust(fault.size))
        return [wire, wire] if self._faults.decide(self._service, "duplicate", **where) else [wire]

    def _write_later(self, wires: list[bytes], seconds: float) -> None:
        """Write after so many seconds, and never before what is held back already."""
        if not seconds and not self._late:
            for wire in wires:
                self._write(wire)
            return
        due = max(self._clock.now() + seconds, self._late[-1][0] if self._late else 0.0)
        self._late.append((due, wires))
        if len(self._late) == 1:
            self._clock.call_at(due, self._release)

    def _release(self) -> None:
        while self._late and self._late[0][0] <= self._clock.now():
            for wire in self._late.popleft()[1]:
                self._write(wire)
        if self._late:
            self._clock.call_at(self._late[0][0], self._release)


async def serve(
    socket: web.WebSocketResponse, outbox: Outbox, reading: Coroutine[object, object, None], close_code: Future[int]
) -> None:
    """Read until the client is gone, or until there is a code to close with; what was sent before goes out first."""
    reader = asyncio.create_task(reading)
    ends: set[Future[Any]] = {reader, close_code}
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        # It must be out of the socket before that is closed, or the client's own Close frame is not awaited.
        reader.cancel()
        (failure,) = await asyncio.gather(reader, return_exceptions=True)
    if isinstance(failure, Exception):
        raise failure
    if close_code.done():
        outbox.flush()
        await socket.close(code=close_code.result())


def halved(payload: bytes) -> bytes:
    """The first half of a UTF-8 text, which is no longer JSON but still UTF-8."""
    return payload[: len(payload) // 2].decode(errors="ignore").encode()


def shut_sending(transport: asyncio.BaseTransport) -> None:
    """End this side of a connection and leave the other one open."""
    cast("socket.socket", transport.get_extra_info("socket")).shutdown(socket.SHUT_WR)


def _framed(payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((_TEXT, size)) + payload
    if size < 65_536:
        return b"%c\x7e%b%b" % (_TEXT, size.to_bytes(2), payload)
    return b"%c\x7f%b%b" % (_TEXT, size.to_bytes(8), payload)
