"""Drawing each part of the screen where it belongs, whatever a terminal makes of the text left of it.

Terminals do not agree on the widths of joined emoji, flags, marks and several scripts. Text that comes out wider than
expected would run into the next part of the screen: a room's name into the states of messages. So what stands right of
such text is drawn after it, each part at its own place, and the text's own place is emptied before. Text that runs
from right to left is kept from changing places with what stands in the next part.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache

from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip

from quell.display.fences import fenced, runs_right_to_left
from quell.display.kinds import disputed
from quell.drawing.backdrop import divided
from quell.drawing.compositor import Part, PartsUpdate
from quell.drawing.strips import is_ascii, settled

Line = dict[int, Strip]
"""The parts of a line of the screen, by the column at which they begin."""


class Placement:
    """Knows what is on the screen, and so what has to be drawn again."""

    def __init__(self) -> None:
        self._lines: dict[int, Line] = {}
        self._turning: set[int] = set()
        """The lines with text of the other direction."""
        self._size = Size(0, 0)
        """Of the screen, in cells."""

    def placed(self, update: object, screens: Sequence[Screen[object]] = ()) -> object:
        """The same update, so that every part of the screen ends up in its place; anything else as it is.

        Args:
            update: What a compositor gives to be drawn.
            screens: Those on which something can be seen, the topmost one last.
        """
        if isinstance(update, LayoutUpdate):
            self._forget(update.region.size)
            for x, y, strip in _apart(_laid_out(update), screens):
                self._lines.setdefault(y, {})[x] = strip
            return PlacedUpdate(dict(self._in_order(self._lines)))
        if isinstance(update, PartsUpdate):
            if update.size != self._size:
                self._forget(update.size)
            return PlacedUpdate(dict(self._in_order(self._changed(update.parts))))
        if isinstance(update, ChopsUpdate):
            return PlacedUpdate(dict(self._in_order(self._changed(_apart(_chopped(update), screens)))))
        return update

    def _forget(self, size: Size) -> None:
        """Everything is drawn anew, and at this size from now on."""
        self._lines, self._turning, self._size = {}, set(), size

    def _in_order(self, changed: Mapping[int, Line]) -> Iterator[tuple[int, Line]]:
        """What changed; of lines with text of the other direction everything, fenced off."""
        for y, parts in changed.items():
            if y in self._turning or any(map(_turns, parts.values())):
                self._turning.discard(y)
                if any(map(_turns, self._lines[y].values())):
                    self._turning.add(y)
                    yield y, in_order(self._lines[y])
                    continue
            yield y, parts

    def _changed(self, parts: Iterable[Part]) -> dict[int, Line]:
        changed: dict[int, set[int]] = {}
        for x, y, strip in parts:
            _put(self._lines.setdefault(y, {}), x, strip)
            changed.setdefault(y, set()).add(x)
        return {y: _with_what_follows(self._lines[y], fresh) for y, fresh in changed.items()}


def _apart(parts: Iterable[Part], screens: Sequence[Screen[object]]) -> Iterable[Part]:
    """The parts; of a dialog's, those of what lies behind it as they stand there."""
    return (piece for part in parts for piece in divided(part, screens)) if len(screens) > 1 else parts


def _laid_out(update: LayoutUpdate) -> Iterator[Part]:
    for y, strips in enumerate(update.strips, update.region.y):
        x = 0
        for strip in strips:
            yield Part(x, y, strip)
            x += strip.cell_length


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


def _with_what_follows(line: Line, changed: Set[int]) -> Line:
    """The parts of a line that changed, and those that disputed text among them may have been drawn over."""
    disputed_from = min((x for x in changed if x in line and is_disputed(line[x])), default=None)
    if disputed_from is None:
        return {x: line[x] for x in changed if x in line}
    return {x: part for x, part in line.items() if x in changed or x > disputed_from}


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
        yield strip.render(console)


@lru_cache(4096)
def _move(x: int, y: int) -> str:
    return Control.move_to(x, y).segment.text


def _turns(strip: Strip) -> bool:
    """Whether a terminal may reorder the part."""
    return not is_ascii(strip) and runs_right_to_left(strip.text)


def in_order(line: Line) -> Line:
    """The parts of a line so that a terminal which reorders text of the other direction does so within each column."""
    parts = {x: settled(line[x]) for x in sorted(line)}
    kept = fenced(strip.text for strip in parts.values())
    return {x: _with_text(strip, text) for (x, strip), text in zip(parts.items(), kept, strict=True)}


def _with_text(strip: Strip, text: str) -> Strip:
    segments = []
    for segment in strip:
        segments.append(Segment(text[: len(segment.text)], segment.style))
        text = text[len(segment.text) :]
    return Strip(segments, strip.cell_length)
