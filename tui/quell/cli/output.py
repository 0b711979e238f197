"""What commands print: results on stdout, everything else on stderr. Each line is flushed at once."""

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

import click

from quell.display import Printable, json_line


def write(text: Printable | str) -> None:
    """One line of the result, for people. Text of a service must have become printable before."""
    click.echo(text)


def write_json(fields: Mapping[str, object]) -> None:
    """One line of the result, for programs."""
    write(json_line(fields))


def tell(text: Printable | str) -> None:
    """One line beside the result."""
    click.echo(text, err=True)


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
