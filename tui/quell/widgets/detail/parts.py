"""Facts laid out so that no text of a service can pass for one of ours. Pure: no widget.

Names of facts begin at the left edge; what others wrote is indented on every one of its lines, however it wraps and
whatever it says.
"""

from collections.abc import Iterable
from typing import NamedTuple

from textual.content import Content
from textual.style import Style

from quell.display import Printable, wrapped

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
    """Printable."""
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
                lines += [Content.styled(row, style) for row in wrapped(Printable(text), width)]
            case Field():
                lines += _field(part, width)
            case Body(written, style):
                rows = [row for line in written for row in wrapped(line, width - len(BAR))]
                lines += [Content.assemble((BAR, "$primary"), (row.rstrip(), style)) for row in rows]
    return lines


def _field(field: Field, width: int) -> list[Content]:
    rows = wrapped(Printable(field.value), max(width - INDENT, 1))
    names = [field.name, *[""] * (len(rows) - 1)]
    return [
        Content.assemble((f"{name:<{INDENT}}", "$foreground-muted"), _pressable(row.rstrip(), field))
        for name, row in zip(names, rows, strict=True)
    ]


def _pressable(row: str, field: Field) -> Content:
    value = Content.styled(row, field.style)
    return value.stylize(Style.from_meta({"@click": field.press}) + Style(underline=True)) if field.press else value
