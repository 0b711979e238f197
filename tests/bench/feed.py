"""The feed at 100,000 and 1,000,000 messages: how long a key, a filter and a bulk mark take, what a message costs.

Headless at 200x50, without the terminal: `tests.bench.feed_terminal` has that.
"""

import asyncio
import gc
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from rich.text import Text
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Resize
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import DataTable, OptionList, RichLog

from quell.moderation.timeline import place
from quell_providers.model import Author, Message
from tests.bench.firehose import texts
from tests.support.stage import FakeStage, stage

SIZE = (200, 50)
CONTENDED = 10_000
ROUNDS = 7
KEYS = 200
AUTHORS: dict[str, Author] = {}


def messages(count: int) -> list[Message]:
    """So many messages of one room, as the IVS provider makes them."""
    made = []
    for number, (nick, text) in enumerate(texts(count)):
        author = AUTHORS.setdefault(nick, Author(id=nick, name=nick, name_source="Sender.Attributes.displayName"))
        made.append(Message(id=f"m{number:011}", room_id="r1", author=author, text=text, sent_at=1.7e9 + number / 10))
    return made


class Contender(App[None]):
    """One of Textual's own lists."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


def fill_log(widget: Widget, rows: list[Message]) -> None:
    assert isinstance(widget, RichLog)
    for row in rows:
        widget.write(Text(f"{row.author.name:<16} {row.text}"))


def fill_options(widget: Widget, rows: list[Message]) -> None:
    assert isinstance(widget, OptionList)
    widget.add_options([f"{row.author.name:<16} {row.text}" for row in rows])


def fill_table(widget: Widget, rows: list[Message]) -> None:
    assert isinstance(widget, DataTable)
    widget.add_columns("author", "text")
    widget.add_rows([(Text(row.author.name), Text(row.text)) for row in rows])


CONTENDERS: dict[str, tuple[Callable[[], Widget], Callable[[Widget, list[Message]], None]]] = {
    "RichLog": (lambda: RichLog(wrap=True), fill_log),
    "OptionList": (lambda: OptionList(markup=False), fill_options),
    "DataTable": (DataTable, fill_table),
}


async def contender_seconds(name: str, rows: list[Message]) -> float:
    """Seconds of CPU until one of Textual's lists shows these rows."""
    make, fill = CONTENDERS[name]
    app = Contender(make())
    async with app.run_test(size=SIZE) as pilot:
        began = time.process_time()
        fill(app.widget, rows)
        await pilot.pause()
        return time.process_time() - began


class Console:
    """A console on a room with so many messages.

    Args:
        running: A stage.
    """

    def __init__(self, running: FakeStage) -> None:
        self.stage = running
        self.longest = 0.0
        """Seconds for which the event loop was away at the most, since it was last set to 0."""
        self.pause = 0.0
        """Seconds of the longest garbage collection."""
        self._began = 0.0

    def watch(self) -> None:
        self.watching = asyncio.create_task(self.watch_loop())

    async def watch_loop(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, loop.time() - before - 0.001)

    def watch_collector(self, phase: str, _: object) -> None:
        if phase == "start":
            self._began = time.perf_counter()
        else:
            self.pause = max(self.pause, time.perf_counter() - self._began)

    async def until_still(self) -> None:
        """Until nothing is being measured or searched any more."""
        view = self.stage.view
        while view._sifting.busy or view.feed.marking:  # noqa: ASYNC110 - neither has an event
            await asyncio.sleep(0.01)

    async def frame(self, begin: Callable[[], object], heeded: Callable[[], object] = lambda: True) -> float:
        """Seconds from before this until the feed is drawn as it is then.

        Args:
            begin: What to do.
            heeded: Whether it had its effect, where that is not at once.
        """
        app, feed, drawn = self.stage.app, self.stage.feed, asyncio.Event()

        def display(screen: Any, update: Any) -> None:
            type(app)._display(app, screen, update)
            if update is not None and heeded() and not feed._repaint_required:
                drawn.set()

        began = time.perf_counter()
        with patch.object(app, "_display", display):
            begin()
            await drawn.wait()
        return time.perf_counter() - began

    async def key(self, key: str) -> float:
        """Seconds from a key to the frame after it."""
        app, acted = self.stage.app, asyncio.Event()

        async def run_action(*arguments: Any, **options: Any) -> bool:
            acted.set()
            return await type(app).run_action(app, *arguments, **options)

        with patch.object(app, "run_action", run_action):
            return await self.frame(lambda: app.simulate_key(key), acted.is_set)


@asynccontextmanager
async def console() -> AsyncIterator[Console]:
    with tempfile.TemporaryDirectory() as folder:
        async with stage(Path(folder), size=SIZE) as running:
            made = Console(running)
            made.watch()
            gc.callbacks.append(made.watch_collector)
            try:
                yield made
            finally:
                gc.callbacks.remove(made.watch_collector)
                made.watching.cancel()


def rss() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]


async def measure(count: int) -> None:
    """Load, look, mark, filter and resize."""
    async with console() as it:
        running = it.stage
        gc.collect()
        before = rss()
        began = time.process_time()
        running.general.timeline.bound(count, lambda _: False)
        running.general.timeline.add(messages(count))
        shown = await it.frame(lambda: running.main.look_at(running.general.key))
        await it.until_still()
        cpu = time.process_time() - began
        size = (rss() - before) / count
        print(f"  loaded in {cpu:.2f} s of CPU; first frame {shown * 1e3:.0f} ms; {size:.0f} B RSS a message")
        it.longest = it.pause = 0.0
        await keys(it)
        await bulk(it)
        print(f"    longest garbage collection {it.pause * 1e3:.1f} ms")


async def keys(it: Console) -> None:
    it.watching.cancel()
    cpu, began = time.process_time(), time.perf_counter()
    await asyncio.sleep(5)
    idle = (time.process_time() - cpu) / (time.perf_counter() - began)
    print(f"    idle: {idle:.1%} of a core")
    it.watch()
    chance = random.Random(5)
    pressed = []
    feed = it.stage.feed
    feed.move_to(place(feed.rows[len(feed.rows) // 2]))  # far from both ends, where a key would change nothing
    for _ in range(KEYS):
        # Somebody who holds a key down, and somebody who thinks: faster keys share the frames of the screen.
        await asyncio.sleep(chance.uniform(0.02, 0.08))
        pressed.append(await it.key(chance.choice(["j", "k", "k", "pageup", "pagedown", "space"])))
    await it.stage.pilot.press("escape")
    p50, p99 = percentile(pressed, 0.5) * 1e3, percentile(pressed, 0.99) * 1e3
    print(f"    a key to its frame: p50 {p50:.1f} ms, p99 {p99:.1f} ms")


async def bulk(it: Console) -> None:
    running = it.stage
    view, feed = running.view, running.feed

    async def timed(what: str, act: Callable[[], object]) -> None:
        it.longest = 0.0
        began = time.perf_counter()
        shown = await it.frame(act)
        await it.until_still()
        done = time.perf_counter() - began
        told = f"{shown * 1e3:6.0f} ms to the first frame, {done * 1e3:7.0f} ms in all"
        print(f"    {what:<28} {told}, the loop away {it.longest * 1e3:4.0f} ms at most; {len(feed.rows):,} rows")

    await timed("mark an author", feed.action_mark_author)
    feed.clear_marks()
    from quell.moderation.query import parse
    from quell.widgets.filter_bar import FilterBar

    def filter_by(text: str) -> Callable[[], object]:
        return lambda: view._filter(FilterBar.Filtered(parse(text) if text else None))

    await timed("filter by a word", filter_by("discord"))
    await timed("mark all that match", feed.action_mark_all)
    feed.clear_marks()
    await timed("show all again", filter_by(""))
    await timed("filter by a regex", filter_by(r"/(raid|nitro).*\blol$/"))
    await timed("show all again", filter_by(""))
    feed.move_to(place(feed.rows[len(feed.rows) // 2]))
    await timed("filter in the middle", filter_by("raid -nitro"))
    await timed("show all again", filter_by(""))
    await timed("mark all there is", feed.action_mark_all)
    await timed("swap marks and gaps", feed.action_invert)
    await timed("swap them back", feed.action_invert)
    feed.clear_marks()
    await timed("bring them all back", feed.action_restore)
    await it.frame(feed.clear_marks)
    for size in (Size(120, 40), Size(*SIZE)):
        it.longest = 0.0
        took = await it.frame(partial(resize, running, size), partial(resized, running, size))
        await asyncio.sleep(0.5)
        told = f"{took * 1e3:6.0f} ms to the first frame"
        print(f"    {'resize':<28} {told}, the loop away {it.longest * 1e3:4.0f} ms at most")


def resize(running: FakeStage, size: Size) -> None:
    """Do what the driver of a terminal does."""
    assert isinstance(running.app._driver, HeadlessDriver)
    running.app._driver._size = size
    running.app.post_message(Resize(size, size))


def resized(running: FakeStage, size: Size) -> bool:
    """Whether the feed knows of its new size."""
    feed = running.feed
    return running.main.size == size and feed.viewport.height == feed.size.height


async def console_seconds(rows: list[Message]) -> float:
    """Seconds of CPU until the console shows these rows, and has come to rest."""
    async with console() as it:
        running = it.stage
        began = time.process_time()
        running.general.timeline.add(rows)
        await it.frame(lambda: running.main.look_at(running.general.key))
        await it.until_still()
        return time.process_time() - began


async def contend() -> None:
    """Medians of several rounds: the console takes so little that a single one tells more of the machine."""
    rows = messages(CONTENDED)
    mine: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for _ in range(ROUNDS):
        mine.append(await console_seconds(rows))
        for name, taken in theirs.items():
            taken.append(await contender_seconds(name, rows))
    print(f"{CONTENDED:,} messages until they are shown: {median(mine) * 1e3:.0f} ms of CPU, median of {ROUNDS}")
    for name, taken in theirs.items():
        ratio = median(taken) / median(mine)
        print(f"  {name} takes {ratio:.0f} x as long, at least 20: {'holds' if ratio >= 20 else 'MISSED'}")


def main() -> None:
    for part in ("contend", "100000", "1000000"):
        subprocess.run([sys.executable, "-m", "tests.bench.feed", part], check=True)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    elif sys.argv[1] == "contend":
        asyncio.run(contend())
    else:
        print(f"{int(sys.argv[1]):,} messages")
        asyncio.run(measure(int(sys.argv[1])))
