"""The options that pick deletions out of the journal."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import click

from quell.moderation.deletion import State
from quell.moderation.journal import JournalFilter
from quell.moderation.journal.moments import parse_moment

F = TypeVar("F", bound=Callable[..., Any])


class Moment(click.ParamType[float]):
    """A date, a date with a time, or so long ago: `2026-01-31`, `2026-01-31T18:30`, `90m`, `12h`, `7d`, `2w`."""

    name = "time"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Unix seconds; a time without an offset is one of this machine's time zone."""
        if not isinstance(value, str):
            return value
        try:
            return parse_moment(value, now=time.time())
        except ValueError as error:
            self.fail(str(error), param, ctx)


_OPTIONS = (
    click.option("--since", type=Moment(), help="Confirmed at this time or later: 2026-01-31T18:30, or 12h ago."),
    click.option("--until", type=Moment(), help="Confirmed before this time."),
    click.option("--room", default="", metavar="ROOM", help="In this room: its id or name, or account/room."),
    click.option(
        "--author", default="", metavar="AUTHOR", help="By this author: the id, or the name while it is kept."
    ),
    click.option("--moderator", default="", metavar="NAME", help="Confirmed by this moderator."),
    click.option("--reason", default="", metavar="TEXT", help="For this reason: its code, or a part of its text."),
    click.option(
        "--state",
        "states",
        multiple=True,
        type=click.Choice([state.value for state in State]),
        help="Standing so now; may be given several times.",
    ),
)


def filter_options(command: F) -> F:
    """Give a command every option that narrows down which deletions it is about."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def filter_of(options: dict[str, Any]) -> JournalFilter:
    """The filter that these options ask for."""
    return JournalFilter(**{**options, "states": frozenset(map(State, options["states"]))})
