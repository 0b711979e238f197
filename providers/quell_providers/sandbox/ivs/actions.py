"""What clients ask for over the messaging socket (Messaging API, publish).

SEND_MESSAGE, DELETE_MESSAGE and DISCONNECT_USER.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from quell_providers.sandbox.ivs import fields
from quell_providers.sandbox.ivs.account import Account
from quell_providers.sandbox.ivs.broadcast import Broadcast, Request
from quell_providers.sandbox.ivs.connection import Connection
from quell_providers.sandbox.ivs.operations import MESSAGE_ID, REASON, USER_ID
from quell_providers.sandbox.ivs.review import Reviews
from quell_providers.sandbox.ivs.tokens import Session
from quell_providers.sandbox.world import Person, World

Body = Mapping[str, Any]


class ActionError(Exception):
    """A request that fails with an ERROR frame.

    Args:
        code: 400 malformed, 401 session over, 403 not allowed, 404 no such room, 406 rejected in review, 413 too
            large, 429 too often, 500 anything else (Messaging API, error messages).
    """

    def __init__(self, code: int, text: str, request_id: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.request_id = request_id


class Actions:
    """Carries out the requests of all connections."""

    def __init__(self, world: World, account: Account, broadcast: Broadcast, reviews: Reviews) -> None:
        self._world = world
        self._account = account
        self._broadcast = broadcast
        self._reviews = reviews
        self._actions: Mapping[str, Callable[[Connection, Body, str], None]] = {
            "SEND_MESSAGE": self._send,
            "DELETE_MESSAGE": self._delete,
            "DISCONNECT_USER": self._disconnect,
        }

    def perform(self, connection: Connection, text: str) -> None:
        """Carry out one request; its success shows as the frame it causes. Raises ActionError."""
        body, request_id = _decoded(text)
        try:
            self._allow(connection, body)
            self._actions[body["Action"]](connection, body, request_id)
        except ActionError as error:
            raise ActionError(error.code, error.text, request_id) from None

    def break_down(self, text: str) -> None:
        """Fail as the service does when it breaks: always raises ActionError."""
        _, request_id = _decoded(text)
        raise ActionError(500, "Internal server error", request_id)

    def _allow(self, connection: Connection, body: Body) -> None:
        """Raise ActionError unless this connection may ask for this now."""
        if not connection.requests.take():
            raise ActionError(429, "Too many requests over this connection")
        action = body.get("Action")
        if not isinstance(action, str) or action not in self._actions:
            raise ActionError(400, "Unknown Action")
        if not self._account.rooms.exists(connection.session.place):
            raise ActionError(404, "The room does not exist")
        if action not in connection.session.capabilities:
            raise ActionError(403, f"The chat token lacks the {action} capability")
        if self._account.pending:
            raise ActionError(403, "Your account is pending verification")

    def _send(self, connection: Connection, body: Body, request_id: str) -> None:
        session, room = connection.session, self._account.rooms.of(connection.session.place)
        content, attributes = _content(body, room.length), _attributes(body)
        if not room.messages.take():
            raise ActionError(429, f"Rate exceeded: the room takes {room.rate} messages per second")
        message_id = self._world.new_id("ivs")
        sender = {"UserId": session.user_id, "Ip": connection.address, "Attributes": dict(session.attributes)}
        verdict = self._reviews.judge(
            room,
            {
                "Content": content,
                "MessageId": message_id,
                "RoomArn": room.arn,
                "Attributes": attributes,
                "Sender": sender,
            },
        )
        if not verdict.allowed:
            reason = verdict.attributes.get("Reason")
            raise ActionError(406, f"Message rejected: {reason}" if reason else "Message rejected")
        request = Request(
            operation_id=message_id,
            request_id=request_id,
            attributes=verdict.attributes,
            sender_attributes=session.attributes,
        )
        self._broadcast.write(session.place, self._author(session), verdict.content, request)

    def _delete(self, connection: Connection, body: Body, request_id: str) -> None:
        session, message_id, reason = connection.session, body.get("Id"), _reason(body)
        problem = MESSAGE_ID(message_id)
        if problem:
            raise ActionError(400, f"Id: {problem}")
        self._draw("DeleteMessage")
        self._broadcast.delete(session.place, str(message_id), by=session.user_id, reason=reason, request_id=request_id)

    def _disconnect(self, connection: Connection, body: Body, request_id: str) -> None:
        user_id, reason = body.get("UserId"), _reason(body)
        if not isinstance(user_id, str) or not user_id:
            raise ActionError(400, "UserId is required")
        if USER_ID(user_id):
            raise ActionError(413, f"UserId: {USER_ID(user_id)}")
        self._draw("DisconnectUser")
        self._broadcast.disconnect(connection.session.place, user_id, reason=reason, request_id=request_id)

    def _draw(self, operation: str) -> None:
        if not self._account.quotas.take(operation):
            raise ActionError(429, "Rate exceeded")

    def _author(self, session: Session) -> Person:
        """The person behind a user id: one of the world, or a guest who now becomes one."""
        known = self._world.people.get(session.user_id)
        if known:
            return known
        name = session.attributes.get("displayName", session.user_id)
        return self._world.add_person(Person(session.user_id, session.user_id, name))


def _decoded(text: str) -> tuple[Body, str]:
    """A request and what the client calls it. Raises ActionError."""
    try:
        body = msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError:
        raise ActionError(400, "The request is not a JSON object") from None
    request_id = body.get("RequestId", "")
    if not isinstance(request_id, str):
        raise ActionError(400, "RequestId must be a string")
    return body, request_id


def _content(body: Body, longest: int) -> str:
    content = body.get("Content")
    if not isinstance(content, str) or not content:
        raise ActionError(400, "Content is required")
    if len(content) > longest:
        raise ActionError(413, f"Messages must be at most {longest} characters")
    return content


def _attributes(body: Body) -> dict[str, str]:
    attributes = body.get("Attributes") or {}
    if not fields.is_string_map(attributes):
        raise ActionError(400, "Attributes must be a map of strings")
    if not fields.attributes_fit(attributes):
        raise ActionError(413, f"Attributes must have at most {fields.ATTRIBUTES_BYTES} bytes")
    return dict(attributes)


def _reason(body: Body) -> str | None:
    reason = body.get("Reason") or None
    if reason is None:
        return None
    if not isinstance(reason, str):
        raise ActionError(400, "Reason must be a string")
    if REASON(reason):
        raise ActionError(413, f"Reason: {REASON(reason)}")
    return reason
