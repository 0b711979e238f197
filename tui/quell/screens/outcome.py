"""The outcome of one deletion in full: the service's own words, ours, and what to do."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from quell.display import label, printable
from quell.moderation.deletion import Deletion
from quell.widgets.detail import PartsView, outcome_parts
from quell.widgets.detail.parts import GAP, Body, Field, Line, Part
from quell.widgets.key_bar import Key, KeyBar


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
        parts: list[Part] = [
            Line(label(self._deletion, now=self._now), "bold"),
            GAP,
            Field("author", target.author_name or target.author_id, "bold"),
            Body((printable(target.text),)),
            *(Field("file", name) for name in target.attachments),
            Field("room", f"{target.account}/{target.room_name or target.room_id}"),
            Field("id", target.message_id),
            GAP,
            *outcome_parts(self._deletion),
        ]
        with VerticalScroll(classes="dialog"):
            yield PartsView(parts)
            yield KeyBar(self, [Key("Esc", "closes", "dismiss")])
