from typing import Any

import pytest

from quell_providers.provider import HistoryPage
from quell_providers.rocketchat import history, translate, wire
from quell_providers.rocketchat.memory import Memory
from tests.unit.quell_providers.rocketchat.fakes import RestServer, rest_client, wire_message

T0 = 1_700_000_000_000


def rest_message(number: int, at: int) -> dict[str, Any]:
    time = translate.iso(at / 1000)
    return wire_message(f"m{number}") | {"ts": time, "_updatedAt": time}


class Archive(RestServer):
    """Holds messages sent at these milliseconds, and pages through them as the server does."""

    def __init__(self, times: list[int], cap: int = 100) -> None:
        super().__init__()
        self._messages = [rest_message(number, at) for number, at in enumerate(times)]
        self._cap = cap
        for route in history.ROUTES.values():
            self.answers[route] = self._page

    def _page(self) -> Any:
        params = self.requests[-1].url.params
        newest_first = sorted(self._messages, key=lambda message: str(message["ts"]), reverse=True)
        older = [message for message in newest_first if message["ts"] < params.get("latest", "9")]
        self.set("page", {"success": True, "messages": older[: min(int(params["count"]), self._cap)]})
        return self.answers["page"]()


async def page_of(server: RestServer, limit: int = 100, before: str | None = None, kind: str = "c") -> HistoryPage:
    rest = rest_client(server)
    page = await history.fetch(rest, wire.Room(id="GENERAL", t=kind), limit, before, Memory())
    await rest.aclose()
    return page


async def everything(server: RestServer, limit: int) -> list[str]:
    found: list[str] = []
    page = await page_of(server, limit)
    while True:
        found = [message.id for message in page.messages] + found
        if page.older is None:
            return found
        page = await page_of(server, limit, page.older)


@pytest.mark.parametrize(("kind", "route"), [("c", "channels.history"), ("p", "groups.history"), ("d", "im.history")])
async def test_route_and_parameters(kind: str, route: str) -> None:
    server = Archive([T0])
    await page_of(server, 20, "2023-11-14T22:13:20.000Z", kind)
    (request,) = server.requests
    assert request.url.path.endswith(route)
    assert dict(request.url.params) == {
        "roomId": "GENERAL",
        "count": "21",
        "showThreadMessages": "true",
        "inclusive": "false",
        "latest": "2023-11-14T22:13:20.000Z",
    }


async def test_oldest_first() -> None:
    page = await page_of(Archive([T0 + 1000, T0 + 2000, T0]))
    assert [message.id for message in page.messages] == ["m2", "m0", "m1"]
    assert page.older is None


async def test_no_messages() -> None:
    assert await page_of(Archive([])) == HistoryPage(messages=())


@pytest.mark.parametrize("limit", [3, 10, 11, 99, 100, 500])
@pytest.mark.parametrize("total", [1, 10, 11, 105])
async def test_paging_finds_every_message_once(limit: int, total: int) -> None:
    found = await everything(Archive([T0 + number * 1000 for number in range(total)]), limit)
    assert found == [f"m{number}" for number in range(total)]


async def test_a_page_is_never_longer_than_asked() -> None:
    page = await page_of(Archive([T0 + number for number in range(50)]), limit=20)
    assert len(page.messages) == 20
    assert page.messages[-1].id == "m49"


async def test_a_page_does_not_end_within_a_millisecond() -> None:
    times = [T0, T0 + 5, T0 + 5, T0 + 5, T0 + 9]
    assert sorted(await everything(Archive(times), 4)) == ["m0", "m1", "m2", "m3", "m4"]
    assert [message.id for message in (await page_of(Archive(times), 3)).messages] == ["m4"]


async def test_messages_that_can_not_be_read_hide_no_others() -> None:
    server = RestServer()
    messages = [5, rest_message(1, T0), {"_id": "x"}, wire_message("m2", ts="yesterday")]
    server.set("channels.history", {"success": True, "messages": messages})
    assert [message.id for message in (await page_of(server)).messages] == ["m1"]


async def test_placeholders_are_deleted_messages() -> None:
    server = RestServer()
    placeholder = rest_message(1, T0) | {"t": "rm", "msg": "", "editedAt": translate.iso(T0 / 1000 + 60)}
    server.set("channels.history", {"success": True, "messages": [placeholder]})
    (message,) = (await page_of(server)).messages
    assert message.deleted
