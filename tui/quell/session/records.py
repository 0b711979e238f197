"""What is remembered of a decision about a message or its author: taken from what the session knows of them."""

from quell.moderation.deletion import Reason, Target
from quell.moderation.disconnection import Disconnection
from quell.session.state import AccountState, RoomState
from quell_providers.model import Message


def target_of(account: AccountState, room: RoomState, message: Message) -> Target:
    """What a deletion of this message needs to know, and the journal to keep.

    Args:
        account: By whom it is deleted.
        room: Where the message is.
        message: The message.
    """
    return Target(
        account=account.name,
        provider=account.provider,
        room_id=room.room.id,
        room_name=room.room.name,
        message_id=message.id,
        author_id=message.author.id,
        author_name=message.author.name,
        text=message.text,
        sent_at=message.sent_at,
        attachments=message.attachments,
        thread_id=message.thread_id,
        endpoint_host=account.endpoint_host,
        acting_account=account.acting_account,
    )


def disconnection_of(
    account: AccountState, room: RoomState, message: Message, reason: Reason, *, moderator: str, at: float
) -> Disconnection:
    """The decision to end all connections of the message's author to the room.

    Args:
        account: By whom.
        room: From where the author is disconnected.
        message: Whose author it is.
        reason: Why.
        moderator: Who decided.
        at: When, Unix seconds.
    """
    return Disconnection(
        account=account.name,
        provider=account.provider,
        room_id=room.room.id,
        room_name=room.room.name,
        author_id=message.author.id,
        moderator=moderator,
        reason=reason,
        at=at,
        endpoint_host=account.endpoint_host,
        acting_account=account.acting_account,
    )
