"""Several rooms looked at together."""

from quell.moderation.deletion import MessageKey
from quell.moderation.timeline import Timeline
from quell.session.scope import Scope
from quell.session.state import RoomState
from quell_providers.model import Room
from tests.support.fake_provider import message


def room(account: str, room_id: str, *numbers: int) -> RoomState:
    state = RoomState(account, Room(id=room_id, name=room_id, kind="channel"), Timeline())
    state.timeline.add([message(number, "hi", room=room_id) for number in numbers])
    return state


def test_rooms_of_one_id_keep_their_messages_apart() -> None:
    one, other, third = room("work", "GENERAL", 1, 3), room("club", "GENERAL", 2), room("live", "i1", 4)
    scope = Scope([one, other, third])
    messages = scope.messages()
    assert [each.id for each in messages] == ["m0001", "m0002", "m0003", "m0004"]
    assert [scope.room_of(each) for each in messages] == [one, other, one, third]
    assert [scope.key_of(each).account for each in messages] == ["work", "club", "work", "live"]
    assert scope.still(messages) == messages
    assert scope.find(MessageKey("club", "GENERAL", "m0002")) == messages[1]
    assert scope.find(MessageKey("club", "GENERAL", "m0001")) is None
    assert scope.find(MessageKey("live", "GENERAL", "m0001")) is None
