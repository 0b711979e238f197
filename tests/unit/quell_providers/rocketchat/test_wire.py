import json
from typing import Any

import pytest

from quell_providers.rocketchat import wire
from quell_providers.rocketchat.wire import EjsonDate, MalformedError
from tests.unit.quell_providers.rocketchat.fakes import wire_message


def test_realtime_message_frame() -> None:
    frame = {
        "msg": "changed",
        "collection": "stream-room-messages",
        "id": "id",
        "fields": {"eventName": "GENERAL", "args": [wire_message(text="hi")]},
    }
    read = wire.read(json.dumps(frame).encode(), wire.Frame)
    assert read.fields is not None
    assert (read.msg, read.fields.event_name) == ("changed", "GENERAL")
    message = wire.read(read.fields.args[0], wire.Message)
    assert (message.id, message.msg, message.ts) == ("m1", "hi", EjsonDate(1_700_000_000_000))


def test_rest_message_has_iso_times() -> None:
    raw = json.dumps({**wire_message(), "ts": "2023-11-14T22:13:20.000Z"}).encode()
    assert wire.read(raw, wire.Message).ts == "2023-11-14T22:13:20.000Z"


@pytest.mark.parametrize(
    "frame",
    [
        {"server_id": "0"},
        {"msg": "connected", "session": "s"},
        {"msg": "ping"},
        {"msg": "updated", "methods": ["1"]},
        {"msg": "added", "collection": "users", "id": "u1", "fields": {"username": "amara", "args": []}},
        {"msg": "result", "id": "1", "result": {"token": "t", "tokenExpires": {"$date": None}}},
        {"msg": "nosub", "id": "2", "error": {"error": 403, "reason": "no", "details": {"timeToReset": 1}}},
        {"msg": "from a later version", "fields": None, "whatever": [1, {"deep": True}]},
    ],
)
def test_every_other_frame_can_be_read(frame: dict[str, Any]) -> None:
    assert wire.read(json.dumps(frame).encode(), wire.Frame).msg == frame.get("msg", "")


@pytest.mark.parametrize("odd", [5, "x", [5], [None], {"a": 1}, [{"title": 5, "title_link": []}], None])
def test_odd_attachments_do_not_hide_the_message(odd: Any) -> None:
    raw = json.dumps(wire_message(attachments=odd, files=odd, file=odd)).encode()
    assert wire.read(raw, wire.Message).msg == "hello"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb"half \ud83d pair", "half \ufffd pair"),
        (rb"other half \udc00", "other half \ufffd"),
        (rb"whole \ud83d\ude00 pair", "whole 😀 pair"),
        (rb"no escape: \\ud83d", r"no escape: \ud83d"),
        (rb"whole \ud83d\ude00, half \ud83d\n\"", 'whole 😀, half \ufffd\n"'),
        (b"not UTF-8: \xff\xed\xa0\x80", "not UTF-8: \ufffd\ufffd\ufffd\ufffd"),
    ],
)
def test_broken_characters_are_replaced(written: bytes, read: str) -> None:
    raw = b'{"_id":"m","rid":"r","ts":0,"u":{"_id":"u"},"msg":"' + written + b'"}'
    assert wire.read(raw, wire.Message).msg == read
    frame = b'{"msg":"changed","fields":{"eventName":"r","args":[' + raw + b"]}}"
    fields = wire.read(frame, wire.Frame).fields
    assert fields is not None
    assert wire.read(fields.args[0], wire.Message).msg == read


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\x00",
        b'{"msg":5}',
        b'{"msg":"a"',
        b"[" * 100_000,
        b'{"fields":{"args":' + b"[" * 100_000,
    ],
)
def test_anything_else_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        wire.read(data, wire.Frame)


def test_refusal_bodies() -> None:
    body = wire.read(b'{"success":false,"error":"Not allowed [x]","errorType":"x","details":{"a":1}}', wire.Body)
    assert (body.success, body.error, body.error_type) == (False, "Not allowed [x]", "x")
    assert wire.read(b'{"success":"false"}', wire.Body).success == "false"
