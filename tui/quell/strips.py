"""Parts of the screen that fill exactly the cells they are meant to.

Textual pads and cuts by `rich.cells`, which counts scripts with spacing marks and conjuncts otherwise than terminals
do. What stands right of such text in the same part, the border of a dialog say, would be moved by the difference.
"""

import re

from rich.cells import cell_len
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

    The first gaps after disputed text give or take the difference; where they do not suffice, its end does, and so what
    stands right of it stays.
    """
    over = cells(Printable(strip.text)) - strip.cell_length if disputed(strip.text) else 0
    if not over:
        return strip
    segments, over = _spaced(strip, over)
    return Strip(_ended(_cut(segments, over), strip.cell_length), strip.cell_length)


def as_rich_counts(strip: Strip) -> Strip:
    """The part in as many cells as it is meant to have, by the count that Textual divides parts by."""
    over = cell_len(strip.text) - strip.cell_length if disputed(strip.text) else 0
    if not over:
        return strip
    segments, _ = _spaced(strip, over)
    return Strip(segments).adjust_cell_length(strip.cell_length, segments[-1].style)


def _spaced(strip: Strip, over: int) -> tuple[list[Segment], int]:
    """The segments, with the gaps after disputed text smaller by so many cells, and the cells that are still over."""
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
    return segments, over


def _cut(segments: list[Segment], over: int) -> list[Segment]:
    """The segments, with so many cells less of disputed text, of the last first; or more, if it is less than none."""
    parts: list[Segment] = []
    for text, style, _ in reversed(segments):
        if over and disputed(text):
            size = cells(Printable(text))
            shorter = _ended([Segment(text, style)], max(size - over, 0))
            over -= size - sum(cells(Printable(part.text)) for part in shorter)
            parts += reversed(shorter)
        else:
            parts.append(Segment(text, style))
    return parts[::-1]


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
