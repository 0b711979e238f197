"""The bar beside a feed: how much there is, and which part of it is in view.

Textual's own costs more than all the rest of a frame, since it is laid out anew whenever the feed grows.
"""

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message as TextualMessage
from textual.strip import Strip
from textual.widget import Widget

from quell.drawing.line_filters import filtered

THUMB, TRACK = "┃", "│"


def thumb(top: int, shown: int, lines: int, length: int) -> range:
    """Which cells of a bar stand for what is in view.

    Args:
        top: First line in view.
        shown: Lines in view.
        lines: All lines.
        length: Cells of the bar.
    """
    if lines <= shown:
        return range(0)
    size = max(1, length * shown // lines)
    first = round((length - size) * max(0, min(top, lines - shown)) / (lines - shown))
    return range(first, first + size)


class ScrollBar(Widget):
    """Shows where the window of a feed stands; a click or a drag moves it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"scroll-bar--thumb", "scroll-bar--track"}
    ALLOW_SELECT = False

    @dataclass
    class Moved(TextualMessage):
        """The window shall show what stands at this part of all lines, from 0 to 1."""

        part: float

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._thumb = range(0)
        self._dragging = False

    def show(self, top: int, shown: int, lines: int) -> None:
        """Draw another state, if it looks different. As for `thumb`."""
        found = thumb(top, shown, lines, self.size.height)
        if found != self._thumb:
            self._thumb = found
            self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The cells of the bar, one a line."""
        on, off = (
            Strip([Segment(sign, filtered(self.get_component_rich_style(f"scroll-bar--{name}"), self))], 1)
            for sign, name in ((THUMB if self._thumb else " ", "thumb"), (TRACK if self._thumb else " ", "track"))
        )
        return [(on if y in self._thumb else off).crop_extend(crop.x, crop.right, None) for y in crop.line_range]

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Jump there."""
        self._dragging = True
        self.capture_mouse()
        self._jump(event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Go along while the button is down."""
        if self._dragging:
            self._jump(event.y)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Stay."""
        self._dragging = False
        self.release_mouse()

    def _jump(self, y: int) -> None:
        self.post_message(self.Moved(max(0.0, min(1.0, y / max(self.size.height - 1, 1)))))
