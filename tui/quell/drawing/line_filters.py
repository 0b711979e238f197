"""Textual's line filters for widgets that draw their lines themselves: it is they that `NO_COLOR` works through."""

from rich.segment import Segment
from rich.style import Style
from textual.widget import Widget


def filtered(style: Style, widget: Widget) -> Style:
    """A style as a widget may show it: without its colours where the moderator wants none."""
    _, background = widget.background_colors
    segments = [Segment(" ", style)]
    for each in widget.get_line_filters():
        segments = each.apply(segments, background)
    return segments[0].style or Style.null()
