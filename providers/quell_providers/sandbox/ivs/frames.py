"""The frames of the messaging socket (IVS Chat Messaging API Reference: Message, Event, Error)."""

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime

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


def deletion(event_id: str, message_id: str, reason: str | None, *, at: float, request_id: str = "") -> Frame:
    """Clients are to take a message off the screen. Nothing tells who asked for it."""
    attributes = {"MessageId": message_id, "MessageID": message_id}
    if reason:
        attributes["Reason"] = reason
    return {
        "Type": "EVENT",
        "Id": event_id,
        "RequestId": request_id,
        "EventName": "aws:DELETE_MESSAGE",
        "Attributes": attributes,
        "SendTime": send_time(at, salt=event_id),
    }


def error(error_id: str, code: int, text: str, *, request_id: str = "") -> Frame:
    """A request of this connection failed, or its session did."""
    return {"Type": "ERROR", "Id": error_id, "RequestId": request_id, "ErrorCode": code, "ErrorMessage": text}


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
