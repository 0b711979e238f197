import json
from typing import Any

import pytest

from quell_providers.model import Author
from quell_providers.rocketchat import translate, wire
from quell_providers.rocketchat.wire import EjsonDate, MalformedError, When
from tests.unit.quell_providers.rocketchat.fakes import wire_message


def message(**more: Any) -> wire.Message:
    return wire.read(json.dumps(wire_message(**more)).encode(), wire.Message)


def room(**fields: Any) -> wire.Room:
    return wire.read(json.dumps({"_id": "r1", "t": "c", **fields}).encode(), wire.Room)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2023-11-14T22:13:20.123Z", 1_700_000_000.123),
        ("2023-11-14T23:13:20.123+01:00", 1_700_000_000.123),
        ("2023-11-14T22:13:20", 1_700_000_000.0),
        (1_700_000_000_123, 1_700_000_000.123),
        (EjsonDate(1_700_000_000_123), 1_700_000_000.123),
        (EjsonDate(None), None),
        (None, None),
    ],
)
def test_times(when: When, expected: float | None) -> None:
    assert translate.seconds(when) == expected


@pytest.mark.parametrize("when", ["", "yesterday", -1.0, 1e18, EjsonDate(1e300)])
def test_times_that_are_none(when: When) -> None:
    with pytest.raises(MalformedError):
        translate.seconds(when)


@pytest.mark.parametrize("time", [1_700_000_000.123, 1_700_000_000.557, 1_699_999_999.9999, 0.001])
def test_iso_keeps_the_millisecond(time: float) -> None:
    assert translate.seconds(translate.iso(time)) == pytest.approx(round(time, 3), abs=1e-6)


def test_message() -> None:
    found = translate.message(message(tmid="parent"))
    assert found.id == "m1"
    assert found.room_id == "GENERAL"
    assert found.author == Author("u1", "Amara Okafor", "amara")
    assert (found.text, found.sent_at, found.edited_at) == ("hello", 1_700_000_000.0, None)
    assert (found.thread_id, found.system, found.deleted) == ("parent", "", False)


def test_author_without_names_is_called_by_id() -> None:
    assert translate.message(message(u={"_id": "u1"})).author == Author("u1", "u1", "")


def test_edited_message() -> None:
    found = translate.message(message(editedAt={"$date": 1_700_000_060_000}, editedBy={"_id": "u1"}))
    assert found.edited_at == 1_700_000_060.0


@pytest.mark.parametrize("mark", [{"t": "rm", "editedAt": {"$date": 1_700_000_060_000}}, {"_hidden": True}])
def test_placeholders_and_hidden_messages_are_deleted(mark: dict[str, Any]) -> None:
    found = translate.message(message(**mark))
    assert (found.deleted, found.system, found.edited_at) == (True, "", None)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("uj", "amara", "joined the room"),
        ("au", "lena", "added lena"),
        ("user-muted", "lena", "muted lena"),
        ("r", "new {} name", "renamed the room to new {} name"),
        ("room_changed_topic", "", "changed the topic to "),
        ("some-new_kind", "details", "some new kind: details"),
        ("some-new_kind", "", "some new kind"),
    ],
)
def test_system_messages_can_be_read(kind: str, value: str, text: str) -> None:
    found = translate.message(message(t=kind, text=value))
    assert (found.system, found.text) == (kind, text)


def test_encrypted_messages_are_written_by_people() -> None:
    found = translate.message(message(t="e2e", text="YWJj"))
    assert (found.system, found.text) == ("", "YWJj")


def test_file_names_without_thumbnails() -> None:
    found = translate.message(
        message(
            text="",
            files=[{"_id": "f1", "name": "plan.png"}, {"_id": "f2", "name": "thumb-plan.png"}, {"name": 5}, "odd"],
            file={"_id": "f1", "name": "plan.png"},
            attachments=[
                {"title": "plan.png", "title_link": "/file-upload/f1", "description": "our plan"},
                {"title": "notes.txt", "title_link": "/file-upload/f3"},
                {"title": "only a heading"},
            ],
        )
    )
    assert found.attachments == ("plan.png", "notes.txt")
    assert found.text == "our plan"


def test_one_file_of_an_old_server() -> None:
    assert translate.message(message(file={"name": "a.txt"})).attachments == ("a.txt",)


def test_bot_post_shows_the_text_of_its_attachments() -> None:
    assert (
        translate.message(message(text="", attachments=[{"text": "one"}, {"text": 2}, {"text": "two"}])).text
        == "one\ntwo"
    )


def test_message_without_a_time_is_malformed() -> None:
    with pytest.raises(MalformedError):
        translate.message(message(ts=None))


@pytest.mark.parametrize(
    ("fields", "kind"),
    [({"t": "c"}, "channel"), ({"t": "p"}, "group"), ({"t": "d"}, "direct"), ({"t": "p", "prid": "x"}, "discussion")],
)
def test_room_kinds(fields: dict[str, str], kind: str) -> None:
    found = translate.room(room(name="n", **fields), None)
    assert found is not None
    assert found.kind == kind


def test_omnichannel_rooms_are_left_out() -> None:
    assert translate.room(room(t="l"), None) is None


def test_direct_room_is_named_after_the_other_person() -> None:
    own = wire.Subscription(rid="r1", name="lena", fname="Lena Fischer", unread=3)
    found = translate.room(room(t="d"), own)
    assert found is not None
    assert (found.name, found.unread) == ("Lena Fischer", 3)


def test_room_marks() -> None:
    found = translate.room(room(name="n", topic="t", ro=True, archived=True, encrypted=True), None)
    assert found is not None
    assert (found.topic, found.read_only, found.archived, found.encrypted) == ("t", True, True, True)


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("plan.png", "image/png", "plan.png"),
        ("invoice.pdf", "application/x-msdownload", "invoice.pdf (application/x-msdownload)"),
        ("README", "text/plain", "README (text/plain)"),
        ("plan.png", None, "plan.png"),
    ],
)
def test_a_file_is_named_with_its_type_where_the_name_hides_it(name: str, kind: str | None, shown: str) -> None:
    assert translate.message(message(files=[{"name": name, "type": kind}])).attachments == (shown,)


def test_quotes() -> None:
    quote = {"message_link": "https://a.b/?msg=1", "author_name": "lena", "text": "look at this"}
    found = translate.message(message(text="", attachments=[quote, {"text": "a card"}]))
    assert (found.quote, found.text, found.attachments) == ("lena: look at this", "a card", ())


def test_authors_are_shared() -> None:
    first, second = translate.message(message()), translate.message(message(msg="again"))
    assert first.author is second.author
    assert first.room_id is second.room_id


def test_room_notes() -> None:
    parent = room(name="general")
    found = translate.room(room(t="p", name="x", fname="Plans", prid="GENERAL"), None, parent)
    assert found is not None
    assert (found.name, found.note) == ("Plans", "Discussion of general")
    marked = translate.room(room(name="n", ro=True, archived=True, encrypted=True), None)
    assert marked is not None
    assert [word in marked.note for word in ("encrypted", "Archived", "Read-only")] == [True] * 3
    plain = translate.room(room(name="n"), None)
    assert plain is not None
    assert plain.note == ""


def test_a_direct_room_without_a_subscription_is_named_after_its_people() -> None:
    found = translate.room(room(t="d", usernames=["lena", 5, "amara"]), None)
    assert found is not None
    assert found.name == "lena, amara"
