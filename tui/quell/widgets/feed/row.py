"""How one message becomes lines of styled pieces. Pure: no widget, no colours.

A line is a tuple of pieces; a piece is a text and the name of its style. State and mark stand in a gutter left of
everything the author wrote, at a fixed width, so no message can reach them.
"""

from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from quell.display import WORDS, clock_time, label, printable, wrapped
from quell.display.links import may_have_links
from quell.display.printable import Printable
from quell.display.wording import in_a_row
from quell.moderation.deletion import Deletion, State
from quell.widgets.feed.body import body
from quell_providers.model import Message

MARK = "◼ "
WIDE, MIDDLE = 100, 76
"""Widths in cells from which states, and times and names, are shown in full."""

EXPLAINED = frozenset({State.REFUSED, State.FAILED, State.UNKNOWN})
"""States whose row carries the service's words and our explanation on lines of its own."""

EXPLANATION_LINES = 2
EXPLANATION_SIGN = "└ "
AUTHOR_STYLES = 6


class Columns(NamedTuple):
    """Widths in cells of the columns of a feed."""

    mark: int
    state: int
    time: int
    author: int
    text: int

    @property
    def indent(self) -> int:
        """Where the text begins."""
        return self.mark + self.state + self.time + self.author

    @property
    def explanation(self) -> int:
        """Width of an explanation, which begins right of the gutter."""
        return self.time + self.author + self.text - len(EXPLANATION_SIGN)


def columns(width: int) -> Columns:
    """The columns of a feed that is this many cells wide."""
    mark = 2
    if width >= WIDE:
        state, time, author = 15, 10, 18
    elif width >= MIDDLE:
        state, time, author = 12, 10, 16
    else:
        state, time, author = 12, 6, 12
    return Columns(mark, state, time, author, max(width - mark - state - time - author, 10))


class Row(NamedTuple):
    """One message and everything else that decides how it is drawn."""

    message: Message
    deletion: Deletion | None
    marked: bool
    above: str = ""
    """What stands on a line of its own above the message."""


class Piece(NamedTuple):
    """A run of text in one style."""

    text: str
    style: str


Line = tuple[Piece, ...]


def explanation(row: Row) -> Printable | None:
    """Why a deletion was refused, failed or is unknown: the service's own words, then ours.

    Of a message that somebody else deleted, the reason that the service tells.
    """
    deletion = row.deletion
    if deletion is None:
        reason = row.message.deletion_reason if row.message.deleted else None
        return printable(reason) if reason else None
    if deletion.refusal is None or deletion.state not in EXPLAINED:
        return None
    refusal = deletion.refusal
    said = printable(refusal.detail or refusal.code)
    ours = in_a_row(*(part for part in (refusal.cause, refusal.remedy) if part != refusal.detail))
    return Printable(" — ".join(part for part in (said, ours) if part))


def height(row: Row, layout: Columns) -> int:
    """Lines that the row takes."""
    text = row.message.text
    plain = row.deletion is None and not row.message.system and len(text) + 24 <= layout.text and text.isascii()
    above = 1 if row.above else 0
    if plain and not row.message.attachments and not row.message.deletion_reason and not may_have_links(text):
        return above + 1
    lines = len(wrapped(body(row.message), layout.text))
    why = explanation(row)
    return above + lines + (min(len(wrapped(why, layout.explanation)), EXPLANATION_LINES) if why else 0)


def lines(row: Row, layout: Columns, *, now: float) -> list[Line]:
    """The row drawn, every line exactly as wide as the columns together."""
    message = row.message
    style = "deleted" if message.deleted else "system" if message.system else "text"
    drawn: list[Line] = [_divider(row.above, layout)] if row.above else []
    for number, text in enumerate(wrapped(body(message), layout.text)):
        shown = text.rstrip()
        padding = " " * (layout.text - cell_len(shown))
        drawn.append((*_left(row, layout, now, first=number == 0), Piece(shown, style), Piece(padding, "text")))
    drawn.extend(_explained(row, layout))
    return drawn


def _divider(above: str, layout: Columns) -> Line:
    width = layout.indent + layout.text
    return (Piece(set_cell_size(f"── {printable(above)} {'─' * width}", width), "divider"),)


def _explained(row: Row, layout: Columns) -> list[Line]:
    why = explanation(row)
    if not why:
        return []
    shown = wrapped(why, layout.explanation)
    if len(shown) > EXPLANATION_LINES:
        shown = shown[:EXPLANATION_LINES]
        shown[-1] = Printable(_fit(shown[-1], layout.explanation - 1).rstrip() + "…")
    style = "system" if row.deletion is None else "explanation"
    mark = Piece(_fit(MARK if row.marked else "", layout.mark), "mark")
    gutter = Piece(" " * layout.state, "text")
    signs = [EXPLANATION_SIGN, *[" " * len(EXPLANATION_SIGN)] * (len(shown) - 1)]
    return [
        (mark, gutter, Piece(sign + _fit(text, layout.explanation), style))
        for sign, text in zip(signs, shown, strict=True)
    ]


def _left(row: Row, layout: Columns, now: float, *, first: bool) -> Line:
    mark = Piece(_fit(MARK if row.marked else "", layout.mark), "mark")
    if not first:
        return (mark, Piece(" " * (layout.indent - layout.mark), "text"))
    message = row.message
    state, style = _state(row, now, short=layout.state < 15)
    name = printable(message.author.name or message.author.username or message.author.id)
    author = f"author-{sum(map(ord, message.author.id)) % AUTHOR_STYLES}"
    return (
        mark,
        Piece(_fit(state, layout.state), style),
        Piece(_fit(clock_time(message.sent_at, short=layout.time < 10), layout.time), "time"),
        Piece(_fit(name, layout.author - 2) + "  ", author),
    )


def _state(row: Row, now: float, *, short: bool) -> tuple[str, str]:
    deletion = row.deletion
    if deletion is not None:
        shown = label(deletion, now=now)
        if short and deletion.state is State.GONE:
            shown = shown.replace(WORDS[State.GONE], "gone")
        return shown, f"state-{deletion.state}"
    return ("○ deleted", "state-gone") if row.message.deleted else ("", "text")


def _fit(text: str, width: int) -> str:
    """The text in exactly this many cells; what does not fit is cut with a sign."""
    if text.isascii():
        if len(text) <= width:
            return text.ljust(width)
    elif cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…" if width > 1 else set_cell_size(text, width)
