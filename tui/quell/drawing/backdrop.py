"""What shines through from behind a dialog, in the parts in which it stands on the screen without one.

Textual draws the screen behind as one text a line. Where terminals may disagree on the width of some of it, whatever
stands right of that would be moved, the states of messages among it.
"""

from collections.abc import Iterator, Sequence

from textual.errors import NoWidget
from textual.screen import Screen

from quell.drawing.compositor import Part


def divided(part: Part, screens: Sequence[Screen[object]]) -> Iterator[Part]:
    """The part, in pieces where it belongs to the screen behind.

    Args:
        part: What is drawn of the topmost screen.
        screens: Those on which something can be seen, the topmost one last.
    """
    *behind, top = screens
    if not behind or not _is_bare(top, part.x, part.y):
        yield part
        return
    end = part.x + part.strip.cell_length
    lines = behind[-1]._compositor.cuts[part.y : part.y + 1]  # none while it has yet to learn of a new size
    starts = [part.x, *(cut for line in lines for cut in line if part.x < cut < end)]
    pieces = part.strip.divide([cut - part.x for cut in [*starts[1:], end]])
    for x, strip in zip(starts, pieces, strict=True):
        yield from divided(Part(x, part.y, strip), behind)


def _is_bare(screen: Screen[object], x: int, y: int) -> bool:
    """Whether what is behind a screen can be seen there."""
    try:
        return screen.get_widget_at(x, y)[0] is screen
    except NoWidget:  # the window grew, and this screen has yet to learn of it
        return False
