"""Widths and line breaks of printable text, in terminal cells."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from rich.cells import cell_len

from quell.display.graphemes import are_together, graphemes, width
from quell.display.printable import Printable, Run, plain

_WORD = re.compile(r"\s*\S+|\s+\Z")


def cells(text: Printable) -> int:
    """Width of a text in cells, as a terminal that keeps graphemes together shows it."""
    return len(text) if text.isascii() else width(text)


def wrapped(text: Printable, width: int) -> list[Printable]:
    """The text broken into lines of at most `width` cells, at spaces where there are any.

    Words longer than a line are broken between graphemes; only a grapheme wider than the line stands out of it. Never
    returns an empty list.
    """
    if text.isascii() and len(text) <= width:
        return [text]
    return [Printable(text[start:end]) for start, end in _breaks(text, width)]


def wrapped_runs(pieces: Sequence[Run], width: int) -> list[tuple[Run, ...]]:
    """The lines that `wrapped` makes of the text of runs, each in its runs."""
    text = pieces[0].text if len(pieces) == 1 else plain(pieces)
    if text.isascii() and len(text) <= width:
        return [tuple(pieces)]
    breaks = _breaks(text, width)
    if len(pieces) == 1:
        return [(Run(Printable(text[start:end]), pieces[0].stand_in),) for start, end in breaks]
    starts = [0, *accumulate(len(piece.text) for piece in pieces)]
    lines = []
    for start, end in breaks:
        first, last = bisect_right(starts, start) - 1, bisect_left(starts, end)
        parts = zip(starts[first:last], pieces[first:last], strict=True)
        lines.append(tuple(Run(Printable(run.text[max(start - at, 0) : end - at]), run.stand_in) for at, run in parts))
    return lines


def fitted(text: Printable, width: int) -> Printable:
    """The text in exactly `width` cells: filled up with spaces, or cut between graphemes and marked with `…`."""
    if text.isascii() and len(text) <= width:
        return Printable(text.ljust(width))
    end = FENCE if width > 1 and runs_right_to_left(text) else ""
    room = width - len(end)
    if cells(text) > room:
        text = Printable(f"{_head(text, room - 1)}…" if room > 0 else "")
    return Printable(f"{text}{end}{' ' * (room - cells(text))}")


FENCE = Printable("\u2800")
"""A blank cell of left-to-right direction (BRAILLE PATTERN BLANK, bidirectional class L), after text of the other one.

Terminals that reorder Hebrew and Arabic do so for the whole line of the screen: two such texts with but spaces, digits
and borders between them change places. A strong character of the other direction keeps them apart. Isolates (FSI, PDI)
would say it better, but terminals that reorder ignore them, and old ones show them as junk. The character is one cell
wide everywhere, and no author can write it: `printable` replaces it. It stands between the columns of a row (`fitted`)
and between the parts of the screen (`quell.placement`).
"""

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")


def runs_right_to_left(text: str) -> bool:
    """Whether any of it does."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def _breaks(text: str, width: int) -> list[tuple[int, int]]:
    """Start and end of every line."""
    return (_plain_breaks(text, width) if text.isascii() else None) or _careful_breaks(text, width)


def _plain_breaks(text: str, width: int) -> list[tuple[int, int]] | None:
    """The same for ASCII with single spaces between short words, as nearly every message is; `None` for another."""
    if "  " in text or text[:1] == " " or text[-1:] == " ":
        return None
    lines: list[tuple[int, int]] = []
    start = 0
    while len(text) - start > width:
        end = text.rfind(" ", start, start + width + 1)
        if end <= start:
            return None
        lines.append((start, end))
        start = end + 1
    return [*lines, (start, len(text))]


def _careful_breaks(text: str, width: int) -> list[tuple[int, int]]:
    width = max(width, 1)
    measure = _room if are_together(text) else cell_len
    lines: list[tuple[int, int]] = []
    start, used = 0, 0
    for word in _WORD.finditer(text):
        size = measure(word[0])
        if used + size <= width:
            used += size
            continue
        begin = word.start()
        if begin > start:
            lines.append((start, begin))
            begin = word.end() - len(word[0].lstrip())
        start, used = begin, 0
        for first, last, _ in graphemes(text, begin, word.end()):
            wide = measure(text[first:last])
            if used + wide > width and first > start:
                lines.append((start, first))
                start, used = first, 0
            used += wide
    if start < len(text) or not lines:
        lines.append((start, len(text)))
    return lines


def _room(text: str) -> int:
    """Cells that a text needs for its terminal to show it, and for Textual not to cut it."""
    return len(text) if text.isascii() else max(cells(Printable(text)), cell_len(text))


def _head(text: str, width: int) -> str:
    """As many graphemes as fit."""
    used = 0
    for first, _, wide in graphemes(text):
        used += wide
        if used > width:
            return text[:first]
    return text
