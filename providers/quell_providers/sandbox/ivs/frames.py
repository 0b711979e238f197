"""The frames of the messaging socket (IVS Chat Messaging API Reference: Message, Event, Error)."""

import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime

from quell_providers.sandbox.outbox import Outgoing
from quell_providers.sandbox.world import Person, Post

Frame = dict[str, object]


def message(
    post: Post, *, request_id: str, attributes: Mapping[str, str], sender_attributes: Mapping[str, str]
) -> Frame:
    """Somebody wrote something."""
    return {
        "Type": "MESSAGE",
        "Id": post.id,
        "RequestId": request_id,
        "Attributes": dict(attributes),
        "Content": post.text,
        "SendTime": send_time(post.sent_at, salt=post.id),
        "Sender": {"UserId": post.author.id, "Attributes": dict(sender_attributes)},
    }


def event(event_id: str, name: str, attributes: Mapping[str, str], *, at: float, request_id: str = "") -> Frame:
    """Something happened in the room."""
    return {
        "Type": "EVENT",
        "Id": event_id,
        "RequestId": request_id,
        "EventName": name,
        "Attributes": dict(attributes),
        "SendTime": send_time(at, salt=event_id),
    }


def deletion(event_id: str, message_id: str, reason: str | None, *, at: float, request_id: str = "") -> Frame:
    """Clients are to take a message off the screen. Nothing tells who asked for it."""
    attributes = {"MessageId": message_id, "MessageID": message_id} | _reason(reason)
    return event(event_id, "aws:DELETE_MESSAGE", attributes, at=at, request_id=request_id)


def disconnection(event_id: str, user_id: str, reason: str | None, *, at: float, request_id: str = "") -> Frame:
    """All connections of a user are closed now. Nothing tells who asked for it."""
    attributes = {"UserId": user_id} | _reason(reason)
    return event(event_id, "aws:DISCONNECT_USER", attributes, at=at, request_id=request_id)


def error(error_id: str, code: int, text: str, *, request_id: str = "") -> Frame:
    """A request of this connection failed, or its session did."""
    return {"Type": "ERROR", "Id": error_id, "RequestId": request_id, "ErrorCode": code, "ErrorMessage": text}


def outgoing(frame: Frame, room_id: str) -> Outgoing:
    """A frame encoded, for any number of sockets. Half of a surrogate pair is no UTF-8 and becomes JSON's escape."""
    text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
    return Outgoing(text.encode(errors="backslashreplace"), f"messaging/{frame['Type']}", room_id)


def introduction(person: Person) -> tuple[dict[str, str], dict[str, str]]:
    """Attributes of the message and of its sender, by which an application tells an author's name.

    IVS itself knows only user ids; where a name stands is each application's habit, so people here differ: most have
    `displayName` from their chat token, the others a `username` that they put into the message themselves.
    """
    if zlib.crc32(person.id.encode()) % 4:
        return {}, {"displayName": person.name}
    return {"username": person.username}, {}


def send_time(at: float, *, salt: str) -> str:
    """A time with nanoseconds and no trailing zeros, as the service writes it.

    The last three digits are finer than a float holds; they come from `salt`, so that they stay the same.
    """
    whole = datetime.fromtimestamp(at, UTC)
    fraction = f"{whole.microsecond:06}{zlib.crc32(salt.encode()) % 1000:03}".rstrip("0")
    return f"{whole:%Y-%m-%dT%H:%M:%S}" + (f".{fraction}" if fraction else "") + "Z"


def _reason(reason: str | None) -> dict[str, str]:
    return {"Reason": reason} if reason else {}
