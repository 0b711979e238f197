"""How one message becomes lines of styled pieces. Pure: no widget, no colours.

A line is a tuple of pieces; a piece is a text and the name of its style. State and mark stand in a gutter left of
everything the author wrote, at a fixed width, so no message can reach them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from rich.cells import set_cell_size

from quell.display import WORDS, clock_time, label, printable, wrapped
from quell.display.cells import cells, fitted, wrapped_runs
from quell.display.printable import Printable, Run, plain
from quell.display.wording import in_a_row
from quell.moderation.deletion import Deletion, State
from quell.widgets.feed.body import body_runs
from quell_providers.model import Author, Message

MARK = "◼ "
WIDE, MIDDLE = 100, 76
"""Widths in cells from which states, and times and names, are shown in full."""
NARROW, TINY = 52, 40
"""The same for there being times at all, and more of a state than its glyph."""

GLYPH = 2
"""Width in cells of a column for the glyph of a state alone."""

EXPLAINED = frozenset({State.REFUSED, State.FAILED, State.UNKNOWN})
"""States whose row carries the service's words and our explanation on lines of its own."""

EXPLANATION_LINES = 2
EXPLANATION_SIGN = "└ "

TEXT_LINES = 20
"""Lines of a text that a row shows at the most; the detail pane has all of them."""

AUTHOR_STYLES = 6


Matches = Callable[[str], list[tuple[int, int]]]
"""Where a shown text matches the query: begin and end of each match, in characters, in order."""


class Columns(NamedTuple):
    """Widths in cells of the columns of a feed."""

    mark: int
    state: int
    room: int
    time: int
    author: int
    text: int

    @property
    def gutter(self) -> int:
        """What no text of a message can reach."""
        return self.mark + self.state

    @property
    def indent(self) -> int:
        """Where the text begins."""
        return self.gutter + self.room + self.time + self.author

    @property
    def width(self) -> int:
        """All columns together."""
        return self.indent + self.text

    @property
    def explanation(self) -> int:
        """Width of an explanation, which begins right of the gutter."""
        return self.width - self.gutter - len(EXPLANATION_SIGN)


def columns(width: int, *, with_rooms: bool = False) -> Columns:
    """The columns of a feed that is this many cells wide, with or without one for the room of each message."""
    mark = 2
    if width >= WIDE:
        state, room, time, author = 15, 16, 10, 18
    elif width >= MIDDLE:
        state, room, time, author = 12, 12, 10, 16
    elif width >= NARROW:
        state, room, time, author = 12, 10, 6, 12
    elif width >= TINY:
        state, room, time, author = 12, 8, 0, 8
    else:
        state, room, time, author = GLYPH, 6, 0, 6
    if not with_rooms:
        room = 0
    return Columns(mark, state, room, time, author, max(width - mark - state - room - time - author, 10))


class Row(NamedTuple):
    """One message and everything else that decides how it is drawn."""

    message: Message
    deletion: Deletion | None
    marked: bool
    above: str = ""
    """What stands on a line of its own above the message."""
    room: Printable | None = None
    """Where it was said, in a feed of several rooms."""
    matches: Matches | None = None
    """What to highlight in the text."""
    imitates: str = ""
    """The name, raw, of somebody else whom the author can be mistaken for."""


class Piece(NamedTuple):
    """A run of text in one style."""

    text: str
    style: str


Line = tuple[Piece, ...]


def explanation(row: Row) -> Printable | None:
    """Why a deletion was refused, failed or is unknown: the service's own words, then ours.

    Of a message that somebody else deleted, the reason that the service tells.
    """
    message, deletion = row.message, row.deletion
    if deletion is None:
        reason = message.deletion_reason if message.deleted else None
        return printable(reason) if reason else None
    if deletion.refusal is None or deletion.state not in EXPLAINED:
        return None
    refusal = deletion.refusal
    said = printable(refusal.detail or refusal.code)
    ours = in_a_row(*(part for part in (refusal.cause, refusal.remedy) if part != refusal.detail))
    return Printable(" — ".join(part for part in (said, ours) if part))


def lines(row: Row, layout: Columns, *, now: float) -> list[Line]:
    """The row drawn, every line exactly as wide as the columns together."""
    message = row.message
    style = "deleted" if message.deleted else "system" if message.system else "text"
    drawn: list[Line] = [_divider(row.above, layout)] if row.above else []
    text, laid_out = _text(row.message, row.imitates, layout.text)
    found = row.matches(text) if row.matches else []
    begin = 0
    for number, line in enumerate(laid_out):
        left = _left(row, layout, now) if number == 0 else _indent(row, layout)
        run = line[0]
        if len(line) == 1 and not found and not run.stand_in:
            drawn.append((*left, Piece(fitted(Printable(run.text.rstrip()), layout.text), style)))
            continue
        shown = plain(line)
        begin = max(text.find(shown.rstrip(), begin), begin)
        padding = Piece(" " * (layout.text - cells(shown)), "text")
        drawn.append((*left, *_joined(_styled(line, begin, found, style)), padding))
        begin += len(shown.rstrip())
    drawn.extend(_explained(row, layout))
    return drawn


class _Text(NamedTuple):
    """The text of a row."""

    whole: Printable
    lines: Sequence[tuple[Run, ...]]
    """Wrapped; of a very long one the beginning, and how much more there is."""


def _text(message: Message, imitates: str, width: int) -> _Text:
    """The text of a message in lines of so many cells; before it, whose name the author's can be mistaken for."""
    pieces = body_runs(message)
    if imitates:
        pieces = (
            Run(printable(f"⟦≈ {imitates}⟧"), stand_in=True),
            Run(Printable(" "), stand_in=False),
            *pieces,
        )
    found = wrapped_runs(pieces, width)
    if len(found) > TEXT_LINES:
        more = printable(f"… {len(found) - TEXT_LINES + 1:,} more lines: i")
        found = [*found[: TEXT_LINES - 1], (Run(Printable(fitted(more, width).rstrip()), stand_in=True),)]
    return _Text(pieces[0].text if len(pieces) == 1 else plain(pieces), found)


def _styled(line: tuple[Run, ...], begin: int, found: list[tuple[int, int]], style: str) -> Iterator[Piece]:
    """A line of the text, which begins at this character of it, in pieces: matches and stand-ins apart."""
    for run in line:
        yield from _highlighted(run.text, begin, found, "stand-in" if run.stand_in else style)
        begin += len(run.text)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces with neighbours in one style made one: nothing may come between a joiner and what it joins."""
    for style, same in groupby(pieces, key=lambda piece: piece.style):
        yield Piece(Printable("".join(piece.text for piece in same)), style)


def _highlighted(shown: str, begin: int, found: list[tuple[int, int]], style: str) -> Iterator[Piece]:
    """A part of the text, which begins at this character of it, in pieces that match and pieces that do not."""
    at = 0
    for first, stop in found:
        first, stop = max(first - begin, at), min(stop - begin, len(shown))
        if first < stop:
            if at < first:
                yield Piece(shown[at:first], style)
            yield Piece(shown[first:stop], "match")
            at = stop
    if at < len(shown):
        yield Piece(shown[at:], style)


def _divider(above: str, layout: Columns) -> Line:
    return (Piece(set_cell_size(f"── {printable(above)} {'─' * layout.width}", layout.width), "divider"),)


def _explained(row: Row, layout: Columns) -> list[Line]:
    why = explanation(row)
    if not why:
        return []
    shown = wrapped(why, layout.explanation)
    if len(shown) > EXPLANATION_LINES:
        shown = shown[:EXPLANATION_LINES]
        shown[-1] = Printable(fitted(shown[-1], layout.explanation - 1).rstrip() + "…")
    style = "system" if row.deletion is None else "explanation"
    signs = [EXPLANATION_SIGN, *[" " * len(EXPLANATION_SIGN)] * (len(shown) - 1)]
    return [
        (*_gutter(row, layout), Piece(sign + fitted(text, layout.explanation), style))
        for sign, text in zip(signs, shown, strict=True)
    ]


def _left(row: Row, layout: Columns, now: float) -> Line:
    """What stands left of the first line of a text."""
    message = row.message
    gutter = _gutter(row, layout)
    if row.deletion is not None or message.deleted:
        state, style = _state(row, now, short=layout.state < 15)
        state = state if layout.state > GLYPH else state[:1]
        gutter = (_mark(row, layout), Piece(fitted(Printable(state), layout.state), style))
    time = _time(int(message.sent_at), layout.time)
    author = _author(message.author, layout.author)
    if not layout.room:
        return (*gutter, time, author)
    return (*gutter, Piece(fitted(row.room or Printable(""), layout.room - 2) + "  ", "room"), time, author)


def _indent(row: Row, layout: Columns) -> Line:
    """What stands left of every other line of a text."""
    return (*_gutter(row, layout), Piece(" " * (layout.indent - layout.gutter), "text"))


def _gutter(row: Row, layout: Columns) -> Line:
    """The gutter without a state."""
    if row.marked:
        return (_mark(row, layout), Piece(" " * layout.state, "text"))
    return _empty(layout.gutter)


@lru_cache(64)
def _empty(width: int) -> Line:
    return (Piece(" " * width, "text"),)


@lru_cache(256)
def _time(seconds: int, width: int) -> Piece:
    return Piece(fitted(clock_time(seconds, short=width < 10), width), "time")


@lru_cache(4096)
def _author(author: Author, width: int) -> Piece:
    name = printable(author.name or author.username or author.id)
    return Piece(fitted(name, width - 2) + "  ", f"author-{sum(map(ord, author.id)) % AUTHOR_STYLES}")


def _mark(row: Row, layout: Columns) -> Piece:
    return Piece(fitted(Printable(MARK), layout.mark), "mark") if row.marked else Piece(" " * layout.mark, "text")


def _state(row: Row, now: float, *, short: bool) -> tuple[str, str]:
    deletion = row.deletion
    if deletion is not None:
        shown = label(deletion, now=now)
        if short and deletion.state is State.GONE:
            shown = shown.replace(WORDS[State.GONE], "gone")
        return shown, f"state-{deletion.state}"
    return ("○ deleted", "state-gone") if row.message.deleted else ("", "text")
