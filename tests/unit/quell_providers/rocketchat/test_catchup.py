import json
from collections.abc import Sequence

import httpx
import pytest

from quell_providers.refusal import Refusal, RefusedError
from quell_providers.rocketchat import catchup
from quell_providers.rocketchat.catchup import CatchUp
from quell_providers.rocketchat.server import Server
from tests.unit.quell_providers.rocketchat.fakes import RestServer, rest_client

START = 1_700_000_000_000
"""Milliseconds."""


class Paged(RestServer):
    """Answers no call for everything at once, and pages of three, cut off at a millisecond as Rocket.Chat cuts them.

    Pages of twice the usual size have six.

    Args:
        version: What it says it is.
        moments: Milliseconds after `START` at which each entry changed.
    """

    def __init__(self, version: str, moments: Sequence[int] = range(1, 6)) -> None:
        super().__init__()
        self.set("info", {"version": version, "success": True})
        self.answers["chat.syncMessages"] = self._sync
        self._moments = moments
        self.knows_count = True

    def _sync(self) -> httpx.Response:
        params = self.requests[-1].url.params
        if "lastUpdate" in params:
            return httpx.Response(503)
        kind = params["type"].lower()
        size = 3 * int(params["count"]) // 100 if self.knows_count else 3
        beyond = [(at, n) for n, at in enumerate(self._moments) if START + at > int(params["next"])]
        entries = [{"_id": f"{kind}{number}"} for _, number in beyond[:size]]
        cursor = str(START + beyond[size - 1][0]) if len(beyond) > size else None
        result = {kind: entries, "cursor": {"next": cursor, "previous": None}}
        return httpx.Response(200, content=json.dumps({"success": True, "result": result}).encode())


async def caught_up(server: RestServer) -> tuple[list[str], list[str], list[float]]:
    waits: list[float] = []
    rest = rest_client(server)

    def note(why: Refusal, seconds: float) -> None:
        waits.append(seconds)

    try:
        result = await CatchUp(rest, Server(rest)).since("GENERAL", 1_700_000_000.0, note)
    finally:
        await rest.aclose()
    return [bytes(raw).decode() for raw in result.updated], [bytes(raw).decode() for raw in result.deleted], waits


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catchup, "_PAUSE", 0.001)


async def test_what_does_not_come_at_once_is_read_by_pages() -> None:
    server = Paged("8.8")
    updated, deleted, waits = await caught_up(server)
    assert dict.fromkeys(updated) == dict.fromkeys(f'{{"_id": "updated{n}"}}' for n in range(5))
    assert len(set(deleted)) == 5
    assert waits == []
    pages = [request.url.params for request in server.requests if "type" in request.url.params]
    assert [int(params["next"]) - START for params in pages[:2]] == [0, 2]


async def test_a_page_that_ends_in_the_middle_of_a_millisecond_loses_nothing() -> None:
    updated, deleted, _ = await caught_up(Paged("8.8", [1, 2, 3, 3, 4, 5]))
    assert len(set(updated)) == len(set(deleted)) == 6


async def test_more_in_one_millisecond_than_a_page_holds_is_asked_for_in_a_larger_one() -> None:
    updated, deleted, _ = await caught_up(Paged("8.8", [1, 2, 2, 2, 2, 2, 3, 4, 5, 6]))
    assert len(set(updated)) == len(set(deleted)) == 10


async def test_more_in_one_millisecond_than_any_page_holds_is_said_to_be_missing() -> None:
    server = Paged("8.8", [1, 2, 2, 2, 2, 3])
    server.knows_count = False
    with pytest.raises(RefusedError, match="Too much was missed"):
        await caught_up(server)


async def test_a_server_that_does_not_tell_its_version_just_now_is_asked_again() -> None:
    server = Paged("8.8")
    told = server.answers["info"]

    def fail_once() -> httpx.Response:
        server.answers["info"] = told
        return httpx.Response(503)

    server.answers["info"] = fail_once
    updated, _, waits = await caught_up(server)
    assert len(set(updated)) == 5
    assert waits == [catchup._PAUSE]


async def test_servers_without_pages_are_asked_again() -> None:
    server = Paged("7.8")
    with pytest.raises(RefusedError):
        await caught_up(server)
    assert server.calls["chat.syncMessages"] == catchup._TRIES


async def test_a_page_that_fails_for_a_while_is_asked_for_again() -> None:
    server = Paged("8.8")
    answer, failures = server.answers["chat.syncMessages"], iter([False, True, False, True, True, False])

    def now_and_then() -> httpx.Response:
        return httpx.Response(503) if next(failures, False) else answer()

    server.answers["chat.syncMessages"] = now_and_then
    updated, deleted, waits = await caught_up(server)
    assert len(set(updated)) == len(set(deleted)) == 5
    assert len(waits) == 3


async def test_pages_without_an_end_are_given_up() -> None:
    server = Paged("8.8", range(1, 1000))
    with pytest.raises(RefusedError, match="Too much was missed"):
        await caught_up(server)
    assert server.calls["chat.syncMessages"] == 51
