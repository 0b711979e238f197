"""`quell sandbox`: both services on loopback, for trying Quell without an account."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from quell.cli.errors import CommandError, ExitCode
from quell.cli.options import config_option
from quell.cli.output import write_json
from quell.cli.runtime import run
from quell.cli.sandbox_files import write_config
from quell.cli.sandbox_options import sandbox_options
from quell_providers.sandbox.sandbox import Sandbox, SandboxOptions


@click.command("sandbox", short_help="Run both services on loopback.")
@sandbox_options
@click.option(
    "--config-out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a configuration with both accounts, and its secrets into FILE.token and FILE.aws.",
)
@click.option("--until-stdin-closes", is_flag=True, hidden=True)
@config_option
def command(config_out: Path | None, until_stdin_closes: bool, **options: Any) -> None:
    """Run Amazon IVS Chat and Rocket.Chat on free ports of this machine, until Ctrl+C or SIGTERM.

    When both are ready, one JSON line tells their addresses and a moderator's credentials, which are new every time.
    """
    try:
        run(serve(SandboxOptions(**options), config_out, until_stdin_closes=until_stdin_closes))
    except KeyboardInterrupt:
        raise click.exceptions.Exit(ExitCode.DONE) from None


async def serve(options: SandboxOptions, config_out: Path | None, *, until_stdin_closes: bool) -> None:
    """Run until cancelled, or until nobody holds the other end of stdin any more."""
    async with Sandbox(options) as sandbox:
        _announce(sandbox.describe(), config_out)
        ended = asyncio.Event()
        if until_stdin_closes:
            _when_stdin_closes(ended.set)
        await ended.wait()


def _announce(ready: Mapping[str, Mapping[str, str]], config_out: Path | None) -> None:
    if config_out is not None:
        try:
            write_config(config_out, ready["rocketchat"], ready["ivs"])
        except OSError as error:
            raise CommandError(f"{config_out} can not be written: {error.strerror}") from None
    write_json({**ready, "config": str(config_out.absolute()) if config_out else None})


def _when_stdin_closes(call: Callable[[], None]) -> None:
    stdin = sys.stdin.fileno()

    def read() -> None:
        if not os.read(stdin, 4096):
            asyncio.get_running_loop().remove_reader(stdin)
            call()

    asyncio.get_running_loop().add_reader(stdin, read)
