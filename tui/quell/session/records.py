"""What is remembered of a decision about a message or its author: taken from what the session knows of them."""

from quell.moderation.deletion import Reason, Target
from quell.moderation.disconnection import Disconnection
from quell.session.state import RoomState
from quell_providers.model import Message


def target_of(room: RoomState, message: Message, provider: str) -> Target:
    """What a deletion of this message needs to know, and the journal to keep.

    Args:
        room: Where the message is.
        message: The message.
        provider: The service by its short name.
    """
    return Target(
        account=room.account,
        provider=provider,
        room_id=room.room.id,
        room_name=room.room.name,
        message_id=message.id,
        author_id=message.author.id,
        author_name=message.author.name,
        text=message.text,
        sent_at=message.sent_at,
    )


def disconnection_of(
    room: RoomState, message: Message, reason: Reason, *, provider: str, moderator: str, at: float
) -> Disconnection:
    """The decision to end all connections of the message's author to the room.

    Args:
        room: From where the author is disconnected.
        message: Whose author it is.
        reason: Why.
        provider: The service by its short name.
        moderator: Who decided.
        at: When, Unix seconds.
    """
    return Disconnection(
        account=room.account,
        provider=provider,
        room_id=room.room.id,
        room_name=room.room.name,
        author_id=message.author.id,
        moderator=moderator,
        reason=reason,
        at=at,
    )
