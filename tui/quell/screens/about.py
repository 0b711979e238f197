"""One text that is kept up to date: all there is to say of a room or an account."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from quell.widgets.key_bar import Key, KeyBar
from quell.widgets.texts import say


class AboutScreen(ModalScreen[bool]):
    """Shows a text, newly made every second; answers whether to connect again.

    Args:
        text: Makes the text.
        mends: Whether connecting again may help, and so is offered.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,I,q,enter", "dismiss(False)", "Close", id="about.close"),
        Binding("ctrl+r", "dismiss(True)", "Connect again", id="about.connect"),
        Binding("j,down", "scroll(1)", "Down", show=False),
        Binding("k,up", "scroll(-1)", "Up", show=False),
    ]

    def __init__(self, text: Callable[[], Content], *, mends: bool = True) -> None:
        super().__init__()
        self._text = text
        self._mends = mends

    def compose(self) -> ComposeResult:
        """The text, and below it the keys."""
        hints = [Key("Esc", "closes", "dismiss(False)")]
        if self._mends:
            hints.append(Key("ctrl+r", "connects again", "dismiss(True)"))
        with Vertical(classes="dialog"):
            with VerticalScroll(id="about", can_focus=False):
                yield Static(self._text(), id="about-text", markup=False)
            yield KeyBar(self, hints, id="keys")

    def on_mount(self) -> None:
        """Times and states change while one looks."""
        self.set_interval(1.0, self._show)

    def _show(self) -> None:
        say(self.query_one("#about-text", Static), self._text())

    def action_scroll(self, by: int) -> None:
        """See more of the text."""
        self.query_one("#about").scroll_relative(y=by, animate=False)
