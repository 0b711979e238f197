"""The command `quell` itself."""

from pathlib import Path

import click

from quell import __version__
from quell.cli.errors import CommandError
from quell.cli.lazy import LazyGroup
from quell.cli.options import config_option
from quell.logs import begin_logging

COMMANDS = ("rooms", "watch", "delete", "apply", "batches", "audit", "demo", "sandbox")
MODULES = {name: f"quell.cli.{name}" for name in COMMANDS}


@click.group(
    cls=LazyGroup,
    modules=MODULES,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 all done, 1 something refused, failed or unknown, 2 usage or configuration, "
    "3 login refused, 130 interrupted.",
)
@config_option
@click.option(
    "--log-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Add log lines to FILE, for your eyes only; credentials are left out.",
)
@click.version_option(__version__, message="quell %(version)s")
@click.pass_context
def root(context: click.Context, log_file: Path | None) -> None:
    """Moderate Amazon IVS Chat and Rocket.Chat from a terminal.

    Without a command, the console opens. ROOM is account/room-id or account/room-name.
    """
    fills_the_screen = context.invoked_subcommand in (None, "demo")
    try:
        begin_logging(file=log_file, on_stderr=not fills_the_screen)
    except OSError as error:
        raise CommandError(f"{log_file} can not be written: {error.strerror}") from None
    if context.invoked_subcommand is None:
        from quell.cli.console import open_console

        open_console()
