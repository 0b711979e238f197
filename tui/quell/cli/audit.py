"""`quell audit`: what was deleted, by whom and why."""

import click

from quell.cli.lazy import LazyGroup
from quell.cli.options import config_option

MODULES = {name: f"quell.cli.audit_{name}" for name in ("list", "show", "export", "verify", "erase", "disconnections")}


@click.group("audit", cls=LazyGroup, modules=MODULES, short_help="Read the journal of all deletions.")
@config_option
def command() -> None:
    """Read the journal, in which every deletion is written down before it is asked for."""
