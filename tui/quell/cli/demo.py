"""`quell demo`: the console on a sandbox of its own."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from quell.cli.console import require_terminal
from quell.cli.options import config_option
from quell.cli.sandbox_options import as_arguments, sandbox_options
from quell.config import load_config
from quell.workspace import Workspace, WorkspaceError

END_SECONDS = 5.0
"""How long the sandbox may take to end before it is killed."""


@click.command("demo", short_help="Open the console on a fresh sandbox.")
@sandbox_options
@config_option
def command(**options: Any) -> None:
    """Open the console on a fresh sandbox: no account, no configuration, and nothing stays behind."""
    require_terminal()
    from quell.app import run_console

    arguments = as_arguments(options)
    sys.exit(run_console(lambda: sandbox_workspace(arguments), "Starting the sandbox…"))


@asynccontextmanager
async def sandbox_workspace(arguments: Sequence[str]) -> AsyncIterator[Workspace]:
    """A workspace on a sandbox in a process of its own. Both are gone at the end, with all their files.

    Args:
        arguments: Options of `quell sandbox`.

    Raises:
        WorkspaceError: The sandbox did not start.
    """
    with TemporaryDirectory(prefix="quell-demo-") as name:
        folder = Path(name)
        async with _running(arguments, folder):
            config = await asyncio.to_thread(load_config, folder / "config.toml")
            yield Workspace(config, folder / "journal.sqlite3")


@asynccontextmanager
async def _running(arguments: Sequence[str], folder: Path) -> AsyncIterator[None]:
    """A sandbox that is ready. A pipe between the two ends it with this process, however that ends."""
    words = [sys.executable, "-m", "quell", "sandbox", *arguments]
    words += ["--config-out", str(folder / "config.toml"), "--until-stdin-closes"]
    with (folder / "sandbox.log").open("w+b") as log:
        process = await asyncio.create_subprocess_exec(
            *words, stdin=PIPE, stdout=PIPE, stderr=log, start_new_session=True
        )
        try:
            assert process.stdout is not None
            if not await process.stdout.readline():
                log.seek(0)
                raise WorkspaceError(f"The sandbox did not start. {log.read().decode(errors='replace').strip()}")
            yield
        finally:
            await _end(process)


async def _end(process: Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
