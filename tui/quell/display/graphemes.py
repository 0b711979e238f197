"""What a reader takes for one character, and how many cells of a terminal it fills.

Texts whose characters each stand for themselves are measured by `rich.cells`, as Textual does. Where neighbours make
one character of several, the graphemes of UAX #29 are measured by `wcwidth`, as terminals that keep them together do.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from rich.cells import cell_len

from quell.display.kinds import kinds_of

_TOGETHER = re.compile("[^.zudlYLeEwWfx]")
"""Kinds of characters that may be part of a grapheme with others."""
_MARKS = "mkK"
_JOINER = "\u200d"
_WIDEST = 2
"""Cells of a grapheme: terminals give it no more, whatever it is made of."""


def are_together(text: str) -> bool:
    """Whether any character of a text may be part of a grapheme with others."""
    return not text.isascii() and _TOGETHER.search(kinds_of(text)) is not None


def width(text: str) -> int:
    """Cells that a text fills which holds no control characters."""
    if not are_together(text):
        return cell_len(text)
    from wcwidth import iter_graphemes  # large tables, which plain texts do not need

    return sum([_width_of_one(one) for one in iter_graphemes(text)])


def graphemes(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int, int]]:
    """Start, end and width in cells of every grapheme of a part of a text.

    What has no width, what begins with a mark, as some spacing ones do by UAX #29, and what a joiner joins, counts to
    the one before.
    """
    part = text[start:end]
    if not are_together(part):
        yield from ((start + place, start + place + 1, cell_len(one)) for place, one in enumerate(part))
        return
    from wcwidth import iter_graphemes  # large tables, which plain texts do not need

    first = last = start
    wide = 0
    for one in iter_graphemes(part):
        more = _width_of_one(one)
        if more and wide and text[last - 1] != _JOINER and kinds_of(one[0]) not in _MARKS:
            yield first, last, wide
            first, wide = last, 0
        last += len(one)
        wide += more
    if last > first:
        yield first, last, wide


@lru_cache(4096)
def _width_of_one(grapheme: str) -> int:
    from wcwidth import wcswidth

    return max(min(wcswidth(grapheme), _WIDEST), 0)
