"""One open messaging socket: frames go out in order, requests come in, until one side closes."""

import asyncio
from collections.abc import Callable

from aiohttp import WSMsgType, web

from quell_providers.sandbox.clock import Clock
from quell_providers.sandbox.ivs.quotas import MESSAGING_PER_CONNECTION
from quell_providers.sandbox.ivs.throttle import TokenBucket
from quell_providers.sandbox.ivs.tokens import Session
from quell_providers.sandbox.outbox import Outbox, Outgoing, serve


class Connection:
    """A client in a room.

    Args:
        address: The client's IP address.
        clock: What the rate of requests is measured with.
    """

    def __init__(
        self, session: Session, socket: web.WebSocketResponse, outbox: Outbox, *, address: str, clock: Clock
    ) -> None:
        self.session = session
        self.address = address
        self.requests = TokenBucket(MESSAGING_PER_CONNECTION, clock)
        self._socket = socket
        self._outbox = outbox
        self._close_code: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.ended = asyncio.Event()

    def send(self, frame: Outgoing) -> None:
        """Put a frame on its way."""
        self._outbox.send(frame)

    def close(self, code: int) -> None:
        """Close properly, after every frame sent before this."""
        if not self._close_code.done():
            self._close_code.set_result(code)

    def drop(self) -> None:
        """Cut the line without a word, as a failing network does."""
        self._outbox.abort()

    async def run(self, answer: Callable[[str], None]) -> None:
        """Serve the connection until it ends, handing each text frame to `answer`."""
        try:
            await serve(self._socket, self._outbox, self._read(answer), self._close_code)
        finally:
            self.ended.set()

    async def _read(self, answer: Callable[[str], None]) -> None:
        async for frame in self._socket:
            if frame.type is WSMsgType.TEXT:
                answer(frame.data)
