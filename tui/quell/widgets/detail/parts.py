"""Facts laid out so that no text of a service can pass for one of ours. Pure: no widget.

Whatever is in the parts is made printable here. Names of facts begin at the left edge; what others wrote is indented on
every one of its lines, however it wraps and whatever it says.
"""

from collections.abc import Iterable
from typing import NamedTuple

from textual.content import Content
from textual.style import Style

from quell.display import Printable, printable, wrapped

INDENT = 8
"""Cells left of every value."""
BAR = "▎ "
"""Left of every line of a message."""


class Line(NamedTuple):
    """Words of ours on a line of their own."""

    text: str
    style: str = ""


class Field(NamedTuple):
    """A fact: its name, in fewer than `INDENT` cells, and its value."""

    name: str
    value: str
    """May be raw."""
    style: str = ""
    press: str = ""
    """The action that a click on it runs; empty: none."""


class Body(NamedTuple):
    """Lines that somebody wrote, behind a bar."""

    lines: tuple[Printable, ...]
    style: str = ""


Part = Line | Field | Body

GAP = Line("")


def laid_out(parts: Iterable[Part], width: int) -> list[Content]:
    """The parts in lines of at most `width` cells."""
    lines: list[Content] = []
    for part in parts:
        match part:
            case Line(text, style):
                lines += [Content.styled(row, style) for row in wrapped(printable(text), width)]
            case Field():
                lines += _field(part, width)
            case Body(written, style):
                rows = [row for line in written for row in wrapped(line, width - len(BAR))]
                lines += [Content.assemble((BAR, "$primary"), (row.rstrip(), style)) for row in rows]
    return lines


def _field(field: Field, width: int) -> list[Content]:
    rows = wrapped(printable(field.value), max(width - INDENT, 1))
    names = [printable(field.name.ljust(INDENT)), *[printable(" " * INDENT)] * (len(rows) - 1)]
    return [
        Content.assemble((name, "$foreground-muted"), _pressable(row, field))
        for name, row in zip(names, rows, strict=True)
    ]


def _pressable(row: Printable, field: Field) -> Content:
    value = Content.styled(row.rstrip(), field.style)
    return value.stylize(Style.from_meta({"@click": field.press}) + Style(underline=True)) if field.press else value
