"""One open messaging socket: frames go out in order, requests come in, until one side closes."""

import asyncio
from collections.abc import Callable

from aiohttp import ClientConnectionResetError, WSMsgType, web

from quell_providers.sandbox.ivs.tokens import Session

_MOST_WAITING = 20_000
"""Frames that may wait for a client which does not read; then it is cut off."""


class Connection:
    """A client in a room."""

    def __init__(self, session: Session, socket: web.WebSocketResponse, transport: asyncio.Transport) -> None:
        self.session = session
        self._socket = socket
        self._transport = transport
        self._outbox: asyncio.Queue[str | int] = asyncio.Queue(_MOST_WAITING)
        self.ended = asyncio.Event()

    def send(self, frame: str) -> None:
        """Put an encoded frame on its way."""
        self._put(frame)

    def close(self, code: int) -> None:
        """Close properly, after every frame sent before this."""
        self._put(code)

    def drop(self) -> None:
        """Cut the line without a word, as a failing network does."""
        self._transport.abort()

    async def run(self, answer: Callable[[str], None]) -> None:
        """Serve the connection until it ends, handing each text frame to `answer`."""
        try:
            code = await self._serve(answer)
            if code is not None:
                await self._socket.close(code=code)
        finally:
            self.ended.set()

    async def _serve(self, answer: Callable[[str], None]) -> int | None:
        """Read and write until one side ends it. Returns the code to close with, if it was this side."""
        reader = asyncio.create_task(self._read(answer))
        writer = asyncio.create_task(self._write())
        try:
            await asyncio.wait({reader, writer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # The reader must be out of the socket before it is closed, or the client's own Close frame is not awaited.
            reader.cancel()
            writer.cancel()
            ended = await asyncio.gather(reader, writer, return_exceptions=True)
        failures = [end for end in ended if isinstance(end, Exception)]
        if failures:
            raise failures[0]
        return ended[1] if isinstance(ended[1], int) else None

    def _put(self, item: str | int) -> None:
        try:
            self._outbox.put_nowait(item)
        except asyncio.QueueFull:
            self.drop()

    async def _read(self, answer: Callable[[str], None]) -> None:
        async for frame in self._socket:
            if frame.type is WSMsgType.TEXT:
                answer(frame.data)

    async def _write(self) -> int | None:
        """Send what is in the outbox. Returns the close code found there, or `None` when the client is gone."""
        while True:
            item = await self._outbox.get()
            if isinstance(item, int):
                return item
            try:
                await self._socket.send_str(item)
            except ClientConnectionResetError:
                return None
