import json
from typing import Any

from quell_providers.model import RoomGone, RoomListed, RoomsEvent, Unread
from quell_providers.rocketchat import wire
from quell_providers.rocketchat.directory import Directory
from quell_providers.rocketchat.rooms import Listed
from tests.unit.quell_providers.rocketchat.fakes import ROOM_ID, USER_ID, wire_message

T0 = 1_700_000_000_000


def room(room_id: str = ROOM_ID, **more: Any) -> wire.Room:
    return wire.Room(id=room_id, t=more.pop("t", "c"), name=more.pop("name", "general"), **more)


def own(room_id: str = ROOM_ID, **more: Any) -> wire.Subscription:
    return wire.Subscription(rid=room_id, **more)


def message(message_id: str, at: int = T0, **more: Any) -> wire.Message:
    return wire.read(json.dumps(wire_message(message_id, at=at, **more)).encode(), wire.Message)


def filled(unread: int = 0) -> Directory:
    directory = Directory()
    directory.fill([Listed(room(), own(unread=unread))])
    return directory


def told(*events: list[RoomsEvent]) -> list[RoomsEvent]:
    return [event for some in events for event in some]


def test_filling_again_tells_the_difference() -> None:
    directory = filled()
    assert told(directory.fill([Listed(room(), own(unread=7))])) == []
    (listed, *_) = directory.fill([Listed(room(topic="new"), own()), Listed(room("other"), own("other"))])
    assert isinstance(listed, RoomListed)
    assert listed.room.topic == "new"
    assert directory.fill([Listed(room("other"), own("other"))]) == [RoomGone(ROOM_ID)]
    assert [each.id for each in directory.rooms()] == ["other"]


def test_a_new_message_does_not_make_a_room_another() -> None:
    assert filled().take_room("updated", room()) == []


def test_a_direct_room_takes_its_name_from_whichever_half_comes_last() -> None:
    directory = Directory()
    (first,) = directory.take_room("inserted", room("d1", t="d", name=None))
    (second,) = directory.take_subscription("inserted", own("d1", fname="Lena Fischer"))
    assert isinstance(first, RoomListed)
    assert isinstance(second, RoomListed)
    assert second.room.name == "Lena Fischer"


def test_leaving_is_told_once_whichever_way_it_comes() -> None:
    directory = filled()
    assert directory.take_subscription("removed", own()) == [RoomGone(ROOM_ID)]
    assert directory.take_room("removed", room()) == []
    assert filled().take_subscription("updated", own(status="BANNED")) == [RoomGone(ROOM_ID)]


def test_each_message_of_others_counts_once() -> None:
    directory = filled(unread=2)
    assert directory.count_message(message("m1"), USER_ID) == [Unread(ROOM_ID, 3)]
    for known in (
        message("m1"),
        message("m0", at=T0 - 1),
        message("m2", at=T0 + 1, u={"_id": USER_ID}),
        message("m3", at=T0 + 2, t="uj"),
        message("m4", at=T0 + 3, editedAt={"$date": T0 + 4}),
        message("m5", at=T0 + 3, tmid="m1"),
        message("m6", at=T0 + 3, rid="elsewhere"),
    ):
        assert directory.count_message(known, USER_ID) == []
    assert directory.count_message(message("m7"), USER_ID) == [Unread(ROOM_ID, 4)]


def test_reading_elsewhere_clears_the_count() -> None:
    directory = filled(unread=2)
    directory.count_message(message("m1"), USER_ID)
    assert directory.take_subscription("updated", own(unread=0, alert=True)) == []
    assert directory.take_subscription("updated", own(unread=9, alert=True)) == [Unread(ROOM_ID, 9)]
    assert directory.take_subscription("updated", own(unread=0, alert=False)) == [Unread(ROOM_ID, 0)]


def test_public_rooms_are_those_one_is_not_in() -> None:
    directory = filled()
    (found,) = directory.add_public([room(), room("open", name="open")])
    assert (found.id, "not in this room" in found.note) == ("open", True)
    assert directory.find("open") is not None
    assert directory.find("nowhere") is None
