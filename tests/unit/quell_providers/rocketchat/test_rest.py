import asyncio
import logging
import traceback
from email.utils import formatdate
from time import time

import httpx
import pytest

from quell_providers.provider import Quota
from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from quell_providers.rocketchat import wire
from quell_providers.rocketchat.network import tls_context
from quell_providers.rocketchat.rest import Rest
from tests.unit.quell_providers.rocketchat.fakes import (
    TOKEN,
    USER_ID,
    RestServer,
    credentials,
    rest_client,
    settings,
)

ME = {"success": True, "_id": USER_ID, "username": "moderator", "roles": ["user"]}
LIMITS = {"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "3"}


async def refusal_of(server: RestServer, route: str = "me") -> Refusal:
    rest = rest_client(server)
    with pytest.raises(RefusedError) as refused:
        await (rest.get(route, wire.Me) if route == "me" else rest.post(route, {"roomId": "r", "msgId": "m"}))
    await rest.aclose()
    return refused.value.refusal


async def test_get() -> None:
    server = RestServer()
    server.set("me", ME)
    rest = rest_client(server, "https://example.org/chat/")
    me = await rest.get("me", wire.Me, {"q": "a b"})
    assert (me.id, me.username) == (USER_ID, "moderator")
    (request,) = server.requests
    assert str(request.url) == "https://example.org/chat/api/v1/me?q=a+b"
    assert (request.headers["X-User-Id"], request.headers["X-Auth-Token"]) == (USER_ID, TOKEN)
    await rest.aclose()


async def test_post_tells_the_quota() -> None:
    server = RestServer()
    reset = str(int(time() * 1000) + 40_000)
    server.set("chat.delete", {"success": True}, headers=LIMITS | {"X-RateLimit-Reset": reset})
    rest = rest_client(server)
    answer = await rest.post("chat.delete", {"roomId": "r", "msgId": "m"})
    assert isinstance(answer.quota, Quota)
    assert (answer.quota.calls, answer.quota.remaining) == (10, 3)
    assert answer.quota.reset_in == pytest.approx(40, abs=2)
    assert server.requests[0].content == b'{"roomId":"r","msgId":"m"}'
    await rest.aclose()


@pytest.mark.parametrize("success", [True, "true"])
async def test_success_as_boolean_or_text(success: object) -> None:
    server = RestServer()
    server.set("chat.delete", {"success": success})
    rest = rest_client(server)
    assert (await rest.post("chat.delete", {})).quota is None
    await rest.aclose()


@pytest.mark.parametrize("success", [False, "false", "", "yes"])
async def test_anything_else_is_no_success_even_with_status_200(success: object) -> None:
    server = RestServer()
    server.set("chat.delete", {"success": success, "error": "Not allowed", "errorType": "error-action-not-allowed"})
    assert (await refusal_of(server, "chat.delete")).kind is RefusalKind.PERMISSION


@pytest.mark.parametrize(
    "content", [b"<html>Log in to the hotel's network</html>", b"{}", b"", b'{"success":7}', b"[1]"]
)
async def test_an_answer_that_is_not_rocketchats(content: bytes) -> None:
    server = RestServer()
    server.set("me", content)
    server.set("chat.delete", content)
    assert (await refusal_of(server)).kind is RefusalKind.UNAVAILABLE
    assert (await refusal_of(server, "chat.delete")).kind is RefusalKind.LOST


async def test_a_success_without_what_was_asked_for() -> None:
    server = RestServer()
    server.set("me", {"success": True})
    refusal = await refusal_of(server)
    assert refusal.kind is RefusalKind.UNAVAILABLE
    assert "_id" in refusal.detail


@pytest.mark.parametrize(
    ("error", "get", "post"),
    [
        (httpx.ConnectError("refused"), RefusalKind.UNAVAILABLE, RefusalKind.UNAVAILABLE),
        (httpx.ConnectTimeout(""), RefusalKind.UNAVAILABLE, RefusalKind.UNAVAILABLE),
        (httpx.PoolTimeout(""), RefusalKind.UNAVAILABLE, RefusalKind.UNAVAILABLE),
        (httpx.ProxyError("503"), RefusalKind.UNAVAILABLE, RefusalKind.UNAVAILABLE),
        (httpx.ReadTimeout(""), RefusalKind.UNAVAILABLE, RefusalKind.LOST),
        (httpx.ReadError("reset by peer"), RefusalKind.UNAVAILABLE, RefusalKind.LOST),
        (httpx.WriteError("broken pipe"), RefusalKind.UNAVAILABLE, RefusalKind.LOST),
        (httpx.RemoteProtocolError("disconnected"), RefusalKind.UNAVAILABLE, RefusalKind.LOST),
    ],
)
async def test_network_failures(error: Exception, get: RefusalKind, post: RefusalKind) -> None:
    server = RestServer()
    server.fail("me", error)
    server.fail("chat.delete", error)
    for route, kind in (("me", get), ("chat.delete", post)):
        refusal = await refusal_of(server, route)
        assert refusal.kind is kind
        assert refusal.detail == (str(error) or type(error).__name__)


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_failing_servers_are_unavailable(status: int) -> None:
    server = RestServer()
    server.set("chat.delete", b"<html>Bad gateway</html>", status)
    refusal = await refusal_of(server, "chat.delete")
    assert (refusal.kind, refusal.code) == (RefusalKind.UNAVAILABLE, str(status))
    assert refusal.detail.startswith(f"HTTP {status} ")


async def test_a_gateway_that_waited_in_vain_may_have_passed_it_on() -> None:
    server = RestServer()
    server.set("chat.delete", b"", 504)
    assert (await refusal_of(server, "chat.delete")).kind is RefusalKind.LOST


async def test_throttled_by_text_and_by_headers_alone() -> None:
    server = RestServer()
    server.set("chat.delete", {"success": False, "error": "You must wait 12 seconds before"}, 429)
    assert (await refusal_of(server, "chat.delete")).retry_after == 12.0
    reset = str(int(time() * 1000) + 40_000)
    server.set("chat.delete", b"", 429, LIMITS | {"X-RateLimit-Reset": reset})
    refusal = await refusal_of(server, "chat.delete")
    assert refusal.kind is RefusalKind.THROTTLED
    assert refusal.retry_after == pytest.approx(40, abs=2)


async def test_redirects_are_not_followed() -> None:
    server = RestServer()
    server.set("me", b"", 302, {"Location": "https://evil.example/api/v1/me"})
    refusal = await refusal_of(server)
    assert refusal.kind is RefusalKind.INVALID
    assert "https://evil.example" in refusal.detail
    assert len(server.requests) == 1


async def test_the_servers_clock_counts() -> None:
    server = RestServer()
    server.set("me", ME, headers={"Date": formatdate(time() + 3600, usegmt=True)})
    rest = rest_client(server)
    await rest.get("me", wire.Me)
    assert rest.server_time() == pytest.approx(time() + 3600, abs=5)
    server.set("me", ME, headers={"Date": formatdate(time(), usegmt=True)})
    await rest.get("me", wire.Me)
    assert rest.server_time() == pytest.approx(time(), abs=0.5)
    server.set("me", ME, headers={"Date": "not a date"})
    await rest.get("me", wire.Me)
    await rest.aclose()


async def test_the_clock_of_a_proxy_does_not_count() -> None:
    server = RestServer()
    server.set("me", b"<html>503</html>", 503, {"Date": formatdate(time() + 300 * 86_400, usegmt=True)})
    rest = rest_client(server)
    with pytest.raises(RefusedError):
        await rest.get("me", wire.Me)
    assert rest.server_time() == pytest.approx(time(), abs=5)
    await rest.aclose()


@pytest.mark.parametrize("cookie", [b"a=b", "a=\x9a".encode()])
async def test_cookies_are_not_kept(cookie: bytes) -> None:
    server = RestServer()
    answer = httpx.Response(200, json=ME, headers=[(b"Set-Cookie", cookie)])
    server.answers["me"] = lambda: answer
    rest = rest_client(server)
    for _ in range(2):
        await rest.get("me", wire.Me)
    assert "Cookie" not in server.requests[1].headers
    await rest.aclose()


async def test_closed() -> None:
    rest = rest_client(RestServer())
    await rest.aclose()
    with pytest.raises(RefusedError) as refused:
        await rest.get("me", wire.Me)
    assert refused.value.refusal.kind is RefusalKind.UNAVAILABLE


async def test_a_connection_that_is_refused_says_so_in_the_systems_words() -> None:
    listener = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    listener.close()
    await listener.wait_closed()
    chosen = settings(f"http://127.0.0.1:{port}")
    rest = Rest(chosen, credentials(), tls_context(chosen))
    with pytest.raises(RefusedError) as refused:
        await rest.post("chat.delete", {})
    assert refused.value.refusal.kind is RefusalKind.UNAVAILABLE
    assert "refused" in refused.value.refusal.detail.lower()
    await rest.aclose()


async def test_closing_while_a_deletion_is_under_way_loses_its_answer() -> None:
    asked = asyncio.Event()

    async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(never_answer, "127.0.0.1", 0) as listener:
        chosen = settings(f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}")
        rest = Rest(chosen, credentials(), tls_context(chosen))
        call = asyncio.create_task(rest.post("chat.delete", {}))
        await asked.wait()
        await rest.aclose()
        with pytest.raises(RefusedError) as refused:
            await call
    assert refused.value.refusal.kind is RefusalKind.LOST


async def test_the_token_is_in_no_traceback_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    server = RestServer()
    server.set("chat.delete", {"success": False, "error": "x"}, 401)
    server.fail("me", httpx.ReadError("reset"))
    rest = rest_client(server)
    with caplog.at_level(logging.DEBUG):
        for call in (rest.post("chat.delete", {}), rest.get("me", wire.Me)):
            with pytest.raises(RefusedError) as refused:
                await call
            shown = "".join(traceback.TracebackException.from_exception(refused.value, capture_locals=True).format())
            assert TOKEN not in shown
            assert refused.value.__context__ is None
    assert TOKEN not in caplog.text
    await rest.aclose()
