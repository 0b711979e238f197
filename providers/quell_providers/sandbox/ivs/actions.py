"""What clients ask for over the messaging socket: SEND_MESSAGE and DELETE_MESSAGE (Messaging API, publish)."""

from typing import Any

import msgspec

from quell_providers.sandbox.ivs import fields
from quell_providers.sandbox.ivs.broadcast import Broadcast, Request
from quell_providers.sandbox.ivs.throttle import TokenBucket
from quell_providers.sandbox.ivs.tokens import Session
from quell_providers.sandbox.world import Person, World

_LONGEST_CONTENT = 500


class ActionError(Exception):
    """A request that fails with an ERROR frame."""

    def __init__(self, code: int, text: str, request_id: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.request_id = request_id


class Actions:
    """Carries out the requests of all connections."""

    def __init__(self, world: World, broadcast: Broadcast, deletions: TokenBucket) -> None:
        self._world = world
        self._broadcast = broadcast
        self._deletions = deletions

    def perform(self, session: Session, text: str) -> None:
        """Carry out one request; its success shows as the frame it causes. Raises ActionError."""
        try:
            body = msgspec.json.decode(text, type=dict[str, Any])
        except msgspec.DecodeError:
            raise ActionError(400, "The request is not a JSON object", "") from None
        request_id = body.get("RequestId", "")
        if not isinstance(request_id, str):
            raise ActionError(400, "RequestId must be a string", "")
        action = body.get("Action")
        if action == "SEND_MESSAGE":
            self._send(session, body, request_id)
        elif action == "DELETE_MESSAGE":
            self._delete(session, body, request_id)
        else:
            raise ActionError(400, "Unknown Action", request_id)

    def _send(self, session: Session, body: dict[str, Any], request_id: str) -> None:
        _require_capability(session, "SEND_MESSAGE", request_id)
        content, attributes = body.get("Content"), body.get("Attributes") or {}
        if not isinstance(content, str) or not content:
            raise ActionError(400, "Content is required", request_id)
        if len(content) > _LONGEST_CONTENT:
            raise ActionError(413, f"Messages must be at most {_LONGEST_CONTENT} characters", request_id)
        problem = fields.attributes(attributes)
        if problem:
            raise ActionError(413, f"Attributes: {problem}", request_id)
        request = Request(request_id=request_id, attributes=attributes, sender_attributes=session.attributes)
        self._broadcast.write(session.place, self._author(session), content, request)

    def _delete(self, session: Session, body: dict[str, Any], request_id: str) -> None:
        _require_capability(session, "DELETE_MESSAGE", request_id)
        message_id, reason = body.get("Id"), body.get("Reason") or None
        problem = fields.MESSAGE_ID(message_id) or (fields.REASON(reason) if reason else None)
        if problem:
            raise ActionError(400, problem, request_id)
        if not self._deletions.take():
            raise ActionError(429, "Rate exceeded", request_id)
        self._broadcast.delete(session.place, str(message_id), by=session.user_id, reason=reason, request_id=request_id)

    def _author(self, session: Session) -> Person:
        """The person behind a user id: one of the world, or a guest who now becomes one."""
        known = self._world.people.get(session.user_id)
        if known:
            return known
        name = session.attributes.get("displayName", session.user_id)
        return self._world.add_person(Person(session.user_id, session.user_id, name))


def _require_capability(session: Session, capability: str, request_id: str) -> None:
    if capability not in session.capabilities:
        raise ActionError(403, f"The chat token lacks the {capability} capability", request_id)
