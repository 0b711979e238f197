"""Marking in steps comes out as marking at once would, whatever happens between two steps."""

import random
from collections.abc import Iterator

import msgspec
import pytest

from quell.moderation.selection import Selection
from quell.moderation.timeline import Timeline, place
from quell.session.scope import Scope
from quell.session.state import RoomState
from quell.widgets import marking
from quell.widgets.feed.rows import Rows
from quell.widgets.marking import Marker, SameText
from quell_providers.model import Message, Room
from tests.support.fake_provider import message


def room(name: str, *messages: Message) -> RoomState:
    made = RoomState("work", Room(id=name, name=name, kind="room"), Timeline())
    made.timeline.add(messages)
    return made


def gone(each: Message) -> Message:
    return msgspec.structs.replace(each, deleted=True)


def marked(selection: Selection) -> list[str]:
    return sorted(key.message_id for key in selection)


def do(marks: Iterator[None]) -> int:
    """How many steps it took."""
    return sum(1 for _ in marks)


def told() -> None:
    raise AssertionError("there was something to mark")


def test_deleted_messages_are_never_marked() -> None:
    messages = [message(1, "x"), gone(message(2, "x"))]
    scope, selection = Scope([room("r1", *messages)]), Selection()
    marker = Marker(selection)
    do(marker.adding(scope, [messages]))
    assert marked(selection) == ["m0001"]
    do(marker.inverting(scope, [messages]))
    assert marked(selection) == []
    assert not marker.toggle(scope, messages[1])
    assert marked(selection) == []


def test_all_are_unmarked_only_when_all_were_marked_wherever_the_one_stands_that_was_not() -> None:
    messages = [message(number, "x") for number in range(6)]
    parts = [messages[:2], messages[2:4], messages[4:]]
    scope = Scope([room("r1", *messages)])
    for missing in (*range(6), None):
        selection = Selection()
        selection.add(scope.rooms[0].key, [each.id for at, each in enumerate(messages) if at != missing])
        do(Marker(selection).toggling(scope, parts, told))
        assert len(selection) == (0 if missing is None else 6)


def test_it_is_told_when_nothing_can_be_marked() -> None:
    heard: list[None] = []
    scope, selection = Scope([room("r1", gone(message(1, "x")))]), Selection()
    do(Marker(selection).toggling(scope, [[gone(message(1, "x"))]], lambda: heard.append(None)))
    assert (len(heard), len(selection)) == (1, 0)


def test_marks_go_to_the_rooms_of_their_messages() -> None:
    first, second = message(1, "x", room="r1"), message(2, "x", room="r2")
    scope, selection = Scope([room("r1", first), room("r2", second)]), Selection()
    do(Marker(selection).adding(scope, [[first, second]]))
    assert selection.counts == {("work", "r1"): 1, ("work", "r2"): 1}


@pytest.mark.parametrize("seed", range(40))
def test_a_range_marks_what_lies_between_and_what_was_marked_before(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "CHUNK", 3)
    chance = random.Random(seed)
    messages = [message(number, "x") for number in range(20)]
    messages = [gone(each) if chance.random() < 0.1 else each for each in messages]
    scope, selection = Scope([room("r1", *messages)]), Selection()
    rows = Rows(lambda _: 1)
    rows.reset(messages[:])
    before = {each.id for each in messages if chance.random() < 0.3 and not each.deleted}
    selection.add(scope.rooms[0].key, before)
    marker, start = Marker(selection), chance.randrange(20)
    marker.begin_range(place(messages[start]))
    for _ in range(8):
        end = chance.randrange(20)
        do(marker.stretching(scope, rows, place(messages[end])))
        between = messages[min(start, end) : max(start, end) + 1]
        expected = before | {each.id for each in between if not each.deleted}
        assert marked(selection) == sorted(expected), seed
    marker.drop_range()
    assert marked(selection) == sorted(before), seed


@pytest.mark.parametrize(
    ("text", "other", "same"),
    [
        ("FREE  nitro", "free nitro ", True),
        ("free nitro", "fr\u200bee n\u0456tro", True),
        ("free nitro", "free nitro!", False),
        ("🔥", "👍", False),
        ("", "\u200b", True),
    ],
)
def test_same_text(text: str, other: str, same: bool) -> None:
    assert SameText(text)(message(1, other)) is same
