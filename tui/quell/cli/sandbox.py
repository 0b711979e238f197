"""`quell sandbox`: both services on loopback, for trying Quell without an account."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from quell.cli.errors import CommandError, ExitCode
from quell.cli.options import config_option
from quell.cli.output import tell, write_json
from quell.cli.runtime import run
from quell.cli.sandbox_files import write_config
from quell.cli.sandbox_options import sandbox_options
from quell.cli.shift_score import score_lines
from quell_providers.sandbox.fault_spec import parse_fault
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
def command(config_out: Path | None, until_stdin_closes: bool, faults: Sequence[str], **options: Any) -> None:
    """Run Amazon IVS Chat and Rocket.Chat on free ports of this machine, until Ctrl+C or SIGTERM.

    When both are ready, one JSON line tells their addresses and a moderator's credentials, which are new every time;
    "control" in it is the address of a page that shows what happens and lets things go wrong. With the scenario
    "shift", a score is told on stderr at the end.
    """
    try:
        sandbox = Sandbox(SandboxOptions(**options, faults=tuple(map(parse_fault, faults))))
    except ValueError as problem:
        raise CommandError(f"The sandbox can not be like that: {problem}") from None
    try:
        run(serve(sandbox, config_out, until_stdin_closes=until_stdin_closes))
    except KeyboardInterrupt:
        raise click.exceptions.Exit(ExitCode.DONE) from None


async def serve(sandbox: Sandbox, config_out: Path | None, *, until_stdin_closes: bool) -> None:
    """Run until cancelled, or until nobody holds the other end of stdin any more."""
    try:
        await _serve(sandbox, config_out, until_stdin_closes=until_stdin_closes)
    finally:
        if sandbox.options.scenario == "shift":
            for line in score_lines(sandbox.truth.score()):
                tell(line)


async def _serve(sandbox: Sandbox, config_out: Path | None, *, until_stdin_closes: bool) -> None:
    async with sandbox:
        _announce(sandbox.describe(), sandbox.control_url, config_out)
        ended = asyncio.Event()
        if until_stdin_closes:
            _when_stdin_closes(ended.set)
        await ended.wait()


def _announce(ready: Mapping[str, Mapping[str, str]], control_url: str, config_out: Path | None) -> None:
    if config_out is not None:
        try:
            write_config(config_out, ready["rocketchat"], ready["ivs"])
        except OSError as error:
            raise CommandError(f"{config_out} can not be written: {error.strerror}") from None
    write_json({**ready, "control": control_url, "config": str(config_out.absolute()) if config_out else None})


def _when_stdin_closes(call: Callable[[], None]) -> None:
    stdin = sys.stdin.fileno()

    def read() -> None:
        if not os.read(stdin, 4096):
            asyncio.get_running_loop().remove_reader(stdin)
            call()

    asyncio.get_running_loop().add_reader(stdin, read)
