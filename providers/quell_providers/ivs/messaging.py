"""One connection to the messaging socket."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.typing import Subprotocol

from quell_providers.ivs.settings import is_loopback
from quell_providers.secret import Secret
from quell_providers.sockets import BatchedConnection, StraightConnect

_OPEN_SECONDS = 10.0
_CLOSE_SECONDS = 2.0
PING_SECONDS = 20.0
"""A ping goes out so often, and its answer is waited for so long: a dead peer is noticed after twice this time."""
_LARGEST_FRAME = 4 * 2**20
"""Bytes; far more than a message of 500 characters can need, so that nothing a room holds ends the connection."""
_BUFFERED_FRAMES = 2048
"""How many frames may wait while missed messages are fetched, before the service is made to wait."""

# A logger of its own, because at DEBUG level the library logs the request headers, and one of them is the token.
_quiet = logging.getLogger(f"{__name__}.websocket")
_quiet.setLevel(logging.INFO)


class LinkLostError(Exception):
    """The connection could not be made, or ended."""

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        """In plain language."""
        self.detail = detail
        """In the words of the other side or the operating system; raw."""


class Socket(Protocol):
    """A messaging connection that stands."""

    @property
    def has_frame(self) -> bool:
        """Whether `receive` has nothing to wait for."""
        ...

    async def receive(self) -> bytes:
        """The next frame. Raises `LinkLostError` when there will be none."""
        ...


Dial = Callable[[str, Secret], AbstractAsyncContextManager[Socket]]


@asynccontextmanager
async def dial(url: str, token: Secret) -> AsyncIterator[Socket]:
    """Connect with a token, which is good for one connection and goes into the subprotocol. Raises `LinkLostError`."""
    try:
        connection = await StraightConnect(
            url,
            create_connection=BatchedConnection,
            subprotocols=[Subprotocol(token.reveal())],
            compression=None,
            open_timeout=_OPEN_SECONDS,
            close_timeout=_CLOSE_SECONDS,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_SECONDS,
            max_size=_LARGEST_FRAME,
            max_queue=_BUFFERED_FRAMES,
            proxy=None if is_loopback(url) else True,
            logger=_quiet,
        )
    except InvalidStatus as error:
        body = (error.response.body or b"").decode("utf-8", "replace")[:200]
        raise LinkLostError(
            "The messaging service did not take the connection.", f"HTTP {error.response.status_code} {body}".rstrip()
        ) from None
    except (WebSocketException, ValueError) as error:
        # The texts of these errors may hold the token.
        raise LinkLostError("The messaging service could not be talked to.", type(error).__name__) from None
    except TimeoutError:
        raise LinkLostError("The messaging service did not answer in time.") from None
    except OSError as error:
        raise LinkLostError("The messaging service could not be reached.", str(error)) from None
    try:
        yield _Connection(connection)
    finally:
        await connection.close()


class _Connection:
    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    @property
    def has_frame(self) -> bool:
        return len(self._connection.recv_messages.frames) > 0

    async def receive(self) -> bytes:
        try:
            return await self._connection.recv(decode=False)
        except ConnectionClosed as closed:
            raise LinkLostError("The messaging connection ended.", str(closed)) from None
