"""Asked when the moderator quits while deletions are still waiting."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from quell.display.wording import plural
from quell.screens.decision import DecisionScreen, Typed, is_escape


class LeaveScreen(DecisionScreen[bool]):
    """Answers whether to quit all the same."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "leave", "Quit", id="leave.yes"),
        Binding("n,escape", "stay", "Stay", id="leave.no"),
    ]

    def __init__(self, waiting: int) -> None:
        super().__init__()
        self._waiting = waiting

    def compose(self) -> ComposeResult:
        """The question and its two answers."""
        with Vertical(classes="dialog"):
            yield Static(
                Content.assemble(
                    (f"{plural(self._waiting, 'deletion')} not sent yet.", "bold $warning"),
                    "\nQuitting cancels them; the journal keeps a record of each.\n\n",
                    ("y", "bold $accent"),
                    " quits and cancels   ",
                    ("n", "bold $accent"),
                    " stays",
                ),
                markup=False,
            )

    def is_meant(self, typed: Typed) -> bool:
        """To stay is no risk."""
        return is_escape(typed)

    def action_leave(self) -> None:
        """Quit."""
        self.dismiss(True)

    def action_stay(self) -> None:
        """Go on."""
        self.dismiss(False)
