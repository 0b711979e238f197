"""The command `quell` itself."""

import click

from quell import __version__
from quell.cli.lazy import LazyGroup
from quell.cli.options import config_option

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
@click.version_option(__version__, message="quell %(version)s")
@click.pass_context
def root(context: click.Context) -> None:
    """Moderate Amazon IVS Chat and Rocket.Chat from a terminal.

    Without a command, the console opens. ROOM is account/room-id or account/room-name.
    """
    if context.invoked_subcommand is None:
        from quell.cli.console import open_console

        open_console()
