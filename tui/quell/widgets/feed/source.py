"""Where a feed learns what its rows show besides their messages."""

from typing import Protocol

from quell.display.printable import Printable
from quell.moderation.deletion import Deletion
from quell_providers.model import Message


class FeedSource(Protocol):
    """Where the feed learns what a message's row shows besides the message."""

    def deletion_of(self, message: Message) -> Deletion | None:
        """The newest deletion of a message."""
        ...

    def is_marked(self, message: Message) -> bool:
        """Whether the message belongs to the selection."""
        ...

    def above(self, message: Message) -> str:
        """What stands on a line of its own above a message; empty for most."""
        ...

    def room_of(self, message: Message) -> Printable:
        """The room of a message, where the feed shows several; else empty."""
        ...

    def imitated_by(self, message: Message) -> str:
        """The name, raw, of somebody else whom the author can be mistaken for; empty for nearly all."""
        ...

    def now(self) -> float:
        """Unix seconds."""
        ...
