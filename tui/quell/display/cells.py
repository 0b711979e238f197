"""Widths and line breaks of printable text, in terminal cells."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from rich.cells import cell_len

from quell.display.fences import FENCE, runs_right_to_left
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


def needed(text: Printable) -> int:
    """Cells that a text needs for its terminal to show it, and for Textual not to cut it."""
    return len(text) if text.isascii() else max(width(text), cell_len(text))


def shortened(text: Printable, width: int) -> Printable:
    """The text, cut between graphemes and marked with `…` where it needs more than so many cells."""
    if needed(text) <= width:
        return text
    used = 0
    for first, last, wide in graphemes(text):
        used += max(wide, cell_len(text[first:last]))
        if used >= width:
            return Printable(f"{text[:first]}…")
    return text


def fitted(text: Printable, width: int) -> Printable:
    """The text in exactly `width` cells: filled up with spaces, or cut between graphemes and marked with `…`."""
    if text.isascii() and len(text) <= width:
        return Printable(text.ljust(width))
    end = FENCE if width > 1 and runs_right_to_left(text) else ""
    room = width - len(end)
    if cells(text) > room:
        text = Printable(f"{_head(text, room - 1)}…" if room > 0 else "")
    return Printable(f"{text}{end}{' ' * (room - cells(text))}")


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
    measure: Callable[[Printable], int] = needed if are_together(text) else cell_len
    lines: list[tuple[int, int]] = []
    start, used = 0, 0
    for word in _WORD.finditer(text):
        size = measure(Printable(word[0]))
        if used + size <= width:
            used += size
            continue
        begin = word.start()
        if begin > start:
            lines.append((start, begin))
            begin = word.end() - len(word[0].lstrip())
        start, used = begin, 0
        for first, last, _ in graphemes(text, begin, word.end()):
            wide = measure(Printable(text[first:last]))
            if used + wide > width and first > start:
                lines.append((start, first))
                start, used = first, 0
            used += wide
    if start < len(text) or not lines:
        lines.append((start, len(text)))
    return lines


def _head(text: str, width: int) -> str:
    """As many graphemes as fit."""
    used = 0
    for first, _, wide in graphemes(text):
        used += wide
        if used > width:
            return text[:first]
    return text
