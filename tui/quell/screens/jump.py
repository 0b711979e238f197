"""Asking for a time, to go to what was said then."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from quell.display import printable
from quell.moderation.query import QueryError
from quell.moderation.query.moments import EXPECTED, duration, moment


class JumpScreen(ModalScreen[float | None]):
    """Answers with the time that was typed, in Unix seconds, or `None`.

    Args:
        now: Unix seconds; gives the present.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back", id="jump.back")]

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__()
        self._now = now

    def compose(self) -> ComposeResult:
        """A line to type in, and what it takes."""
        with Vertical(classes="dialog"):
            yield Static(Content("Go to the messages of"), classes="title", markup=False)
            yield Input(id="wanted", placeholder=EXPECTED, compact=True)
            yield Static(id="problem", markup=False)
            yield Static(
                Content.assemble(("Enter", "bold $accent"), " goes there   ", ("Esc", "bold $accent"), " back"),
                markup=False,
            )

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(self._moment(event.value.strip()))
        except QueryError as error:
            problem = self.query_one("#problem", Static)
            problem.display = True
            problem.update(Content(printable(error.problem)))

    def _moment(self, text: str) -> float:
        """The time that is meant. Raises `QueryError` when the text is none."""
        ago = duration(text)
        return self._now() - ago if ago is not None else moment(text, 0)(self._now())
