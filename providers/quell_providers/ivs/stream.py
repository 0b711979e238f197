"""Work in tasks of its own, whose events are read as they come."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable

from quell_providers.model import Event

Emit = Callable[[Event], Awaitable[None]]

_BACKLOG = 1000
"""Events that may wait for their reader before the work is made to wait."""


class Streams:
    """Every stream of events that is open, so that all can be ended together."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = asyncio.Event()

    async def read(self, work: Callable[[Emit], Awaitable[None]], closed: Event) -> AsyncGenerator[Event, None]:
        """The events that `work` emits, until it returns, or until this generator or all of them are closed.

        The work has a task to itself: it can be ended, and gives back what it holds, whatever the reader is doing.

        Args:
            work: Takes the function to emit with.
            closed: The last event when all streams are closed.
        """
        if self._closed.is_set():
            yield closed
            return
        # A queue would cost more for each event than everything else here.
        waiting: deque[Event] = deque()
        arrived, read = asyncio.Event(), asyncio.Event()

        async def emit(event: Event) -> None:
            while len(waiting) >= _BACKLOG:
                read.clear()
                await read.wait()
            waiting.append(event)
            arrived.set()

        async def run() -> None:
            await work(emit)

        task = asyncio.create_task(run())
        task.add_done_callback(lambda _: arrived.set())
        self._tasks.add(task)
        try:
            while waiting or not task.done():
                if waiting:
                    yield waiting.popleft()
                    continue
                read.set()
                arrived.clear()
                await arrived.wait()
        finally:
            self._tasks.discard(task)
            task.cancel()
            await asyncio.wait([task])
        if self._closed.is_set():
            yield closed
        else:
            task.result()

    async def aclose(self) -> None:
        """End all streams; their readers get what is already there, and then the end."""
        self._closed.set()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
