"""What commands print: results on stdout, everything else on stderr. Each line is flushed at once.

Columns are two blanks apart. On a terminal, text of the other direction stays in its column, whatever the terminal does
to the order of a line; in a file or pipe there is nothing but blanks between them.
"""

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TextIO

import click

from quell.display import Printable, json_line
from quell.display.fences import FENCE, fenced, runs_right_to_left


def write(text: Printable | str) -> None:
    """One line of the result, for people. Text of a service must have become printable before."""
    click.echo(_in_columns(text, sys.stdout))


def write_json(fields: Mapping[str, object]) -> None:
    """One line of the result, for programs."""
    write(json_line(fields))


def tell(text: Printable | str) -> None:
    """One line beside the result."""
    click.echo(_in_columns(text, sys.stderr), err=True)


def _in_columns(text: str, stream: TextIO) -> str:
    if not runs_right_to_left(text):
        return text
    return "".join(fenced([text])) if stream.isatty() else text.replace(FENCE, " ")


def silence() -> None:
    """Stop writing to stdout, because whoever read it has gone; what is still buffered must not fail again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def utc(seconds: float | None) -> str | None:
    """A Unix time as ISO 8601 in UTC, to the millisecond."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local(seconds: float) -> str:
    """A Unix time as date and time of this machine's time zone."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S")
