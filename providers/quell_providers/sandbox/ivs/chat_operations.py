"""CreateChatToken, DeleteMessage, DisconnectUser and SendEvent."""

from quell_providers.sandbox.ivs.broadcast import Broadcast
from quell_providers.sandbox.ivs.call import Body, Call, iso
from quell_providers.sandbox.ivs.tokens import Session, Tokens
from quell_providers.sandbox.world import World

_DEFAULT_SESSION_MINUTES = 60


class ChatOperations:
    """Lets people into rooms and moderates them."""

    def __init__(self, world: World, broadcast: Broadcast, tokens: Tokens) -> None:
        self._world = world
        self._broadcast = broadcast
        self._tokens = tokens

    def create_chat_token(self, call: Call) -> Body:
        """CreateChatToken."""
        minutes = call.body.get("sessionDurationInMinutes") or _DEFAULT_SESSION_MINUTES
        session = Session(
            place=call.room.place,
            user_id=call.body["userId"],
            attributes=call.body.get("attributes") or {},
            capabilities=frozenset(call.body.get("capabilities") or ()),
            expires_at=self._world.clock.now() + minutes * 60,
        )
        token = self._tokens.mint(session)
        return {
            "token": token.value,
            "tokenExpirationTime": iso(token.expires_at),
            "sessionExpirationTime": iso(session.expires_at),
        }

    def delete_message(self, call: Call) -> Body:
        """DeleteMessage."""
        by, reason = call.key.access_key_id, call.body.get("reason")
        return {"id": self._broadcast.delete(call.room.place, call.body["id"], by=by, reason=reason)}

    def disconnect_user(self, call: Call) -> None:
        """DisconnectUser; it answers nothing, and does not tell whether the user was there."""
        self._broadcast.disconnect(call.room.place, call.body["userId"], reason=call.body.get("reason"))

    def send_event(self, call: Call) -> Body:
        """SendEvent."""
        attributes = call.body.get("attributes") or {}
        return {"id": self._broadcast.event(call.room.place, call.body["eventName"], attributes)}
