"""The outcome of one deletion in full: the service's own words, ours, and what to do."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from quell.display import label, printable
from quell.moderation.deletion import Deletion
from quell.widgets.detail import outcome


class OutcomeScreen(ModalScreen[None]):
    """Shows one deletion; any of the usual keys closes it."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,o,q,enter", "dismiss", "Close", id="outcome.close")]

    def __init__(self, deletion: Deletion, *, now: float) -> None:
        super().__init__()
        self._deletion = deletion
        self._now = now

    def compose(self) -> ComposeResult:
        """One text."""
        target = self._deletion.target
        lines = [
            Content.styled(label(self._deletion, now=self._now), "bold"),
            Content(""),
            Content.assemble((printable(target.author_name or target.author_id), "bold"), "  ", printable(target.text)),
            Content.styled(
                printable(f"{target.account}/{target.room_name or target.room_id} · message {target.message_id}"),
                "$foreground-muted",
            ),
            Content(""),
            *outcome(self._deletion),
            Content(""),
            Content.assemble(("Esc", "bold $accent"), " closes"),
        ]
        with VerticalScroll(classes="dialog"):
            yield Static(Content("\n").join(lines), markup=False)
