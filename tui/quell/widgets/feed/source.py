"""Where a feed learns what its rows show besides their messages."""

from typing import NamedTuple, Protocol

from quell.display.printable import Printable
from quell.moderation.deletion import Deletion
from quell_providers.model import Message


class Beside(NamedTuple):
    """What a row shows besides its message."""

    deletion: Deletion | None = None
    """The newest deletion of the message."""
    marked: bool = False
    """Whether the message belongs to the selection."""
    above: str = ""
    """What stands on a line of its own above the message; empty for most."""
    imitates: str = ""
    """The name, raw, of somebody else whom the author can be mistaken for; empty for nearly all."""


class FeedSource(Protocol):
    """Where the feed learns what a message's row shows besides the message."""

    def beside(self, message: Message) -> Beside:
        """What the row of a message shows besides it."""
        ...

    def room_of(self, message: Message) -> Printable:
        """The room of a message, where the feed shows several; else empty."""
        ...

    def now(self) -> float:
        """Unix seconds."""
        ...
