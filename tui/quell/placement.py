"""Drawing each part of the screen where it belongs, whatever a terminal makes of the text left of it.

Terminals do not agree on the widths of joined emoji, flags, marks and several scripts. Text that comes out wider than
expected would run into the next part of the screen: a room's name into the states of messages. So what stands right of
such text is drawn after it, each part at its own place, and the text's own place is emptied before. Text that runs
from right to left is kept from changing places with what stands in the next part.
"""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console, RenderableType
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from quell.display.cells import FENCE, runs_right_to_left
from quell.display.kinds import disputed
from quell.strips import settled

Line = dict[int, Strip]
"""The parts of a line of the screen, by the column at which they begin."""


class Placement:
    """Knows what is on the screen, and so what has to be drawn again."""

    def __init__(self) -> None:
        self._lines: dict[int, Line] = {}

    def placed(self, update: RenderableType | None) -> "RenderableType | PlacedUpdate | None":
        """The same update, so that every part of the screen ends up in its place; anything else as it is."""
        if isinstance(update, LayoutUpdate):
            self._lines = {y: _parts(strips) for y, strips in enumerate(update.strips, update.region.y)}
            return PlacedUpdate(self._lines)
        if isinstance(update, ChopsUpdate):
            return PlacedUpdate(self._changed(update))
        return update

    def _changed(self, update: ChopsUpdate) -> dict[int, Line]:
        changed: dict[int, Line] = {}
        for y, first, last in update.spans:
            places = list(zip(update.chops[y].items(), update.chop_ends[y], strict=True))
            # What lies beside the span may be but the background of what stands there.
            dirty = {x: strip for (x, strip), end in places if strip is not None and x < last and end > first}
            known = self._known(y, {x: end for (x, _), end in places}, dirty)
            disputed = [x for x, strip in dirty.items() if is_disputed(strip)]
            drawn = {x: known[x] for x in known if x in dirty or (disputed and x > disputed[0])}
            changed.setdefault(y, {}).update(drawn)
        return changed

    def _known(self, y: int, ends: Mapping[int, int], dirty: Line) -> Line:
        """The parts of a line as they are now, those of which nothing changed as they were drawn before."""
        before = self._lines.get(y, {})
        kept = {x: part for x, end in ends.items() if x not in dirty and (part := _cut(before, x, end)) is not None}
        self._lines[y] = dict(sorted({**kept, **dirty}.items()))
        return self._lines[y]


def _cut(line: Line, start: int, end: int) -> Strip | None:
    """What stands between two columns, whatever parts it was drawn in; `None` where that is not known."""
    exact = line.get(start)
    if exact is not None and exact.cell_length == end - start:
        return exact
    within = [
        part.crop(max(start - x, 0), min(end - x, part.cell_length))
        for x, part in line.items()
        if x < end and x + part.cell_length > start
    ]
    found = Strip.join(within)
    return found if found.cell_length == end - start else None


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
    return disputed(strip.text)


def _drawn(line: Line, y: int, console: Console) -> Iterator[str]:
    for x, strip in sorted(line.items()):
        move = Control.move_to(x, y).segment.text
        yield move
        if is_disputed(strip):
            yield Strip.blank(strip.cell_length, list(strip)[-1].style).render(console)
            yield move
        yield isolated(settled(strip)).render(console)


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
