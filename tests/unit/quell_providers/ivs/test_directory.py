"""Room ids and what they stand for."""

import asyncio

import pytest

from quell_providers.refusal import RefusalKind, RefusedError
from tests.unit.quell_providers.ivs.fakes import ROOM, Account, Parts, denied, room_arn


async def test_a_room_is_found_by_its_id_and_listed_once(account: Account, parts: Parts) -> None:
    found = await asyncio.gather(*(parts.directory.find(ROOM) for _ in range(20)))
    assert {room.arn for room in found} == {room_arn(ROOM)}
    assert len(account.called("list_rooms")) == 1


async def test_a_room_made_later_is_found_by_listing_again(account: Account, parts: Parts) -> None:
    await parts.directory.rooms()
    account.room_ids.append("NewRoom12345")
    assert (await parts.directory.find("NewRoom12345")).arn == room_arn("NewRoom12345")


async def test_an_unknown_room_is_looked_for_once_until_the_rooms_are_listed(account: Account, parts: Parts) -> None:
    for _ in range(3):
        with pytest.raises(RefusedError) as caught:
            await parts.directory.find("Missing12345")
        assert caught.value.refusal.kind is RefusalKind.NOT_FOUND
        assert "Missing12345" in caught.value.refusal.cause
    assert len(account.called("list_rooms")) == 1
    account.room_ids.append("Missing12345")
    await parts.directory.rooms()
    assert (await parts.directory.find("Missing12345")).id == "Missing12345"


async def test_rooms_with_no_name_and_equal_names_are_kept_apart(account: Account, parts: Parts) -> None:
    account.room_ids = ["Room00000001", "Room00000002"]
    assert [(room.id, room.name, room.kind) for room in await parts.directory.rooms()] == [
        ("Room00000001", "", "room"),
        ("Room00000002", "", "room"),
    ]


@pytest.mark.parametrize("value", ["", "short", "A" * 11, "A" * 13, "AbCdEfGhIj-l", "AbCdEfGhIjK\n", "ÄbCdEfGhIjKl"])
async def test_an_id_that_can_be_none_is_refused_before_anything_is_sent(
    account: Account, parts: Parts, value: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        await parts.directory.find(value)
    assert caught.value.refusal.kind is RefusalKind.INVALID
    assert "12 letters and digits" in caught.value.refusal.cause
    assert account.calls == []


async def test_a_room_is_looked_up_by_its_arn_even_where_rooms_may_not_be_listed(
    account: Account, parts: Parts
) -> None:
    account.failures["list_rooms"] = [denied("ListRooms")] * 5
    [room] = await parts.directory.look_up(room_arn(ROOM))
    assert room.id == ROOM
    assert (await parts.directory.find(ROOM)).arn == room_arn(ROOM)
    assert account.called("list_rooms") == []


async def test_a_room_is_looked_up_by_its_id(parts: Parts) -> None:
    assert [room.id for room in await parts.directory.look_up(ROOM)] == [ROOM]


async def test_rooms_are_looked_up_by_name_and_the_service_filters(account: Account, parts: Parts) -> None:
    account.room_ids = ["Room00000001", "Room00000002", "Room00000003"]
    account.names = {"Room00000001": "finals", "Room00000002": "finals", "Room00000003": "TwelveLetter"}
    assert [room.id for room in await parts.directory.look_up("finals")] == ["Room00000001", "Room00000002"]
    assert account.called("list_rooms") == [{"maxResults": 50, "name": "finals"}]
    assert [room.id for room in await parts.directory.look_up("TwelveLetter")] == ["Room00000003"]


@pytest.mark.parametrize("reference", ["", "nobody", "two words", "Missing12345", room_arn("Missing12345")])
async def test_looking_up_what_there_is_not_finds_nothing(parts: Parts, reference: str) -> None:
    assert await parts.directory.look_up(reference) == ()


@pytest.mark.parametrize("arn", ["arn:aws:s3:::bucket", room_arn(ROOM).replace("us-west-2", "eu-west-1")])
async def test_an_arn_that_can_not_be_here_is_refused_before_anything_is_sent(
    account: Account, parts: Parts, arn: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        await parts.directory.look_up(arn)
    assert caught.value.refusal.kind is RefusalKind.INVALID
    assert account.calls == []


async def test_a_room_that_may_not_be_seen_says_which_permission_is_missing(account: Account, parts: Parts) -> None:
    account.failures["get_room"] = [denied("GetRoom")]
    with pytest.raises(RefusedError) as caught:
        await parts.directory.look_up(room_arn(ROOM))
    assert "ivschat:GetRoom" in caught.value.refusal.remedy
