"""The options of the commands that delete: `quell delete`, `quell apply`, and what goes on with a batch."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from quell.cli.options import NumberRange
from quell.config.settings import LONGEST_GRACE

F = TypeVar("F", bound=Callable[..., Any])


def _unless_terminal(context: click.Context, _: click.Parameter, given: bool | None) -> bool:
    return not sys.stdout.isatty() if given is None else given


outcome_option = click.option(
    "--json/--text",
    "as_json",
    default=None,
    callback=_unless_terminal,
    help="One JSON object a line for programs, or lines for people. Without either: lines for people on a terminal, "
    "JSON into a file or pipe.",
)

_OPTIONS = (
    click.option(
        "--urgent",
        is_flag=True,
        help="Go before every batch that is not urgent, also those of other quell processes that use the same account "
        "and journal. All of them together are held to the limit by nothing but the service's own answers.",
    ),
    click.option(
        "--dry-run", "only_forecast", is_flag=True, help="Tell what the service would answer; change nothing."
    ),
    click.option("--yes", is_flag=True, help="Do not ask."),
    click.option(
        "--grace",
        type=NumberRange(0, LONGEST_GRACE),
        metavar="SECONDS",
        help="How long Ctrl+C still stops everything, in place of what is configured.",
    ),
    outcome_option,
)


def deletion_options(command: F) -> F:
    """Give a command the options that shape how it deletes: `urgent`, `only_forecast`, `yes`, `grace`, `as_json`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
