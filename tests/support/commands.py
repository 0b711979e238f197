"""Real `quell` processes."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from quell.cli.opening import opened
from quell.cli.resolve import look_up
from quell.config import load_config
from quell_providers.model import Message

QUELL = [sys.executable, "-m", "quell"]
PATIENCE = 30.0
"""Seconds after which something that should have happened counts as never happening."""


class Command:
    """A `quell` process that is running; a context manager, at the end of which it runs no more.

    Args:
        arguments: Its command line.
        config: What `QUELL_CONFIG` names.
    """

    def __init__(self, *arguments: str, config: Path | None = None) -> None:
        self._out = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the process is
        self._err = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the process is
        self.process = subprocess.Popen(
            [*QUELL, *arguments],
            stdin=subprocess.PIPE,
            stdout=self._out,
            stderr=self._err,
            env={**os.environ, **({"QUELL_CONFIG": str(config)} if config else {})},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()
        self._out.close()
        self._err.close()

    @property
    def stdout(self) -> str:
        """Everything printed so far."""
        return _content(self._out)

    @property
    def stderr(self) -> str:
        """Everything told beside it so far."""
        return _content(self._err)

    def json(self) -> list[dict[str, Any]]:
        """The complete JSON lines printed so far."""
        return [json.loads(line) for line in self.stdout.splitlines(keepends=True) if line.endswith("\n")]

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until the condition holds; fails when it never does."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"the condition never held: {self.stdout}\n{self.stderr}")
            time.sleep(0.01)

    def wait(self) -> int:
        """The exit code, once the process ends by itself."""
        return self.process.wait(PATIENCE)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """The exit code after a signal."""
        self.process.send_signal(number)
        return self.wait()


def _content(file: IO[bytes]) -> str:
    """All that is in a file, without moving the position at which its writer goes on."""
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode(errors="replace")


class SandboxCommand(Command):
    """`quell sandbox`, ready for use.

    Args:
        folder: Where its configuration goes.
        options: Options on top of a world in which nothing happens by itself.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        self.config = folder / "config.toml"
        super().__init__("sandbox", "--rate", "0", *options, "--config-out", str(self.config))
        self.until(lambda: self.json() or self.process.poll() is not None)
        (self.ready,) = self.json()

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run `quell` on this sandbox to its end."""
        return subprocess.run(
            [*QUELL, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env={**os.environ, "QUELL_CONFIG": str(self.config)},
        )

    def message_ids(self, room: str, count: int) -> list[str]:
        """Ids of messages of a room that are not deleted, as the service tells them at this moment."""
        messages = asyncio.run(self._history(*room.split("/")))
        ids = [message.id for message in messages if not message.deleted and not message.system]
        assert len(ids) >= count
        return ids[:count]

    async def _history(self, account: str, room: str) -> tuple[Message, ...]:
        (of_room,) = (each for each in load_config(self.config).accounts if each.name == account)
        async with opened(of_room) as provider:
            found = await look_up(account, room, provider)
            return (await provider.history(found.id, limit=50)).messages
