"""Drawing each part of the screen where it belongs, whatever a terminal makes of the text left of it.

Terminals do not agree on the widths of joined emoji, flags, marks and several scripts. Text that comes out wider than
expected would run into the next part of the screen: a room's name into the states of messages. So what stands right of
such text is drawn after it, each part at its own place, and the text's own place is emptied before. Text that runs
from right to left is kept from changing places with what stands in the next part.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from quell.compositor import Part, PartsUpdate
from quell.display.cells import FENCE, runs_right_to_left
from quell.display.kinds import disputed
from quell.strips import is_ascii, settled

Line = dict[int, Strip]
"""The parts of a line of the screen, by the column at which they begin."""


class Placement:
    """Knows what is on the screen, and so what has to be drawn again."""

    def __init__(self) -> None:
        self._lines: dict[int, Line] = {}

    def placed(self, update: object) -> object:
        """The same update, so that every part of the screen ends up in its place; anything else as it is."""
        if isinstance(update, LayoutUpdate):
            self._lines = {y: _parts(strips) for y, strips in enumerate(update.strips, update.region.y)}
            return PlacedUpdate(self._lines)
        if isinstance(update, PartsUpdate):
            return PlacedUpdate(self._changed(update.parts))
        if isinstance(update, ChopsUpdate):
            return PlacedUpdate(self._changed(_chopped(update)))
        return update

    def _changed(self, parts: Iterable[Part]) -> dict[int, Line]:
        changed: dict[int, Line] = {}
        for x, y, strip in parts:
            line = self._lines.setdefault(y, {})
            _put(line, x, strip)
            drawn = changed.setdefault(y, {})
            drawn[x] = strip
            if is_disputed(strip):
                drawn.update((right, part) for right, part in line.items() if right > x)
        return changed


def _chopped(update: ChopsUpdate) -> Iterator[Part]:
    for y, first, last in update.spans:
        for (x, strip), end in zip(update.chops[y].items(), update.chop_ends[y], strict=True):
            # What lies beside the span may be but the background of what stands there.
            if strip is not None and x < last and end > first:
                yield Part(x, y, strip)


def _put(line: Line, x: int, strip: Strip) -> None:
    """Put a part into a line, in place of what was there."""
    end = x + strip.cell_length
    before = line.get(x)
    if before is None or before.cell_length != strip.cell_length:
        for start, part in list(line.items()):
            stop = start + part.cell_length
            if start < end and stop > x:
                del line[start]
                if start < x:
                    line[start] = part.crop(0, x - start)
                if stop > end:
                    line[end] = part.crop(end - start, part.cell_length)
    line[x] = strip


class PlacedUpdate(CompositorUpdate):
    """Parts of the screen, each drawn at its place.

    Args:
        lines: The parts by line.
    """

    def __init__(self, lines: Mapping[int, Line]) -> None:
        self._lines = lines

    def render_segments(self, console: Console) -> str:
        """The update as text for the terminal."""
        return "".join(part for y, line in self._lines.items() for part in _drawn(line, y, console))


def is_disputed(strip: Strip) -> bool:
    """Whether terminals may disagree on the width of a part."""
    return not is_ascii(strip) and disputed(strip.text)


def _drawn(line: Line, y: int, console: Console) -> Iterator[str]:
    for x, strip in sorted(line.items()):
        move = _move(x, y)
        yield move
        if is_ascii(strip):
            yield strip.render(console)
            continue
        if is_disputed(strip):
            yield Strip.blank(strip.cell_length, list(strip)[-1].style).render(console)
            yield move
            strip = settled(strip)
        yield isolated(strip).render(console)


@lru_cache(4096)
def _move(x: int, y: int) -> str:
    return Control.move_to(x, y).segment.text


def isolated(strip: Strip) -> Strip:
    """The part so that a terminal that reorders text of the other direction does so within the part."""
    text = strip.text
    if text.isascii() or not text.endswith(" ") or not runs_right_to_left(text):
        return strip
    *others, last = strip
    return Strip([*others, Segment(f"{last.text[:-1]}{FENCE}", last.style)], strip.cell_length)


def _parts(strips: Iterable[Strip]) -> Line:
    parts: Line = {}
    x = 0
    for strip in strips:
        parts[x] = strip
        x += strip.cell_length
    return parts
