"""Bare `quell`: the console on the configured accounts."""

import sys
from contextlib import nullcontext

from quell.cli.errors import CommandError
from quell.cli.options import configured
from quell.config import journal_path
from quell.workspace import Workspace


def open_console() -> None:
    """Run the console until it is left. A configuration with problems opens none."""
    workspace = Workspace(configured(), journal_path())
    require_terminal()
    from quell.app import run_console

    sys.exit(run_console(lambda: nullcontext(workspace)))


def require_terminal() -> None:
    """Raise `CommandError` where a console could not be drawn or steered."""
    if not sys.stdin.isatty() or sys.__stderr__ is None or not sys.__stderr__.isatty():
        raise CommandError("the console needs a terminal", remedy="in scripts use: quell rooms, watch, delete, audit")
