import json

import pytest
from msgspec.structs import replace

from quell.cli.events import event_fields, event_line
from quell_providers.model import Author, Deleted, Edited, Event, Gap, GapFilled, Message, Posted, StateChanged

MESSAGE = Message(
    id="m1",
    room_id="r1",
    author=Author("a1", "Vlad", "vlad_98"),
    text="hi\x1b[2J\u202e",
    sent_at=1_767_258_000.25,
    attachments=("x.png",),
)
GONE = replace(MESSAGE, deleted=True, deletion_reason="spam")


def test_a_posted_message_has_every_field() -> None:
    assert event_fields("work/r1", Posted(MESSAGE)) == {
        "event": "posted",
        "room": "work/r1",
        "message": {
            "id": "m1",
            "author": "Vlad",
            "author_id": "a1",
            "username": "vlad_98",
            "text": "hi\x1b[2J\u202e",
            "sent_at": "2026-01-01T09:00:00.250Z",
            "edited_at": None,
            "thread_id": None,
            "system": "",
            "attachments": ["x.png"],
            "quote": "",
            "deleted": False,
            "deletion_reason": None,
        },
    }


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        (
            Deleted("r1", "m1", "spam", 1_767_258_000.0),
            {"event": "deleted", "message_id": "m1", "reason": "spam", "at": "2026-01-01T09:00:00.000Z"},
        ),
        (Deleted("r1", "m1"), {"event": "deleted", "message_id": "m1", "reason": None, "at": None}),
        (
            StateChanged("r1", "live"),
            {"event": "state", "state": "connected", "detail": "", "cause": "", "remedy": "", "retry_in": None},
        ),
        (
            StateChanged("r1", "reconnecting", "1006", "The connection broke.", "", 2.0),
            {
                "event": "state",
                "state": "reconnecting",
                "detail": "1006",
                "cause": "The connection broke.",
                "remedy": "",
                "retry_in": 2.0,
            },
        ),
        (
            Gap("r1", 1_767_258_000.0, 1_767_258_001.0),
            {"event": "gap", "since": "2026-01-01T09:00:00.000Z", "until": "2026-01-01T09:00:01.000Z"},
        ),
        (
            GapFilled("r1", 1_767_258_000.0, 1_767_258_001.0),
            {"event": "gap_filled", "since": "2026-01-01T09:00:00.000Z", "until": "2026-01-01T09:00:01.000Z"},
        ),
    ],
)
def test_other_events_have_their_own_fields(event: Event, fields: dict[str, object]) -> None:
    assert event_fields("work/r1", event) == {**fields, "room": "work/r1"}


def test_an_edit_and_a_deletion_found_in_the_history() -> None:
    edited = event_fields("work/r1", Edited(GONE))
    assert edited["event"] == "edited"
    assert isinstance(edited["message"], dict)
    assert (edited["message"]["deleted"], edited["message"]["deletion_reason"]) == (True, "spam")


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Posted(MESSAGE), "m1  Vlad: hi␛[2J⟦U+202E⟧ ⟨file x.png⟩"),
        (Posted(GONE), "m1  deleted: Vlad: hi␛[2J⟦U+202E⟧ ⟨file x.png⟩"),
        (Edited(MESSAGE), "m1  edited: Vlad: hi␛[2J⟦U+202E⟧ ⟨file x.png⟩"),
        (Posted(replace(MESSAGE, text="", system="uj", attachments=())), "m1  Vlad: uj"),
        (Deleted("r1", "m1", "sp\x1bam"), "m1  deleted: sp␛am"),
        (GapFilled("r1", 0.0, 1.0), "is missing any more"),
        (StateChanged("r1", "live"), "connected"),
        (StateChanged("r1", "refused", "403", "No access\x07", "Ask an admin"), "refused - No access␇ - Ask an admin"),
        (StateChanged("r1", "reconnecting", "1006"), "reconnecting - 1006"),
    ],
)
def test_a_line_for_people_is_printable(event: Event, line: str) -> None:
    assert event_line(event).endswith(line)
    assert "\x1b" not in event_line(event)


def test_json_carries_nothing_that_a_terminal_acts_on() -> None:
    text = json.dumps(event_fields("work/r1", Posted(MESSAGE)))
    assert text.isascii()
    assert text.isprintable()
