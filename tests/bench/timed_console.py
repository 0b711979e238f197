"""The real console, which says on request how it fares: for benchmarks in a real terminal.

Its arguments are those of `quell`. It answers on the Unix socket named by `QUELL_BENCH_SOCKET`: to every `Order`, a
line of JSON, it waits for so long, and then tells what happened meanwhile in a `Report`.
"""

import asyncio
import gc
import inspect
import os
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

import msgspec
from textual.events import Event, Key, Resize

import quell.app
from quell.app import QuellApp
from quell.screens.main import MainScreen
from quell.widgets.feed import Feed

SOCKET = "QUELL_BENCH_SOCKET"

TIMED = ("j", "k", "G")
"""Keys that are timed; all of them move the cursor."""


class Order(msgspec.Struct):
    """What the other side asks for."""

    seconds: float
    watch_loop: bool = False
    """Whether to measure how long the event loop is away, which takes some processor time."""


class Report(msgspec.Struct):
    """What happened since the report before. All times are seconds."""

    frames: int = 0
    """How often something was drawn."""
    keys: list[float] = []
    """From the arrival of each key that moves the cursor to the frame that shows it moved."""
    lags: list[float] = []
    """From the sending of the newest message of the feed to the frame that shows it, for every frame."""
    resizes: list[float] = []
    """From each change of the terminal's size to the frame that shows all rows in it."""
    cpu: float = 0.0
    """Of all threads."""
    queued: float = 0.0
    """For which the thread that draws waited for a processor that others used."""
    taken: float = 0.0
    """By the clock."""
    away: float = 0.0
    """For which the event loop was away at the most."""
    collected: float = 0.0
    """Of the longest garbage collection."""
    rows: int = 0
    """In the feed now."""
    rss: int = 0
    """Bytes of memory now."""


def queued_for() -> float:
    """Seconds for which this thread was ready to run and did not, since it began."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9


def rss() -> int:
    """Bytes of memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class TimedConsole(QuellApp):
    """The console, timed from within."""

    CSS_PATH = str(Path(inspect.getfile(QuellApp)).with_name("app.tcss"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._report = Report()
        self._waiting: deque[float] = deque()
        """When the keys came that were not heeded yet."""
        self._heeded: list[float] = []
        """The same of those that were, and are not drawn yet."""
        self._resized: tuple[float, int] | None = None
        self._collecting = 0.0

    async def on_mount(self) -> None:  # type: ignore[override]  # Textual calls this one and the console's own
        """Listen, as soon as there is a loop."""
        gc.callbacks.append(self._collector)
        await asyncio.start_unix_server(self._serve, os.environ[SOCKET])

    async def on_event(self, event: Event) -> None:
        """Note when a key or a new size came; a key is noted when its bytes are read, before it waits for anything."""
        if isinstance(event, Key) and not event.is_forwarded and event.key in TIMED:
            self._waiting.append(event.time)
        elif isinstance(event, Resize) and event.size != self.size:
            self._resized = event.time, event.size.width
        await super().on_event(event)

    async def run_action(self, action: Any, *args: Any, **options: Any) -> bool:
        """Note that a key is heeded; what it changes may be drawn within its action."""
        if self._waiting and str(action).startswith(("move", "last")):
            self._heeded.append(self._waiting.popleft())
        return await super().run_action(action, *args, **options)

    def _display(self, screen: Any, renderable: Any) -> None:
        super()._display(screen, renderable)
        if renderable is None or (feed := self._feed) is None:
            return
        now, report = time.monotonic(), self._report
        report.frames += 1
        if not feed._repaint_required:
            report.keys += [now - pressed for pressed in self._heeded]
            self._heeded.clear()
        if len(feed.rows):
            report.lags.append(time.time() - feed.rows[-1].sent_at)
        settled = feed.viewport.height == feed.size.height and not feed._repaint_required
        if settled and self._resized is not None and screen.size.width == self._resized[1]:
            report.resizes.append(now - self._resized[0])
            self._resized = None

    @property
    def _feed(self) -> Feed | None:
        main = next((each for each in self.screen_stack if isinstance(each, MainScreen)), None)
        return None if main is None else main.query_one(Feed)

    def _collector(self, phase: str, _: object) -> None:
        if phase == "start":
            self._collecting = time.perf_counter()
        else:
            self._report.collected = max(self._report.collected, time.perf_counter() - self._collecting)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            order = msgspec.json.decode(line, type=Order)
            self._report = Report()
            cpu, began, queued = time.process_time(), time.perf_counter(), queued_for()
            watching = asyncio.create_task(self._watch()) if order.watch_loop else None
            await asyncio.sleep(order.seconds)
            if watching is not None:
                watching.cancel()
            report = self._report
            report.cpu, report.taken = time.process_time() - cpu, time.perf_counter() - began
            report.queued = queued_for() - queued
            if (feed := self._feed) is not None:
                report.rows = len(feed.rows)
            report.rss = rss()
            writer.write(msgspec.json.encode(report) + b"\n")

    async def _watch(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            self._report.away = max(self._report.away, time.perf_counter() - before - 0.001)


if __name__ == "__main__":
    from quell.cli import main

    quell.app.QuellApp = TimedConsole  # type: ignore[misc]
    sys.argv[0] = "quell"
    main()
