"""What a query asks about a message that the message itself does not tell."""

from typing import NamedTuple, Protocol

from quell.moderation.deletion import State
from quell_providers.model import Message


class NamedRoom(NamedTuple):
    """What a room can be named by; raw."""

    account: str
    name: str
    id: str


class Facts(Protocol):
    """Answers for the rooms whose messages are filtered. Asked for every message, so every answer must be cheap."""

    def state(self, message: Message) -> State | None:
        """How the newest deletion of the message stands; `None` when nobody asked for its deletion from here."""

    def is_marked(self, message: Message) -> bool:
        """Whether the moderator marked the message."""

    def is_mine(self, message: Message) -> bool:
        """Whether the account that looks at the room wrote the message."""

    def room_name(self, message: Message) -> str:
        """The name of the message's room; raw."""

    def account(self, message: Message) -> str:
        """The name of the account that looks at the message's room, as configured."""

    def now(self) -> float:
        """Unix seconds."""
