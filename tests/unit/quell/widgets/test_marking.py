"""Marks of messages, range by range and all at once."""

import msgspec
import pytest

from quell.moderation.selection import Selection
from quell.moderation.timeline import Timeline, place
from quell.session.scope import Scope
from quell.session.state import RoomState
from quell.widgets.feed.rows import Rows
from quell.widgets.marking import Marker, SameText
from quell_providers.model import Message, Room
from tests.support.fake_provider import message

SCOPE = Scope([RoomState("work", Room(id="r1", name="general", kind="channel"), Timeline())])
TALK = [message(number, "x") for number in range(10)]
DELETED = msgspec.structs.replace(TALK[4], deleted=True)


def marked(marker: Marker) -> list[str]:
    return sorted(key.message_id for key in marker.selection)


def rows(messages: list[Message]) -> Rows:
    made = Rows(lambda _: 1)
    made.add(messages)
    return made


def test_what_was_deleted_after_it_was_marked_can_be_unmarked_and_not_be_marked_again() -> None:
    marker = Marker(Selection())
    assert marker.toggle(SCOPE, [TALK[4]])
    assert marker.toggle(SCOPE, [DELETED])
    assert marked(marker) == []
    assert not marker.toggle(SCOPE, [DELETED])
    marker.toggle(SCOPE, [TALK[4]])
    marker.invert(SCOPE, [TALK[3], DELETED])
    assert marked(marker) == ["m0003"]


def test_a_range_goes_on_though_its_start_has_no_row_any_more() -> None:
    marker = Marker(Selection())
    marker.begin_range(place(TALK[2]))
    marker.stretch_range(SCOPE, rows(TALK), place(TALK[5]))
    assert marked(marker) == ["m0002", "m0003", "m0004", "m0005"]
    marker.stretch_range(SCOPE, rows([TALK[0], TALK[3], TALK[7], TALK[8]]), place(TALK[7]))
    assert marked(marker) == ["m0003", "m0007"]
    marker.stretch_range(SCOPE, rows([TALK[0], TALK[3]]), place(TALK[0]))
    assert marked(marker) == ["m0000"]


def test_a_range_passes_over_what_is_deleted() -> None:
    marker = Marker(Selection())
    marker.begin_range(place(TALK[3]))
    marker.stretch_range(SCOPE, rows([*TALK[:4], DELETED, *TALK[5:]]), place(TALK[5]))
    assert marked(marker) == ["m0003", "m0005"]


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


def test_what_was_cleared_comes_back_and_nothing_before_anything_was() -> None:
    selection = Selection()
    assert not selection.restore()
    selection.add([SCOPE.key_of(TALK[1])])
    selection.clear()
    selection.clear()
    assert selection.restore()
    assert len(selection) == 1
