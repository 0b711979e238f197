"""What Amazon IVS Chat puts on the wire, and what it means.

The same MESSAGE and EVENT frames come over the messaging socket and stand in the `payload` of a chat log's records.
"""

import json
from datetime import UTC, datetime
from functools import lru_cache
from sys import intern
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from quell_providers.model import Author, Deleted, Message, Posted

_T = TypeVar("_T")

_DELETE_EVENT = "aws:DELETE_MESSAGE"
_NAME_KEYS = ("displayName", "username", "name")
"""Attributes that applications keep a display name in; none is prescribed."""
_BOUND = {key: f"Sender.Attributes.{key}" for key in _NAME_KEYS}
_CLAIMED = {key: f"Attributes.{key}" for key in _NAME_KEYS}
_AUTHORS = 4096
"""How many authors are remembered, so that their messages share them."""


class MalformedError(Exception):
    """A frame or record that can not be understood. Its text tells where, never what the frame held."""


class Problem(Struct, frozen=True):
    """An ERROR frame: the service did not do what was asked, or the connection has expired (401)."""

    code: int
    text: str


class _Sender(Struct, frozen=True, rename="pascal"):
    user_id: str = ""
    attributes: dict[str, Any] | None = None


class _Frame(Struct, frozen=True, rename="pascal"):
    type: str
    id: str = ""
    content: str = ""
    attributes: dict[str, Any] | None = None
    send_time: datetime | None = None
    sender: _Sender | None = None
    event_name: str = ""
    error_code: int = 0
    error_message: str = ""


class _Record(Struct, frozen=True):
    payload: _Frame


_frames = msgspec.json.Decoder(_Frame)
_records = msgspec.json.Decoder(_Record)


def decode_frame(data: bytes, room_id: str) -> Posted | Deleted | Problem | None:
    """What a frame of the messaging socket says; `None` for an event that is nothing to us (SendEvent).

    Raises `MalformedError`.
    """
    return _meaning(_decode(_frames, data), room_id)


def decode_record(text: str, room_id: str) -> Posted | Deleted | None:
    """What a record of a chat log says; `None` for an event that is nothing to us.

    Raises `MalformedError`.
    """
    meaning = _meaning(_decode(_records, text.encode("utf-8", "surrogatepass")).payload, room_id)
    return None if isinstance(meaning, Problem) else meaning


def _decode(decoder: msgspec.json.Decoder[_T], data: bytes) -> _T:
    try:
        return decoder.decode(data)
    except (ValueError, RecursionError) as error:
        problem = error
    try:
        return decoder.decode(_with_whole_characters(data))
    except (ValueError, RecursionError):
        raise MalformedError(str(problem)) from None


def _with_whole_characters(data: bytes) -> bytes:
    """The same JSON with U+FFFD where half a character stands.

    Half a surrogate pair, or bytes that are no UTF-8, must not keep a message from those who moderate it.
    """
    text = json.dumps(json.loads(data.decode("utf-8", "replace")), ensure_ascii=False)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _meaning(frame: _Frame, room_id: str) -> Posted | Deleted | Problem | None:
    if frame.type == "MESSAGE":
        return Posted(_message(frame, room_id))
    if frame.type == "EVENT":
        return _deletion(frame, room_id) if frame.event_name == _DELETE_EVENT else None
    if frame.type == "ERROR":
        return Problem(frame.error_code, frame.error_message)
    raise MalformedError("a frame of a type that there is not")


def _message(frame: _Frame, room_id: str) -> Message:
    if not frame.id or frame.send_time is None:
        raise MalformedError("a MESSAGE without Id or SendTime")
    return Message(
        id=frame.id,
        room_id=room_id,
        author=_author(frame.sender or _Sender(), frame.attributes),
        text=frame.content,
        sent_at=_seconds(frame.send_time),
    )


def _author(sender: _Sender, attributes: dict[str, Any] | None) -> Author:
    """The sender, by the name its token carries; else by the one its client claims, which anybody can forge."""
    bound = sender.attributes
    if bound:
        for key in _NAME_KEYS:
            name = bound.get(key)
            if isinstance(name, str) and name:
                return _same_author(sender.user_id, name, _BOUND[key])
    if attributes:
        for key in _NAME_KEYS:
            name = attributes.get(key)
            if isinstance(name, str) and name:
                return _same_author(sender.user_id, name, _CLAIMED[key])
    return _same_author(sender.user_id, sender.user_id, "Sender.UserId")


@lru_cache(_AUTHORS)
def _same_author(user_id: str, name: str, source: str) -> Author:
    """One object for all messages of an author, because there are many more messages than authors."""
    return Author(user_id, name, name_source=source)


def _deletion(frame: _Frame, room_id: str) -> Deleted:
    attributes = frame.attributes or {}
    # The documented key is MessageId; services and recordings of old carry only the deprecated MessageID.
    message_id = attributes.get("MessageId") or attributes.get("MessageID")
    if not isinstance(message_id, str):
        raise MalformedError(f"an {_DELETE_EVENT} that names no message")
    reason = attributes.get("Reason")
    return Deleted(
        room_id,
        message_id,
        reason=intern(reason) if isinstance(reason, str) and reason else None,  # many are deleted for the same one
        at=_seconds(frame.send_time) if frame.send_time else None,
    )


def _seconds(time: datetime) -> float:
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
