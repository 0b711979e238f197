"""The frames that the server sends over DDP."""

from collections.abc import Sequence

from quell_providers.sandbox.outbox import Outgoing
from quell_providers.sandbox.rocketchat.errors import MeteorError
from quell_providers.sandbox.rocketchat.wire import Document, to_ejson

GREETING: Document = {"server_id": "0"}
"""The first frame of every socket; it has no `msg`."""

PING: Document = {"msg": "ping"}


def connected(session_id: str) -> Document:
    """The version is agreed on."""
    return {"msg": "connected", "session": session_id}


def failed() -> Document:
    """The client speaks no version that the server speaks."""
    return {"msg": "failed", "version": "1"}


def protocol_error(reason: str, offending: Document | None = None) -> Document:
    """A frame that is not DDP."""
    return {"msg": "error", "reason": reason} | ({"offendingMessage": offending} if offending is not None else {})


def pong(ping_id: object) -> Document:
    """The answer to a ping, with its id if it had one."""
    return {"msg": "pong"} | ({"id": ping_id} if ping_id is not None else {})


def result(call_id: str, value: object) -> list[Document]:
    """A method's outcome, and that its writes are done. A method that returns nothing has no `result`."""
    outcome: Document = {"msg": "result", "id": call_id} | ({"result": value} if value is not None else {})
    return [outcome, {"msg": "updated", "methods": [call_id]}]


def refused_call(call_id: str, error: MeteorError) -> list[Document]:
    """A method's error."""
    return [{"msg": "result", "id": call_id, "error": _error(error)}, {"msg": "updated", "methods": [call_id]}]


def ready(subscription_id: str) -> Document:
    """A subscription stands."""
    return {"msg": "ready", "subs": [subscription_id]}


def ended(subscription_id: str) -> Document:
    """A subscription was given up by the client."""
    return {"msg": "nosub", "id": subscription_id}


def refused_subscription(subscription_id: str, error: MeteorError) -> Document:
    """A subscription that the server does not grant."""
    return {"msg": "nosub", "id": subscription_id, "error": _error(error)}


def added_user(user_id: str, username: str) -> Document:
    """Who has just logged in on this socket."""
    return {"msg": "added", "collection": "users", "id": user_id, "fields": {"username": username}}


def removed_user(user_id: str) -> Document:
    """Who is no longer logged in on this socket."""
    return {"msg": "removed", "collection": "users", "id": user_id}


def changed(stream: str, event: str, args: list[object]) -> Document:
    """Something happened in a stream. The `id` is always the same; `eventName` tells the subscription."""
    return {"msg": "changed", "collection": stream, "id": "id", "fields": {"eventName": event, "args": args}}


def outgoing(frame: Document, room_id: str = "") -> Outgoing:
    """A frame encoded, for any number of sockets."""
    about = frame.get("collection") or frame.get("msg") or ""
    return Outgoing(to_ejson(frame).encode(errors="backslashreplace"), f"websocket/{about}", room_id)


def telling(stream: str, event: str, args: Sequence[object]) -> Outgoing:
    """The frame that tells of an event, encoded for any number of sockets; it is about the room in its arguments,
    or else in its event's name.
    """
    about = next((str(arg["rid"]) for arg in args if isinstance(arg, dict) and "rid" in arg), event.split("/")[0])
    return outgoing(changed(stream, event, list(args)), about)


def _error(error: MeteorError) -> Document:
    document: Document = {"isClientSafe": True, "error": error.code}
    if error.reason:
        document["reason"] = error.reason
    document["message"] = error.message
    if error.details is not None:
        document["details"] = error.details
    return document | {"errorType": "Meteor.Error"}
