"""What only Amazon IVS Chat has."""

from collections.abc import Callable

import pytest

from quell_providers.provider import Provider
from quell_providers.refusal import RefusalKind, RefusedError
from tests.contract.sides import IvsSide, Side

pytestmark = pytest.mark.parametrize("side", ["ivs"], indirect=True)


@pytest.fixture
def open_as(
    side: Side, opened: Callable[[Provider], Provider], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Provider]:
    """Opens a provider with any of the sandbox's access keys."""
    assert isinstance(side, IvsSide)
    monkeypatch.setattr(side, "_keys", {role: role for role in side.sandbox.ivs.keys})
    return lambda role: opened(side.open_as(role))


async def listed_arn(side: Side, moderator: Provider) -> str:
    """The ARN of the room, as a refusal tells it."""
    with pytest.raises(RefusedError) as caught:
        await moderator.delete(side.barred.id, "Message00001", None)
    told = caught.value.refusal.remedy
    start = told.index("arn:aws:ivschat:")
    return told[start : told.index("room/", start)] + "room/" + side.room.id


async def test_a_room_is_found_by_its_arn(side: Side, moderator: Provider, open_as: Callable[[str], Provider]) -> None:
    arn = await listed_arn(side, moderator)
    fresh = open_as("moderator")
    assert [room.id for room in await fresh.find_rooms(arn)] == [side.room.id]
    assert await fresh.find_rooms(arn[:-12] + side.unknown_id) == ()


async def test_an_author_s_connections_are_ended(side: Side, moderator: Provider) -> None:
    author = side.room.members[-1]
    await moderator.disconnect(side.room.id, author.id, "flood")
    [call] = side.sandbox.truth.calls(route="DisconnectUser")
    assert (call.status, call.room_id) == (200, side.room.id)


async def test_an_account_that_is_not_verified_is_told_so(side: Side, open_as: Callable[[str], Provider]) -> None:
    with pytest.raises(RefusedError) as caught:
        await open_as("pending").disconnect(side.room.id, "somebody", None)
    refusal = caught.value.refusal
    assert (refusal.kind, refusal.code) == (RefusalKind.PERMISSION, "PendingVerification")
    assert "verif" in refusal.cause


async def test_a_log_that_may_not_be_read_names_the_permission(side: Side, open_as: Callable[[str], Provider]) -> None:
    page = await open_as("nologs").history(side.room.id)
    assert page.missing is not None
    assert page.missing.kind is RefusalKind.PERMISSION
    assert "logs:GetLogEvents" in page.missing.remedy


async def test_tags_and_a_missing_log_are_told_of_a_room(side: Side, moderator: Provider) -> None:
    rooms = {room.id: room for room in await moderator.rooms()}
    for place in side.readable():
        assert rooms[place.id].tags == tuple(sorted(f"{key}={value}" for key, value in place.tags.items()))
        assert ("keeps no chat log" in rooms[place.id].note) == (place.log_group is None)
    assert any(room.tags for room in rooms.values())
    assert any(room.note for room in rooms.values())
