"""Many lines of text that scroll, each drawn only when it comes into view."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual


class LinesView(ScrollView, can_focus=True):
    """Shows lines that are no wider than itself. Nothing is laid out when they change, and long texts cost nothing."""

    DEFAULT_CSS = """
    LinesView { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; text-wrap: nowrap; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_down", "Down", show=False, id="lines.down", tooltip="Scroll down"),
        Binding("k,up", "scroll_up", "Up", show=False, id="lines.up", tooltip="Scroll up"),
        Binding("pagedown,ctrl+f", "page_down", "Page down", show=False, id="lines.page-down", tooltip="Next page"),
        Binding("pageup,ctrl+b", "page_up", "Page up", show=False, id="lines.page-up", tooltip="Previous page"),
        Binding("g,home", "scroll_home", "Top", show=False, id="lines.top", tooltip="To the top"),
        Binding("G,end", "scroll_end", "Bottom", show=False, id="lines.bottom", tooltip="To the bottom"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._lines: Sequence[Content] = ()

    @property
    def lines(self) -> Sequence[Content]:
        """What is shown."""
        return self._lines

    def show(self, lines: Sequence[Content], *, from_top: bool) -> None:
        """Show these lines instead.

        Args:
            lines: Asked for by their numbers, and only for those in view.
            from_top: Whether to show their beginning; else as many rows stay above as before.
        """
        before, self._lines = self._in_view(), lines
        self._resize_content()
        if from_top:
            self.scroll_to(y=0, animate=False, immediate=True)
        stale = [y for y, (old, new) in enumerate(zip_longest(before, self._in_view())) if not _same(old, new)]
        if stale:
            self.refresh_lines(self.scroll_offset.y + stale[0], stale[-1] - stale[0] + 1)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        line = self.scroll_offset.y + y
        if line >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        strips = Visual.to_strips(self, self._lines[line], width, 1, self.visual_style, pad=True)
        return strips[0] if strips else Strip.blank(width, self.rich_style)

    def _in_view(self) -> list[Content]:
        top = self.scroll_offset.y
        return [self._lines[line] for line in range(top, min(top + self.size.height, len(self._lines)))]

    def _resize_content(self) -> None:
        """Tell the scroll bar how much there is. It is always there, so more lines move no other widget.

        As long as all lines are in view it stays as it is: it is drawn cell by cell.
        """
        size = Size(self.scrollable_content_region.width, max(len(self._lines), self.container_size.height))
        if size != self.virtual_size:
            self.set_reactive(LinesView.virtual_size, size)
            # A bar beside lines that fit looks the same however many they are, and costs more to draw than they do.
            self.vertical_scrollbar.window_virtual_size = max(size.height, self.container_size.height)
            self.vertical_scrollbar.window_size = self.container_size.height
            self.scroll_to(y=min(self.scroll_y, self.max_scroll_y), animate=False, immediate=True)


def _same(one: Content | None, other: Content | None) -> bool:
    return one is other or (one is not None and other is not None and one.is_same(other))
