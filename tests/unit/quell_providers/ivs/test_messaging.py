"""One connection to a messaging socket on loopback."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol
from websockets.utils import accept_key

from quell_providers.ivs.messaging import LinkLostError, dial
from quell_providers.secret import Secret
from tests.unit.quell_providers.mutation import Damage

TOKEN = "AQICAHgm5DC1V25pBVEhXdu--token"


@asynccontextmanager
async def service(
    talk: Callable[[ServerConnection], Awaitable[None]], *, status: HTTPStatus | None = None
) -> AsyncIterator[str]:
    def admit(connection: ServerConnection, request: Request) -> Response | None:
        return connection.respond(status, "its words") if status else None

    async with serve(
        talk, "127.0.0.1", 0, subprotocols=[Subprotocol(TOKEN)], process_request=admit, close_timeout=1
    ) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def raw(reply: Callable[[bytes], bytes]) -> AsyncIterator[str]:
    """A service that answers every handshake with the bytes that `reply` makes of the right `Sec-WebSocket-Accept`."""

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        key = next(line.split(": ")[1] for line in head.splitlines() if line.lower().startswith("sec-websocket-key"))
        writer.write(reply(accept_key(key).encode()))
        writer.write_eof()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(serve_one, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def hold(connection: ServerConnection) -> None:
    await connection.wait_closed()


async def read_to_the_end(url: str) -> None:
    async with dial(url, Secret.of(TOKEN)) as socket:
        while True:
            await socket.receive()


async def lost(url: str, token: str = TOKEN) -> LinkLostError:
    with pytest.raises(LinkLostError) as caught:
        async with dial(url, Secret.of(token)) as socket:
            await socket.receive()
    assert token not in f"{caught.value} {caught.value.cause} {caught.value.detail}"
    return caught.value


async def test_the_token_is_the_subprotocol_and_frames_come_as_bytes() -> None:
    seen: list[str | None] = []

    async def talk(connection: ServerConnection) -> None:
        seen.append(connection.request.headers["Sec-WebSocket-Protocol"] if connection.request else None)
        await connection.send('{"Type":"EVENT"}')
        await connection.wait_closed()

    async with service(talk) as url, dial(url, Secret.of(TOKEN)) as socket:
        assert await socket.receive() == b'{"Type":"EVENT"}'
    assert seen == [TOKEN]


async def test_leaving_closes_the_connection() -> None:
    closed = asyncio.Event()

    async def talk(connection: ServerConnection) -> None:
        await connection.wait_closed()
        closed.set()

    async with service(talk) as url:
        async with dial(url, Secret.of(TOKEN)):
            pass
        await asyncio.wait_for(closed.wait(), 5)


async def test_a_close_says_why() -> None:
    async def talk(connection: ServerConnection) -> None:
        await connection.close(1001, "going away now")

    async with service(talk) as url:
        assert "going away now" in (await lost(url)).detail


async def test_a_cut_line_is_a_lost_link() -> None:
    async def talk(connection: ServerConnection) -> None:
        connection.transport.abort()

    async with service(talk) as url:
        assert (await lost(url)).detail


async def test_a_refused_upgrade_is_told_with_its_status_and_words() -> None:
    async with service(hold, status=HTTPStatus.FORBIDDEN) as url:
        assert (await lost(url)).detail == "HTTP 403 its words"


async def test_a_redirect_is_not_followed() -> None:
    reached = asyncio.Event()

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.set()
        writer.close()

    target = await asyncio.start_server(elsewhere, "127.0.0.1", 0)
    port = target.sockets[0].getsockname()[1]
    head = f"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:{port}/\r\nContent-Length: 0\r\n\r\n".encode()
    async with target, raw(lambda _: head) as url:
        assert (await lost(url)).detail == "HTTP 302"
    assert not reached.is_set()


async def test_whatever_bytes_come_a_link_is_lost_and_nothing_worse() -> None:
    damage = Damage(6)
    bodies = list(damage.texts([{"Type": "MESSAGE", "Id": "Message00001"}], 300))
    turns = iter(range(300))

    def reply(accept: bytes) -> bytes:
        """Garbage in place of the handshake, of its headers, or of frames after it."""
        turn = next(turns)
        good = b"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept
        whole = (b"", good, good + b"\r\n\r\n" + bytes([(0x81, 0x82, 0x88, 0x8A, 0x01, 0xF1)[turn % 6]]))[turn % 3]
        return whole + bodies[turn]

    async with raw(reply) as url:
        for _ in range(300):
            with pytest.raises(LinkLostError):
                await read_to_the_end(url)


async def test_nobody_there() -> None:
    async with service(hold) as url:
        pass
    assert (await lost(url)).cause == "The messaging service could not be reached."


@pytest.mark.parametrize("token", ["with space", "with=equals", "AQICAH/slash", ""])
async def test_a_token_that_is_no_subprotocol_is_not_repeated(token: str) -> None:
    async with service(hold) as url:
        with pytest.raises(LinkLostError) as caught:
            async with dial(url, Secret.of(token)):
                pass
    assert caught.value.detail == "ValueError" or not token


async def test_the_token_stays_out_of_the_most_talkative_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "websockets.server")  # the far end's own log is no matter of ours
    async with service(hold) as url, dial(url, Secret.of(TOKEN)):
        pass
    assert TOKEN not in caplog.text
