"""Listing rooms."""

from quell_providers.provider import Provider
from tests.contract.sides import Side


async def test_all_rooms_that_may_be_read_are_listed_once(side: Side, moderator: Provider) -> None:
    rooms = await moderator.rooms()
    assert sorted(room.id for room in rooms) == sorted(place.id for place in side.readable())


async def test_rooms_have_the_names_people_use(side: Side, moderator: Provider) -> None:
    names = {room.id: room.name for room in await moderator.rooms()}
    for place in (side.room, side.barred, side.empty):
        assert names[place.id] == place.name


async def test_kinds_and_marks(side: Side, moderator: Provider) -> None:
    kinds = {"c": "channel", "p": "group", "d": "direct"}
    marks = {room.id: (room.kind, room.read_only) for room in await moderator.rooms()}
    assert marks == {place.id: (kinds.get(place.kind, place.kind), place.read_only) for place in side.readable()}


async def test_a_room_is_found_by_its_id_and_by_its_name(side: Side, moderator: Provider) -> None:
    for reference in (side.room.id, side.room.name):
        assert [room.id for room in await moderator.find_rooms(reference)] == [side.room.id]
    assert await moderator.find_rooms(side.unknown_id) == ()
    assert await moderator.find_rooms("no room has this name") == ()


async def test_a_room_that_is_found_is_the_one_that_is_listed(side: Side, moderator: Provider) -> None:
    [found] = await moderator.find_rooms(side.room.id)
    assert found in await moderator.rooms()
