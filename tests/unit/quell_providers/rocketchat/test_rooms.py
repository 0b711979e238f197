from typing import Any

import pytest

from quell_providers.refusal import RefusalKind, RefusedError
from quell_providers.rocketchat import public_settings, rooms
from quell_providers.rocketchat.permissions import Membership
from quell_providers.rocketchat.server import OLDEST
from tests.unit.quell_providers.rocketchat.fakes import RestServer, rest_client


def changes(*update: Any) -> dict[str, Any]:
    return {"success": True, "update": list(update), "remove": []}


async def fetched(rooms_get: dict[str, Any], subscriptions_get: dict[str, Any]) -> list[rooms.Listed]:
    server = RestServer()
    server.set("rooms.get", rooms_get)
    server.set("subscriptions.get", subscriptions_get)
    rest = rest_client(server)
    try:
        return await rooms.fetch(rest)
    finally:
        assert server.calls == {"rooms.get": 1, "subscriptions.get": 1}
        await rest.aclose()


async def test_rooms_are_joined_with_subscriptions() -> None:
    listed = await fetched(
        changes(
            {"_id": "c1", "t": "c", "name": "general", "ro": True, "unmuted": ["lena"]},
            {"_id": "d1", "t": "d", "usernames": ["moderator", "lena"]},
        ),
        changes(
            {"rid": "d1", "fname": "Lena Fischer", "unread": 2}, {"rid": "c1", "unread": 0, "roles": ["moderator"]}
        ),
    )
    assert [(entry.room.id, entry.to_model()) for entry in listed if entry.to_model() is None] == []
    assert [room.name for entry in listed if (room := entry.to_model())] == ["general", "Lena Fischer"]
    assert listed[0].membership() == Membership(
        roles=frozenset({"moderator"}), read_only=True, unmuted=frozenset({"lena"})
    )
    assert listed[1].membership() == Membership()


async def test_rooms_one_is_not_in_are_left_out() -> None:
    update = [{"_id": name, "t": "c", "name": name} for name in ("joined", "invited", "banned", "unsubscribed")]
    own = [{"rid": "joined"}, {"rid": "invited", "status": "INVITED"}, {"rid": "banned", "status": "BANNED"}]
    listed = await fetched(changes(*update), changes(*own))
    assert [entry.room.id for entry in listed] == ["joined", "unsubscribed"]
    assert listed[1].membership() == Membership()


async def test_an_entry_that_can_not_be_read_hides_no_other() -> None:
    listed = await fetched(changes({"_id": 5}, 7, {"_id": "c1", "t": "c"}), changes({"rid": "c1", "unread": "many"}))
    assert [entry.room.id for entry in listed] == ["c1"]


async def test_a_refusal_of_either_call_refuses_both() -> None:
    server = RestServer()
    server.set("rooms.get", changes())
    server.set("subscriptions.get", {"success": False, "error": "x"}, 401)
    rest = rest_client(server)
    with pytest.raises(RefusedError) as refused:
        await rooms.fetch(rest)
    assert refused.value.refusal.kind is RefusalKind.LOGIN
    await rest.aclose()


async def test_a_list_without_an_end_ends_with_the_first_page_that_brings_nothing_new() -> None:
    server = RestServer()
    server.set("channels.list", {"channels": [{"_id": "c1", "t": "c"}], "total": 10**9, "success": True})
    server.set("settings.public", {"settings": [{"_id": "x", "value": 1}], "total": 10**9, "success": True})
    rest = rest_client(server)
    assert [room.id for room in await rooms.fetch_public(rest)] == ["c1"]
    assert await public_settings.fetch(rest, OLDEST, {"y"}) == {}
    assert server.calls == {"channels.list": 2, "settings.public": 2}
    await rest.aclose()
