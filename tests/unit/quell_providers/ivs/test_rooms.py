"""What a moderator is told of a room."""

import pytest

from quell_providers.ivs.answers import RoomSummary, read_answer
from quell_providers.ivs.rooms import room_of
from quell_providers.model import Room
from tests.unit.quell_providers.ivs.fakes import LOGGING, ROOM, room_arn

HANDLER = "arn:aws:lambda:us-west-2:123456789012:function:review-chat"


def told(**members: object) -> Room:
    logged = {"loggingConfigurationIdentifiers": [LOGGING]}
    return room_of(read_answer({"arn": room_arn(ROOM), "id": ROOM} | logged | members, RoomSummary))


def test_a_plain_room_has_no_note() -> None:
    assert told() == Room(id=ROOM, name="", kind="room")


def test_tags_are_told_in_order() -> None:
    assert told(tags={"team": "eu", "event": "finals"}).tags == ("event=finals", "team=eu")


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        ({"uri": HANDLER, "fallbackResult": "DENY"}, "rejected: DENY"),
        ({"uri": HANDLER, "fallbackResult": "ALLOW"}, "let through: ALLOW"),
        ({"uri": HANDLER}, "let through: ALLOW"),
    ],
)
def test_a_review_handler_is_told_with_its_fallback(handler: dict[str, str], words: str) -> None:
    note = told(messageReviewHandler=handler).note
    assert "Lambda function review-chat" in note
    assert words in note
    assert "\n" not in note


@pytest.mark.parametrize("handler", [{}, {"uri": ""}, None])
def test_a_detached_handler_is_none(handler: object) -> None:
    assert told(messageReviewHandler=handler).note == ""


def test_a_room_without_a_log_says_so_beside_its_handler() -> None:
    note = told(loggingConfigurationIdentifiers=[], messageReviewHandler={"uri": HANDLER}).note
    assert "review-chat" in note
    assert note.endswith("keeps no chat log, so there is no history")
