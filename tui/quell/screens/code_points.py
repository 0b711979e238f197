"""The code points of a message, one a line."""

from bisect import bisect_right
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from quell.widgets.detail.code_points import CodePointLines
from quell.widgets.key_bar import Key, KeyBar
from quell.widgets.lines import LinesView
from quell_providers.model import Message


class CodePointsScreen(ModalScreen[None]):
    """Spells a message and its author's name out."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,c,q", "dismiss", "Close", id="code-points.close"),
        Binding(
            "n", "next", "Next", id="code-points.next", tooltip="Next invisible, bidi, control or look-alike character"
        ),
    ]

    def __init__(self, message: Message) -> None:
        super().__init__()
        author = message.author
        texts = [("Text", message.text), ("Author", author.name), ("User name", author.username)]
        self._lines = CodePointLines([(title, text) for title, text in texts if text])
        self._suspicious = list(self._lines.suspicious())

    def compose(self) -> ComposeResult:
        """A list as high as the screen."""
        with Vertical(classes="dialog wide full"):
            yield Static("Code points", classes="title", markup=False)
            yield LinesView(id="code-points")
            keys = [Key("j k", "scroll", ""), Key("Esc", "closes", "dismiss")]
            if self._suspicious:
                found = f"next of {len(self._suspicious):,} that hide, act or deceive"
                keys.insert(1, Key("n", found, "next"))
            yield KeyBar(self, keys)

    def on_mount(self) -> None:
        """Begin at the top."""
        self.call_after_refresh(self._view.show, self._lines, from_top=True)

    @property
    def _view(self) -> LinesView:
        return self.query_one(LinesView)

    def action_next(self) -> None:
        """Bring the next character that hides, reorders, acts or passes for another to the top; at last the first."""
        if self._suspicious:
            following = bisect_right(self._suspicious, self._view.scroll_offset.y)
            at = self._suspicious[following % len(self._suspicious)]
            self._view.scroll_to(y=at, animate=False, immediate=True)
