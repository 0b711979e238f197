"""All keys, read off the bindings themselves."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from quell.display import printable
from quell.keys import KeyGroup


class KeysScreen(ModalScreen[None]):
    """Lists the keys of each part of the console.

    Args:
        groups: The keys of each part, in order.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q", "dismiss", "Close", id="keys.close")]

    def __init__(self, groups: Iterable[KeyGroup]) -> None:
        super().__init__()
        self._groups = list(groups)

    def compose(self) -> ComposeResult:
        """One text; it scrolls."""
        lines: list[Content] = []
        for group in self._groups:
            lines.append(Content.styled(printable(group.title), "bold $accent"))
            for binding in group.bindings:
                single = Binding.make_bindings([binding])
                keys = binding.key_display or " ".join(self.app.get_key_display(each) for each in single)
                lines.append(
                    Content.assemble(
                        (printable(f"  {keys:<14}"), "bold"), printable(binding.tooltip or binding.description)
                    )
                )
            lines.append(Content(""))
        lines.append(Content.assemble(("Esc", "bold $accent"), " closes"))
        with VerticalScroll(classes="dialog"):
            yield Static(Content("\n").join(lines), markup=False)
