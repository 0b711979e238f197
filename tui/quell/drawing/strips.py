"""Parts of the screen: cheap to make, and filling exactly the cells they are meant to.

Textual pads and cuts by `rich.cells`, which counts scripts with spacing marks and conjuncts otherwise than terminals
do. What stands right of such text in the same part, the border of a dialog say, would be moved by the difference.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.segment import Segment
from textual.cache import FIFOCache
from textual.strip import Strip

from quell.display.cells import cells
from quell.display.graphemes import graphemes
from quell.display.kinds import disputed
from quell.display.printable import Printable

_CACHED = 4
"""Forms that a cache of a strip keeps; nearly all have one."""


class LightStrip(Strip):
    """A strip that makes each of Textual's seven caches when it is needed.

    Hundreds are made a second for new rows, most of which are drawn as they are: the caches would take longer to make
    than the rows, and the collector longer to look through.

    Args:
        segments: What it shows.
        cell_length: Its width in cells.
    """

    __slots__ = ("is_ascii",)

    def __init__(self, segments: Iterable[Segment], cell_length: int) -> None:
        self._segments = list(segments)
        self._cell_length = cell_length
        self._render_cache: str | None = None
        self._link_ids: set[str] | None = None
        self._cell_count: int | None = None
        self.is_ascii = "".join([segment.text for segment in self._segments]).isascii()
        """Whether every terminal takes as many cells for it as it has characters."""

    if not TYPE_CHECKING:  # where it would allow every name

        def __getattr__(self, name: str) -> Any:
            """Asked for what is not there yet: a cache."""
            if not name.endswith("_cache"):
                raise AttributeError(name)
            cache: FIFOCache[Any, Any] = FIFOCache(_CACHED)
            setattr(self, name, cache)
            return cache


def is_ascii(strip: Strip) -> bool:
    """Whether a part consists of characters that all terminals take one cell for."""
    if isinstance(strip, LightStrip):
        return strip.is_ascii
    return "".join([segment.text for segment in strip]).isascii()


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
