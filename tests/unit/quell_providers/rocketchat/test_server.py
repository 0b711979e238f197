from typing import Any

import pytest

from quell_providers.refusal import RefusedError
from quell_providers.rocketchat.server import OLDEST, SYNC_CURSORS, Server, Version
from tests.unit.quell_providers.rocketchat.fakes import RestServer, rest_client


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ({"version": "8.8"}, Version(8, 8)),
        ({"version": "6.13.1"}, Version(6, 13)),
        ({"version": "7.10.0-rc.1"}, Version(7, 10)),
        ({"info": {"version": "7.9.8"}}, Version(7, 9)),
        ({"version": "develop"}, OLDEST),
        ({"version": 8, "info": []}, OLDEST),
        ({}, OLDEST),
    ],
)
async def test_versions(answer: dict[str, Any], version: Version) -> None:
    rest_server = RestServer()
    rest_server.set("info", {"success": True, **answer})
    rest = rest_client(rest_server, "http://127.0.0.1:1/chat")
    server = Server(rest)
    assert await server.version() == await server.version() == version
    assert [request.url.path for request in rest_server.requests] == ["/chat/api/info"]
    await rest.aclose()


def test_versions_are_compared_as_numbers() -> None:
    assert Version(7, 10) >= SYNC_CURSORS
    assert Version(7, 8) < SYNC_CURSORS < Version(8, 0)


async def test_a_proxy_that_keeps_the_address_to_itself() -> None:
    rest_server = RestServer()
    rest_server.set("info", b"", 404)
    rest = rest_client(rest_server)
    assert await Server(rest).version() == OLDEST
    await rest.aclose()


async def test_a_server_out_of_reach_is_asked_again() -> None:
    rest_server = RestServer()
    rest_server.set("info", b"", 503)
    rest = rest_client(rest_server)
    server = Server(rest)
    with pytest.raises(RefusedError):
        await server.version()
    rest_server.set("info", {"success": True, "version": "8.8"})
    assert await server.version() == Version(8, 8)
    await rest.aclose()
