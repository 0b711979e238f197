from quell.moderation.timeline import Timeline, place
from quell.session.state import RoomState
from quell_providers.model import Room
from tests.support.fake_provider import message


def test_the_line_of_what_is_new_is_gone_at_the_next_visit_and_waits_for_the_history_at_the_first() -> None:
    messages = [message(number, "x") for number in range(5)]
    room = RoomState("work", Room(id="r1", name="general", kind="channel"), Timeline(), unread=2)
    room.mark_read()
    room.mark_read()
    assert (room.unread, room.unread_from) == (0, None)
    room.timeline.add(messages)
    room.history = "loaded"
    room.draw_unread_line()
    assert room.unread_from == place(messages[3])
    room.mark_read()
    assert room.unread_from is None
