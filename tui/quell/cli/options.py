"""Options that several commands share."""

import math
from pathlib import Path
from typing import Any

import click

from quell.config import Bookkeeping, Config, load_bookkeeping, load_config

_CONFIG = "quell.config"


class NumberRange(click.FloatRange):
    """A number between two bounds that is one: neither `nan` nor `inf`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a number to count with", param, ctx)
        return number


def _remember(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    if path is not None:
        context.meta[_CONFIG] = path


config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    expose_value=False,
    callback=_remember,
    help="Configuration file, in place of $QUELL_CONFIG or the usual one.",
)
"""May stand before the command as well as after it; the one after it counts."""

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")


def configured() -> Config:
    """The configuration that the running command was given. Raises `ConfigError`."""
    return load_config(click.get_current_context().meta.get(_CONFIG))


def bookkeeping() -> Bookkeeping:
    """What the journal needs of the configuration that the running command was given. Raises `ConfigError`."""
    return load_bookkeeping(click.get_current_context().meta.get(_CONFIG))
