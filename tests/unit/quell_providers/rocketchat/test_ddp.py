import asyncio
import logging
import traceback

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from quell_providers.refusal import RefusalKind, RefusedError
from quell_providers.rocketchat.ddp import DdpConnection
from quell_providers.rocketchat.network import tls_context
from quell_providers.secret import Secret
from tests.unit.quell_providers.rocketchat.fakes import TOKEN, DdpServer, settings, until, wire_message

MESSAGES = "stream-room-messages"


async def opened(url: str, silence: float = 30.0) -> DdpConnection:
    chosen = settings(url)
    return await DdpConnection.open(chosen, tls_context(chosen), silence)


async def ready(server: DdpServer, silence: float = 30.0) -> DdpConnection:
    connection = await opened(server.url, silence)
    await connection.greet()
    await connection.login(Secret.of(TOKEN))
    return connection


class Reader:
    """Runs a connection, and keeps what it heard."""

    def __init__(self, connection: DdpConnection) -> None:
        self.heard: list[tuple[str, list[bytes]]] = []
        self.task = asyncio.create_task(
            connection.run(lambda event, args: self.heard.append((event, [*map(bytes, args)])))
        )


async def test_conversation() -> None:
    async with DdpServer() as server:
        connection = await ready(server)
        reader = Reader(connection)
        await connection.subscribe(MESSAGES, "GENERAL")
        await connection.subscribe(MESSAGES, "GENERAL")
        await server.tell("GENERAL", wire_message())
        await until(lambda: len(reader.heard) == 1)
        await connection.unsubscribe([(MESSAGES, "GENERAL")])
        await connection.unsubscribe([(MESSAGES, "GENERAL")])
        await until(lambda: len(server.sent("unsub")) == 1)
        await connection.aclose()
        assert (await reader.task).kind is RefusalKind.UNAVAILABLE
    assert server.sent("connect") == [{"msg": "connect", "version": "1", "support": ["1", "pre2", "pre1"]}]
    (login,) = server.sent("method")
    assert (login["method"], login["params"]) == ("login", [{"resume": TOKEN}])
    (sub,) = server.sent("sub")
    assert (sub["name"], sub["params"]) == (MESSAGES, ["GENERAL", {"useCollection": False, "args": []}])
    assert server.sent("unsub")[0]["id"] == sub["id"]
    assert reader.heard[0][0] == "GENERAL"


async def test_pings_are_answered_with_their_id() -> None:
    async with DdpServer() as server:
        connection = await ready(server)
        reader = Reader(connection)
        await server.push({"msg": "ping"})
        await server.push({"msg": "ping", "id": "7"})
        await until(lambda: len(server.sent("pong")) == 2)
        assert server.sent("pong") == [{"msg": "pong"}, {"msg": "pong", "id": "7"}]
        await connection.aclose()
        await reader.task


async def test_frames_that_can_not_be_read_hide_nothing_after_them() -> None:
    async with DdpServer() as server:
        connection = await ready(server)
        reader = Reader(connection)
        for junk in (
            b"",
            b"{",
            b"[1]",
            b'{"msg":5}',
            b"[" * 50_000,
            b'{"msg":"changed","fields":7}',
            b'{"msg":"error"}',
        ):
            await server.push(junk)
        await server.tell("GENERAL", wire_message())
        await until(lambda: len(reader.heard) == 1)
        await connection.aclose()
        await reader.task


async def test_silence_is_asked_about_and_then_ends_the_connection() -> None:
    async with DdpServer() as server:
        connection = await ready(server, silence=0.15)
        reader = Reader(connection)
        await until(lambda: len(server.sent("ping")) >= 2)  # the server answers, so the connection stays
        server.mute = True
        refusal = await reader.task
        assert refusal.kind is RefusalKind.UNAVAILABLE
        assert refusal.cause == "The server fell silent."
        await connection.aclose()


async def test_lost_connections_end_what_waits_on_them() -> None:
    async with DdpServer() as server:
        connection = await ready(server)
        reader = Reader(connection)
        server.mute = True
        waiting = asyncio.create_task(connection.subscribe(MESSAGES, "GENERAL"))
        await until(lambda: len(server.sent("sub")) == 1)
        server.drop()
        with pytest.raises(RefusedError) as refused:
            await waiting
        assert refused.value.refusal.kind is RefusalKind.UNAVAILABLE
        assert (await reader.task) == refused.value.refusal
        with pytest.raises(RefusedError):
            await connection.subscribe(MESSAGES, "GENERAL")
        await connection.unsubscribe([(MESSAGES, "GENERAL")])
        await connection.aclose()


@pytest.mark.parametrize(
    ("error", "kind", "wait"),
    [
        ({"error": "not-allowed", "message": "[not-allowed]"}, RefusalKind.PERMISSION, None),
        (
            {"error": "too-many-requests", "reason": "Error, too many requests.", "details": {"timeToReset": 1500}},
            RefusalKind.THROTTLED,
            1.5,
        ),
        ({"error": "too-many-requests", "details": {"timeToReset": 10**300}}, RefusalKind.THROTTLED, None),
        (
            {"error": "too-many-requests", "reason": "You must wait 4 seconds before trying again."},
            RefusalKind.THROTTLED,
            4.0,
        ),
    ],
)
async def test_refused_subscriptions_may_be_tried_again(
    error: dict[str, object], kind: RefusalKind, wait: float | None
) -> None:
    async with DdpServer() as server:
        connection = await ready(server)
        reader = Reader(connection)
        server.refusals.append(error)
        with pytest.raises(RefusedError) as refused:
            await connection.subscribe(MESSAGES, "GENERAL")
        assert (refused.value.refusal.kind, refused.value.refusal.retry_after) == (kind, wait)
        await connection.subscribe(MESSAGES, "GENERAL")
        await connection.aclose()
        await reader.task


async def test_refused_login_shows_the_token_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    async with DdpServer() as server:
        server.login_error = {"error": 403, "reason": "You've been logged out by the server. Please log in again."}
        with caplog.at_level(logging.DEBUG):
            connection = await opened(server.url)
            await connection.greet()
            with pytest.raises(RefusedError) as refused:
                await connection.login(Secret.of(TOKEN))
            await connection.aclose()
    refusal = refused.value.refusal
    assert (refusal.kind, refusal.code) == (RefusalKind.LOGIN, "403")
    assert "personal access token" in refusal.remedy
    assert TOKEN not in "".join(
        traceback.TracebackException.from_exception(refused.value, capture_locals=True).format()
    )
    assert TOKEN not in caplog.text


async def test_lost_login_shows_the_token_nowhere() -> None:
    async with DdpServer() as server:
        connection = await opened(server.url)
        await connection.greet()
        server.drop()
        await until(lambda: server.sockets[-1].close_code is not None)
        with pytest.raises(RefusedError) as refused:
            await connection.login(Secret.of(TOKEN))
        await connection.aclose()
    assert TOKEN not in "".join(
        traceback.TracebackException.from_exception(refused.value, capture_locals=True).format()
    )


async def test_another_version_of_the_protocol() -> None:
    async with DdpServer() as server:
        server.handshake = {"msg": "failed", "version": "2"}
        connection = await opened(server.url)
        with pytest.raises(RefusedError) as refused:
            await connection.greet()
        assert refused.value.refusal.kind is RefusalKind.INVALID
        await connection.aclose()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, RefusalKind.INVALID),
        (401, RefusalKind.INVALID),
        (404, RefusalKind.INVALID),
        (429, RefusalKind.THROTTLED),
        (502, RefusalKind.UNAVAILABLE),
    ],
)
async def test_no_socket_at_this_address(status: int, kind: RefusalKind) -> None:
    async with DdpServer() as elsewhere:

        def answer(connection: ServerConnection, request: Request) -> Response:
            location = elsewhere.url.replace("http", "ws") + "/websocket"
            return Response(status, "No", Headers({"Location": location, "Content-Length": "0"}), b"")

        async def unused(connection: ServerConnection) -> None:
            raise AssertionError

        async with serve(unused, "127.0.0.1", 0, process_request=answer) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            with pytest.raises(RefusedError) as refused:
                await opened(f"http://127.0.0.1:{port}")
        assert refused.value.refusal.kind is kind
        assert str(status) in refused.value.refusal.detail
        assert not elsewhere.sockets  # a redirect is never followed


async def test_nobody_there() -> None:
    with pytest.raises(RefusedError) as refused:
        await opened("http://127.0.0.1:1")
    assert refused.value.refusal.kind is RefusalKind.UNAVAILABLE
    assert refused.value.refusal.detail == "Connection refused"
