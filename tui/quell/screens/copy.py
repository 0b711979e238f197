"""What to copy of a message."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from quell.display import printable
from quell.widgets.detail.copying import Copy, copies
from quell.widgets.key_bar import Key, KeyBar
from quell_providers.model import Message


class CopyScreen(ModalScreen[Copy | None]):
    """Answers with what was chosen, or `None`."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,Y", "dismiss", "Close", id="copy.close")]

    def __init__(self, message: Message) -> None:
        super().__init__()
        self._copies = copies(message)

    def compose(self) -> ComposeResult:
        """A line for each thing, with its key."""
        with Vertical(classes="dialog"):
            yield Static("Copy", classes="title", markup=False)
            yield OptionList(*(Option(_line(copy)) for copy in self._copies), markup=False, classes="one-line")
            yield KeyBar(self, [Key("Enter", "or the letter copies", ""), Key("Esc", "closes", "dismiss")])

    def on_mount(self) -> None:
        """Begin at the text."""
        self.query_one(OptionList).highlighted = 0

    def on_key(self, event: events.Key) -> None:
        """Copy what the key stands for."""
        chosen = next((copy for copy in self._copies if copy.key == event.character), None)
        if chosen is not None:
            event.stop()
            self.dismiss(chosen)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Copy what was chosen."""
        self.dismiss(self._copies[event.option_index])


def _line(copy: Copy) -> Content:
    what, text = printable(f"  {copy.what}  "), printable(copy.text)
    return Content.assemble((printable(copy.key), "bold $accent"), what, (text, "$foreground-muted"))
