"""Whatever bytes come over the connection itself, below JSON, a call is answered or refused, and a socket ends."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from quell_providers.refusal import RefusalKind, RefusedError
from quell_providers.rocketchat import wire
from quell_providers.rocketchat.ddp import DdpConnection
from quell_providers.rocketchat.network import tls_context
from quell_providers.rocketchat.rest import Rest
from tests.unit.quell_providers.mutation import Damage
from tests.unit.quell_providers.rocketchat.fakes import credentials, settings

ME = b'{"_id":"u","success":true}'
ANSWER = b"HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nX-RateLimit-Limit: 10\r\n"
ANSWERS = [
    ANSWER + b"Content-Length: 26\r\n\r\n" + ME,
    ANSWER + b"Transfer-Encoding: chunked\r\n\r\n1a\r\n" + ME + b"\r\n0\r\n\r\n",
    ANSWER + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(ME, mtime=0),
    b"HTTP/1.1 302 Found\r\nLocation: https://example.org/\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n",
]
UPGRADES = [
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\x81\x0f" + b'{"server_id":0}',
    b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nnot found",
]


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


def damaged(originals: list[bytes], seed: int, count: int) -> Iterator[bytes]:
    damage = Damage(seed)
    for number in range(count):
        yield damage.scramble(originals[number % len(originals)])


@asynccontextmanager
async def saying(said: Iterator[bytes]) -> AsyncIterator[str]:
    """A server that answers each connection with the next of these, and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(next(said))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_rest() -> None:
    answered, kinds = 0, set()
    async with saying(damaged(ANSWERS, seed=21, count=100)) as url:
        chosen = settings(url)
        rest = Rest(chosen, credentials(), tls_context(chosen))
        for _ in range(100):
            rest._budgets.clear()
            try:
                async with asyncio.timeout(10):
                    answered += (await rest.get("me", wire.Me)).id != ""
            except RefusedError as error:
                kinds.add(error.refusal.kind)
        await rest.aclose()
    assert answered > 5
    assert {RefusalKind.UNAVAILABLE, RefusalKind.INVALID} <= kinds


async def test_realtime() -> None:
    refused = 0
    async with saying(damaged(UPGRADES, seed=22, count=100)) as url:
        chosen = settings(url)
        for _ in range(100):
            try:
                async with asyncio.timeout(10):
                    connection = await DdpConnection.open(chosen, tls_context(chosen))
                    await connection.greet()
            except RefusedError as error:
                refused += bool(error.refusal.cause)
    assert refused == 100
