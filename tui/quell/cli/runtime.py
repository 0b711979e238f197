"""Running a command's work in an event loop so that every way of being stopped is a clean end."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")


def run(work: Coroutine[object, object, T]) -> T:
    """Run to the end, or until the process is told to stop.

    Ctrl+C, SIGTERM and a closed terminal all cancel the work, which may still tidy up.

    Raises:
        KeyboardInterrupt: It was stopped.
    """
    try:
        return asyncio.run(_stoppable(work))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _stoppable(work: Coroutine[object, object, T]) -> T:
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()
    for number in _stop_signals():
        loop.add_signal_handler(number, task.cancel)
    return await task


def _stop_signals() -> list[signal.Signals]:
    """A shell ignores SIGINT in its background jobs and `nohup` ignores SIGHUP; only the latter means it."""
    stops = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        stops.append(signal.SIGHUP)
    return stops
