import json
from typing import Any

import pytest

from quell_providers.refusal import RefusedError
from quell_providers.rocketchat import wire
from quell_providers.rocketchat.directory import Directory
from quell_providers.rocketchat.hidden import Hidden
from quell_providers.rocketchat.memory import Memory
from quell_providers.rocketchat.rooms import Listed
from quell_providers.rocketchat.server import Server
from tests.unit.quell_providers.rocketchat.fakes import ROOM_ID, RestServer, rest_client, wire_message

T0 = 1_700_000_000_000


class Workspace(RestServer):
    """A workspace that hides what is deleted."""

    def __init__(self) -> None:
        super().__init__()
        self.keep(True)
        self.show()

    def keep(self, keeps: object, shows: object = False) -> None:
        settings = {"Message_KeepHistory": keeps, "Message_ShowDeletedStatus": shows}
        self.set(
            "settings.public", {"settings": [{"_id": k, "value": v} for k, v in settings.items()], "success": True}
        )

    def show(self, *messages: Any) -> None:
        """What the room's history holds."""
        self.set("channels.history", {"messages": list(messages), "success": True})


def said(number: int, **more: Any) -> dict[str, Any]:
    """The message `m<number>`, sent so many seconds after the first one."""
    return wire_message(f"m{number}", at=T0 + 1000 * number, **more)


async def missing(server: RestServer, *known: dict[str, Any], kind: str = "c", times: int = 1) -> list[str]:
    """What is found to be hidden of these messages."""
    rest, directory, memory = rest_client(server), Directory(), Memory()
    directory.fill([Listed(wire.Room(id=ROOM_ID, t=kind, name="general"), None)])
    for document in known:
        read = wire.read(json.dumps(document).encode(), wire.Message)
        memory.remember(read, document["ts"]["$date"] / 1000)
    hidden = Hidden(rest, Server(rest), directory)
    try:
        for _ in range(times):
            found = await hidden.among(ROOM_ID, memory)
    finally:
        await rest.aclose()
    return found


async def test_what_the_history_lacks_is_hidden() -> None:
    server = Workspace()
    server.show(said(4), said(2))
    assert await missing(server, *map(said, range(2, 6))) == ["m3", "m5"]
    (asked,) = [request for request in server.requests if request.url.path.endswith("history")]
    assert asked.url.params["showThreadMessages"] == "true"


async def test_what_is_older_than_the_page_is_not_judged() -> None:
    server = Workspace()
    server.show(said(4), said(3))
    assert await missing(server, *map(said, range(6))) == ["m5"]
    server.show()
    assert await missing(server, *map(said, range(6))) == []


async def test_system_messages_may_be_left_out_by_the_workspace() -> None:
    server = Workspace()
    server.show(said(1))
    assert await missing(server, said(1), said(2, t="uj"), said(3, t="e2e")) == ["m3"]


@pytest.mark.parametrize("bad", [{"_id": 5}, said(3, ts="never")])
async def test_a_page_that_can_not_be_read_proves_nothing(bad: Any) -> None:
    server = Workspace()
    server.show(said(1), bad)
    assert await missing(server, said(1), said(2)) == []


@pytest.mark.parametrize(("keeps", "shows"), [(False, False), (True, True), (None, False), ("true", False)])
async def test_other_workspaces_tell_of_deletions_themselves(keeps: object, shows: object) -> None:
    server = Workspace()
    server.keep(keeps, shows)
    assert await missing(server, said(1), said(2), times=3) == []
    assert server.calls["settings.public"] == 1
    assert server.calls["channels.history"] == 0


async def test_a_room_that_is_not_known() -> None:
    assert await missing(Workspace(), said(1), kind="l") == []


async def test_a_refusal_is_passed_on() -> None:
    server = Workspace()
    server.set("channels.history", {"success": False, "error": "unauthorized"}, 403)
    with pytest.raises(RefusedError):
        await missing(server, said(1))
