"""The providers' process of the soak, seen from the one with the services: asked, watched, never waited for in vain."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from tests.support.asking import ask

T = TypeVar("T")

SPEED = 20.0
"""Times as fast as usual the services are: their limits end as much sooner, and their logs lag as much less."""
STALL = 120.0
"""Real seconds after which something that should have been done counts as stuck."""
_DUMP = 2.0
"""Seconds that the other process is given to write down what its tasks wait for."""
_LINE = 64 * 2**20


class StalledError(Exception):
    """Something did not end in time; what every task was waiting for stands on stderr."""


class Listener:
    """The providers' process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, **question: Any) -> Any:
        """Have something done there. Returns what it answers.

        Raises:
            StalledError: It did not answer in time.
            RuntimeError: It failed, or ended.
        """
        return await self.promptly(self._ask(question), f"the providers' process, asked for {', '.join(question)}")

    async def promptly(self, work: Awaitable[T], what: str) -> T:
        """Wait for something, but not for ever: then both processes write down what their tasks wait for."""
        try:
            async with asyncio.timeout(STALL):
                return await work
        except TimeoutError:
            self._process.send_signal(signal.SIGUSR1)
            dump_tasks("the services' process")
            await asyncio.sleep(_DUMP)
            raise StalledError(f"{what}: not done after {STALL:g} s") from None

    async def _ask(self, question: dict[str, Any]) -> Any:
        answer = await ask(self._process, question)
        if "failed" in answer:
            raise RuntimeError(f"the providers' process failed:\n{answer['failed']}")
        return answer["done"]


@asynccontextmanager
async def listener() -> AsyncIterator[Listener]:
    """The providers' process, ended at the end, whatever state it is in."""
    command = (sys.executable, "-X", "faulthandler", "-m", "tests.bench.soak_listener")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=_LINE)
    try:
        yield Listener(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(_DUMP):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def dump_tasks(whose: str) -> None:
    """Write to stderr what every task of this process waits for."""
    print(f"--- what {whose} waits for", file=sys.stderr)
    for task in asyncio.all_tasks():
        task.print_stack(file=sys.stderr)
    print(f"--- end of what {whose} waits for", file=sys.stderr, flush=True)
