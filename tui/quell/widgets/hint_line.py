"""The line below the feed."""

from textual.message import Message
from textual.widgets import Static


class HintLine(Static):
    """Shows what `hints.line` gives; a click on the count of new messages goes to them.

    Args:
        id: As for every widget.
    """

    class NewestWanted(Message):
        """The newest messages are to be shown."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, markup=False)
        self.auto_links = False  # the count looks as it does everywhere

    def action_newest(self) -> None:
        """Ask for the newest messages."""
        self.post_message(self.NewestWanted())
