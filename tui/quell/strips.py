"""Parts of the screen that fill exactly the cells they are meant to.

Textual pads and cuts by `rich.cells`, which counts scripts with spacing marks and conjuncts otherwise than terminals
do. What stands right of such text in the same part, the border of a dialog say, would be moved by the difference.
"""

import re

from rich.segment import Segment
from textual.strip import Strip

from quell.display.cells import cells
from quell.display.graphemes import graphemes
from quell.display.kinds import disputed
from quell.display.printable import Printable

_GAP = re.compile("  +")
"""Spaces that fill up a column, not those between words."""


def settled(strip: Strip) -> Strip:
    """The part in as many cells as it is meant to have.

    The first gaps after disputed text give or take the difference; where they do not suffice, the end does.
    """
    over = cells(Printable(strip.text)) - strip.cell_length if disputed(strip.text) else 0
    if not over:
        return strip
    segments: list[Segment] = []
    before = ""

    def adjusted(gap: re.Match[str]) -> str:
        nonlocal over
        if not over or not disputed(before + gap.string[: gap.start()]):
            return gap[0]
        size = max(len(gap[0]) - over, 1)
        over -= len(gap[0]) - size
        return " " * size

    for segment in strip:
        segments.append(Segment(_GAP.sub(adjusted, segment.text), segment.style))
        before += segment.text
    return Strip(_ended(segments, strip.cell_length), strip.cell_length)


def _ended(segments: list[Segment], width: int) -> list[Segment]:
    """The segments, cut or filled up at their end."""
    ended: list[Segment] = []
    room = width
    for text, style, _ in segments:
        kept = 0
        for _, end, wide in graphemes(text):
            if wide > room:
                break
            kept, room = end, room - wide
        ended.append(Segment(text[:kept], style))
        if kept < len(text):
            break
    return [*ended, Segment(" " * room, ended[-1].style)] if room and ended else ended
