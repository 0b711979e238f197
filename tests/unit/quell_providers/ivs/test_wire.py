"""Frames and log records, as the service writes them, and what they mean."""

import json
from typing import Any

import pytest

from quell_providers.ivs.wire import MalformedError, Problem, decode_frame, decode_record
from quell_providers.model import Author, Deleted, Message, Posted

ROOM = "AbCdEfGhIjKl"

MESSAGE: dict[str, Any] = {
    "Type": "MESSAGE",
    "Id": "5OPsDdX18qcJ",
    "RequestId": "",
    "Attributes": {},
    "Content": "hello",
    "SendTime": "2022-10-14T20:08:11.258800067Z",
    "Sender": {"UserId": "amara.7f2c", "Attributes": {"displayName": "Amara"}},
}
DELETION: dict[str, Any] = {
    "Type": "EVENT",
    "Id": "OpOpOpOpOpOp",
    "RequestId": "r-1",
    "EventName": "aws:DELETE_MESSAGE",
    "Attributes": {"MessageId": "5OPsDdX18qcJ", "MessageID": "5OPsDdX18qcJ", "Reason": "spam"},
    "SendTime": "2022-10-14T20:48:40.41551437Z",
}


def message_of(**changes: Any) -> Message:
    event = decode_frame(json.dumps(MESSAGE | changes).encode(), ROOM)
    assert isinstance(event, Posted)
    return event.message


def test_a_message_frame() -> None:
    assert message_of() == Message(
        id="5OPsDdX18qcJ",
        room_id=ROOM,
        author=Author("amara.7f2c", "Amara", name_source="Sender.Attributes.displayName"),
        text="hello",
        sent_at=1665778091.2588,
    )


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("2022-10-14T20:08:11Z", 1665778091.0),
        ("2022-10-14T20:08:11.2Z", 1665778091.2),
        *((f"2022-10-14T20:08:11.{'258800067'[:digits]}Z", 1665778091.2588) for digits in range(4, 10)),
        ("2022-10-14T20:08:11.25Z", 1665778091.25),
        ("2022-10-14T20:08:11.258Z", 1665778091.258),
        ("2022-10-14T22:08:11+02:00", 1665778091.0),
        ("2022-10-14T20:08:11", 1665778091.0),
    ],
)
def test_send_times_have_up_to_nine_fractional_digits(written: str, seconds: float) -> None:
    assert message_of(SendTime=written).sent_at == pytest.approx(seconds, abs=1e-6)


@pytest.mark.parametrize(
    ("token", "client", "name", "source"),
    [
        ({"displayName": "Token"}, {"displayName": "Forged"}, "Token", "Sender.Attributes.displayName"),
        ({"username": "login"}, {"displayName": "Forged"}, "login", "Sender.Attributes.username"),
        ({"name": "N"}, None, "N", "Sender.Attributes.name"),
        ({"displayName": "D", "username": "u", "name": "n"}, None, "D", "Sender.Attributes.displayName"),
        ({}, {"username": "claimed"}, "claimed", "Attributes.username"),
        (None, {"name": "claimed"}, "claimed", "Attributes.name"),
        ({"displayName": ""}, {"displayName": "Forged"}, "Forged", "Attributes.displayName"),
        ({"displayName": 7}, {}, "amara.7f2c", "Sender.UserId"),
        ({}, {}, "amara.7f2c", "Sender.UserId"),
        (None, None, "amara.7f2c", "Sender.UserId"),
    ],
)
def test_the_name_comes_from_the_token_then_the_client_then_the_user_id_and_says_so(
    token: Any, client: Any, name: str, source: str
) -> None:
    message = message_of(Sender={"UserId": "amara.7f2c", "Attributes": token}, Attributes=client)
    assert message.author == Author("amara.7f2c", name, name_source=source)


def test_messages_of_one_author_share_one_object() -> None:
    assert message_of(Id="Message00001").author is message_of(Id="Message00002").author


@pytest.mark.parametrize("text", ["", "a[b]", "\x1b]0;owned\x07", "\u202egnp.exe", "नमस्ते 👩‍👩‍👧", "\x00", "x" * 500])
def test_text_comes_through_as_it_was_written(text: str) -> None:
    assert message_of(Content=text).text == text


@pytest.mark.parametrize("half", ["\ud800", "a\udfff b"])
def test_half_a_character_does_not_hide_a_message(half: str) -> None:
    whole = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in half)
    assert message_of(Content=half).text == whole


def test_bytes_that_are_no_text_do_not_hide_a_message() -> None:
    data = json.dumps(MESSAGE).encode().replace(b"hello", b"he\xffo")
    assert decode_frame(data, ROOM) == Posted(message_of(Content="he\ufffdo"))


@pytest.mark.parametrize(
    ("attributes", "message_id", "reason"),
    [
        ({"MessageId": "new", "MessageID": "new", "Reason": "spam"}, "new", "spam"),
        ({"MessageId": "new"}, "new", None),
        ({"MessageID": "old"}, "old", None),
        ({"MessageID": "old", "Reason": ""}, "old", None),
    ],
)
def test_a_deletion_is_named_by_either_attribute(
    attributes: dict[str, str], message_id: str, reason: str | None
) -> None:
    event = decode_frame(json.dumps(DELETION | {"Attributes": attributes}).encode(), ROOM)
    assert event == Deleted(ROOM, message_id, reason, at=1665780520.415514)


@pytest.mark.parametrize("name", ["aws:DISCONNECT_USER", "app:DELETE_BY_USER", "aws:SOMETHING_NEW", ""])
def test_events_that_are_nothing_to_us(name: str) -> None:
    assert decode_frame(json.dumps(DELETION | {"EventName": name}).encode(), ROOM) is None


def test_an_error_frame() -> None:
    frame = b'{"Type":"ERROR","Id":"x","RequestId":"","ErrorCode":401,"ErrorMessage":"The connection has expired"}'
    assert decode_frame(frame, ROOM) == Problem(401, "The connection has expired")


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"{}",
        b'{"Type":"SURPRISE"}',
        b'{"Type":7}',
        b"[" * 100_000,
        b'{"x":' * 100_000,
        b"\xff\xfe",
        *(json.dumps({key: MESSAGE[key] for key in MESSAGE if key != gone}).encode() for gone in ("Id", "SendTime")),
        json.dumps(MESSAGE | {"SendTime": "yesterday"}).encode(),
        json.dumps(MESSAGE | {"Content": {"secret": "words"}}).encode(),
        json.dumps(DELETION | {"Attributes": {"Reason": "spam"}}).encode(),
        json.dumps(DELETION | {"Attributes": {"MessageId": ["x"]}}).encode(),
    ],
)
def test_malformed_frames_are_told_apart_without_their_content(frame: bytes) -> None:
    with pytest.raises(MalformedError) as caught:
        decode_frame(frame, ROOM)
    assert "words" not in str(caught.value)


def test_a_deletion_frame_of_old_with_the_deprecated_attribute_alone() -> None:
    frame = (
        b'{"Type":"EVENT","Id":"PkTbvL0ZzHbe","RequestId":"","EventName":"aws:DELETE_MESSAGE",'
        b'"Attributes":{"MessageID":"5OPsDdX18qcJ","Reason":"Inappropriate"},"SendTime":"2022-10-14T20:48:40.41551437Z"}'
    )
    assert decode_frame(frame, ROOM) == Deleted(ROOM, "5OPsDdX18qcJ", "Inappropriate", at=1665780520.415514)


def test_a_record_with_the_name_among_the_client_s_attributes() -> None:
    record = (
        '{"event_timestamp":"2023-01-05T14:33:32.894Z","type":"MESSAGE","payload":{"Type":"MESSAGE","Id":"WhO6MW6iRdS5",'
        '"RequestId":"","Attributes":{"username":"glen"},"Content":"bye!","SendTime":"2023-01-05T14:33:32.894089757Z",'
        '"Sender":{"UserId":"75758272-aaaa","Attributes":{}}},"version":"1.0"}'
    )
    assert decode_record(record, ROOM) == Posted(
        Message(
            id="WhO6MW6iRdS5",
            room_id=ROOM,
            author=Author("75758272-aaaa", "glen", name_source="Attributes.username"),
            text="bye!",
            sent_at=1672929212.89409,
        )
    )


def test_a_log_record_holds_a_frame() -> None:
    record = {"event_timestamp": "2022-10-14T20:08:11.258Z", "type": "MESSAGE", "version": "1.0", "payload": MESSAGE}
    assert decode_record(json.dumps(record), ROOM) == Posted(message_of())


def test_a_log_record_of_a_deletion() -> None:
    record = json.dumps({"type": "EVENT", "payload": DELETION})
    assert decode_record(record, ROOM) == decode_frame(json.dumps(DELETION).encode(), ROOM)


@pytest.mark.parametrize("record", ["", "{}", '{"payload": 1}', '{"payload": {}}', "\ud800"])
def test_malformed_records(record: str) -> None:
    with pytest.raises(MalformedError):
        decode_record(record, ROOM)
