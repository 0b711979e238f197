from quell.moderation.timeline import Timeline
from quell.session.accounts import take_in
from quell.session.state import AccountState, RoomState
from quell_providers.model import Room, RoomGone, RoomListed, Unread
from tests.support.fake_provider import BUCKET, message


def account() -> AccountState:
    state = AccountState(name="work", service="Rocket.Chat", provider="rocketchat", capabilities=BUCKET)
    state.rooms["r1"] = RoomState("work", Room(id="r1", name="general", kind="channel"), Timeline())
    state.rooms["r1"].timeline.add([message(1, "kept")])
    return state


def test_a_new_room_is_listed_and_a_changed_one_keeps_its_messages() -> None:
    state = account()
    take_in(state, RoomListed(Room(id="r2", name="mods", kind="group", unread=3)))
    take_in(state, RoomListed(Room(id="r1", name="lobby", kind="channel")))
    assert [room.room.name for room in state.rooms.values()] == ["lobby", "mods"]
    assert state.rooms["r2"].unread == 3
    assert len(state.rooms["r1"].timeline) == 1


def test_a_room_that_is_gone_leaves_the_list() -> None:
    state = account()
    take_in(state, RoomGone("r1"))
    take_in(state, RoomGone("never listed"))
    assert state.rooms == {}


def test_unread_counts_are_the_services() -> None:
    state = account()
    take_in(state, Unread("r1", 7))
    take_in(state, Unread("never listed", 7))
    assert state.rooms["r1"].unread == 7
