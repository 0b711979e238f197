"""Room ids and what they stand for."""

import asyncio

import pytest

from quell_providers.ivs.directory import check_id, check_reason, id_problem
from quell_providers.refusal import RefusalKind, RefusedError
from tests.unit.quell_providers.ivs.fakes import ROOM, Account, Parts, room_arn


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


def test_a_right_id_has_no_problem() -> None:
    assert id_problem("5OPsDdX18qcJ", "message") == ""
    check_id("5OPsDdX18qcJ", "message")


@pytest.mark.parametrize("reason", [None, "", "x" * 256, "👩" * 256])
def test_a_reason_may_have_256_characters(reason: str | None) -> None:
    check_reason(reason)


def test_a_longer_reason_is_refused() -> None:
    with pytest.raises(RefusedError, match="257 characters"):
        check_reason("x" * 257)
