"""Parts of a message on the screen: laid out anew for every width, with links to click."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message as TextualMessage
from textual.widget import Widget

from quell.widgets.detail.parts import Part, laid_out
from quell.widgets.lines import LinesView


class DetailText(LinesView):
    """The scrolling text of the detail pane."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", id="detail.leave", tooltip="Back to the messages"),
        Binding("right", "neighbour(1)", "next", id="detail.next", tooltip="Look at the next message"),
        Binding("left", "neighbour(-1)", "previous", id="detail.previous", tooltip="Look at the previous message"),
        Binding("space", "ask('mark')", "mark", id="detail.mark"),
        Binding("a", "ask('mark_author')", "author", id="detail.author"),
    ]

    class Left(TextualMessage):
        """The moderator is done with looking."""

    @dataclass
    class NeighbourWanted(TextualMessage):
        """Another message is to be looked at."""

        by: int
        """How many messages further down."""

    @dataclass
    class Asked(TextualMessage):
        """The room is to do something with the message."""

        action: str
        """The room view's name for it."""

    @dataclass
    class LinkPressed(TextualMessage):
        """A link was clicked."""

        number: int

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.auto_links = False
        self._parts: Sequence[Part] = ()

    def show_parts(self, parts: Sequence[Part], *, from_top: bool) -> None:
        """Show these parts instead. As for `show`."""
        if parts != self._parts or from_top:
            self._parts = parts
            self._lay_out(from_top=from_top)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew at the new width."""
        self._lay_out(from_top=False)

    def _lay_out(self, *, from_top: bool) -> None:
        width = self.scrollable_content_region.width
        if width > 0:
            self.show(laid_out(self._parts, width), from_top=from_top)

    def action_leave(self) -> None:
        """Back to the messages."""
        self.post_message(self.Left())

    def action_neighbour(self, by: int) -> None:
        """Look at another message."""
        self.post_message(self.NeighbourWanted(by))

    def action_ask(self, action: str) -> None:
        """Let the room do something with the message."""
        self.post_message(self.Asked(action))

    def action_open_link(self, number: int) -> None:
        """Show where a link leads."""
        self.post_message(self.LinkPressed(number))


class PartsView(Widget):
    """Parts in a dialog, as high as they are."""

    DEFAULT_CSS = "PartsView { height: auto; }"

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__()
        self._parts = parts

    def render(self) -> Content:
        """All lines, at the width that there is."""
        return Content("\n").join(laid_out(self._parts, self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the parts take at this width."""
        return len(laid_out(self._parts, width))
