import json

import httpx
import pytest

from quell_providers.refusal import Refusal, RefusedError
from quell_providers.rocketchat import catchup
from quell_providers.rocketchat.catchup import CatchUp
from quell_providers.rocketchat.server import Server
from tests.unit.quell_providers.rocketchat.fakes import RestServer, rest_client


class Paged(RestServer):
    """Answers no call for everything at once, and pages of two."""

    def __init__(self, version: str, entries: int = 5) -> None:
        super().__init__()
        self.set("info", {"version": version, "success": True})
        self.answers["chat.syncMessages"] = self._sync
        self._entries = entries
        self.endless = False

    def _sync(self) -> httpx.Response:
        params = self.requests[-1].url.params
        if "lastUpdate" in params:
            return httpx.Response(503)
        first = 0 if int(params["next"]) > 1000 else int(params["next"])
        kind = params["type"].lower()
        entries = [{"_id": f"{kind}{number}"} for number in range(first, min(first + 2, self._entries))]
        cursor = str(first + 2) if self.endless or first + 2 < self._entries else None
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
    assert updated == [f'{{"_id":"updated{n}"}}'.replace('":"', '": "') for n in range(5)]
    assert len(deleted) == 5
    assert waits == []
    pages = [request.url.params for request in server.requests if "type" in request.url.params]
    assert [params["next"] for params in pages[:3]] == ["1700000000000", "2", "4"]


async def test_servers_without_pages_are_asked_again() -> None:
    server = Paged("7.8")
    with pytest.raises(RefusedError):
        await caught_up(server)
    assert server.calls["chat.syncMessages"] == 4


async def test_pages_without_an_end_are_given_up() -> None:
    server = Paged("8.8")
    server.endless = True
    with pytest.raises(RefusedError, match="Too much was missed"):
        await caught_up(server)
    assert server.calls["chat.syncMessages"] == 51
