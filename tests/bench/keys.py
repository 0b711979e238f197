"""Key press to repaint, timed inside the real console, idle and while 1,000 deletions run at 100 a second.

Everything is as a moderator has it but the terminal: the sandbox with 20 ms of latency in a process of its own, the
real provider, the journal on a disk, and all 1,000 messages in the feed whose cursor is moved.
"""

import asyncio
import inspect
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual import events

from quell.app import QuellApp
from quell.collector import spare
from quell.config import Account, Config, DeletionSettings
from quell.moderation.deletion import OPEN, Reason, State
from quell.moderation.timeline import place
from quell.screens.main import MainScreen
from quell.session.state import RoomKey
from quell.widgets.feed import Feed
from quell.workspace import Workspace
from quell_providers.ivs import plugin
from tests.bench.deletions import ivs_settings
from tests.bench.limits import Limit, LimitedService, limited_service

COUNT = 1_000
KEYS = 150
"""Before, during and after the deletions, each."""
SHORTEST_GAP, LONGEST_GAP = 0.02, 0.08
"""Seconds between two keys: somebody who holds one down, and somebody who thinks."""
ALLOWED_RATIO = 1.5
SIZE = (140, 40)


class TimedConsole(QuellApp):
    """The console, which tells of every repaint."""

    CSS_PATH = str(Path(inspect.getfile(QuellApp)).with_name("app.tcss"))

    def __init__(self, open_workspace: Any) -> None:
        super().__init__(open_workspace)
        self.painted: Callable[[], None] = lambda: None

    def _display(self, screen: Any, renderable: Any) -> None:
        super()._display(screen, renderable)
        self.painted()


async def pressed(app: TimedConsole, feed: Feed, key: str) -> float:
    """Seconds from a key that moves the cursor to the repaint that shows it moved."""
    before, moved = feed.cursor_message, asyncio.Event()

    def look() -> None:
        if feed.cursor_message is not before:
            moved.set()

    app.painted = look
    began_at = time.perf_counter()
    app.post_message(events.Key(key, key))
    await moved.wait()
    return time.perf_counter() - began_at


async def typed(app: TimedConsole, feed: Feed, dice: random.Random, *, going_on: Callable[[], object]) -> list[float]:
    """Latencies of up to `KEYS` keys up and down, as long as it goes on."""
    taken: list[float] = []
    while len(taken) < KEYS and going_on():
        await asyncio.sleep(dice.uniform(SHORTEST_GAP, LONGEST_GAP))
        taken.append(await pressed(app, feed, "k" if len(taken) % 2 else "j"))
    return taken


def workspace(service: LimitedService, folder: Path) -> Callable[[], Any]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Workspace]:
        config = Config(
            path=folder / "config.toml",
            accounts=(Account("live", plugin, ivs_settings(service, folder)),),
            moderator="bench",
            deletion=DeletionSettings(grace_seconds=0.0),
        )
        yield Workspace(config, folder / "journal.sqlite3")

    return opened


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60.0):
        while not condition():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)


async def measure(service: LimitedService, folder: Path) -> tuple[list[float], list[float]]:
    """Latencies idle and busy, in seconds."""
    dice, app = random.Random(5), TimedConsole(workspace(service, folder))
    async with app.run_test(size=SIZE):
        await until(lambda: app.session is not None and app.session.current is not None)
        session = app.session
        assert session is not None
        main = next(screen for screen in app.screen_stack if isinstance(screen, MainScreen))
        key = RoomKey("live", service.room_id)
        main.look_at(key)
        room = session.room(key)
        assert room is not None

        def all_there() -> bool:
            session.load_older(key)  # one page at a time; while one is on the way, this does nothing
            return all(room.timeline.get(each) for each in service.message_ids)

        await until(all_there)
        feed = main.query_one(Feed)
        middle = room.timeline.get(service.message_ids[COUNT // 2])
        assert middle is not None
        feed.move_to(place(middle))
        spare()  # as the console does where it is not headless
        await asyncio.sleep(1.0)
        idle = await typed(app, feed, dice, going_on=lambda: True)
        messages = [room.timeline.get(each) for each in service.message_ids]
        targets = [session.decisions.target(room, message) for message in messages if message is not None]
        await session.decisions.confirm(targets, Reason("spam", "spam"))
        totals = session.engine.totals
        busy = await typed(app, feed, dice, going_on=lambda: any(totals()[state] for state in OPEN))
        await session.engine.settled()
        assert totals()[State.ACCEPTED] + totals()[State.CONFIRMED] == COUNT, totals()
        await asyncio.sleep(1.0)
        idle += await typed(app, feed, dice, going_on=lambda: True)
    return idle, busy


def main() -> None:
    with (
        limited_service(Limit(service="ivs", messages=COUNT, calls=100, burst=100)) as service,
        tempfile.TemporaryDirectory() as folder,
    ):
        idle, busy = asyncio.run(measure(service, Path(folder)))
    print(f"Key press to repaint in the console, {SIZE[0]} x {SIZE[1]}, {COUNT} deletions at 100/s, milliseconds")
    for name, each in (("idle", idle), ("deleting", busy)):
        print(f"  {name:<9} {len(each):4} keys   p50 {p50(each) * 1e3:6.2f}   p95 {p95(each) * 1e3:6.2f}")
    for name, of in (("p50", p50), ("p95", p95)):
        ratio = of(busy) / of(idle)
        print(f"  ratio {name} {ratio:.2f}, at most {ALLOWED_RATIO}: {'holds' if ratio <= ALLOWED_RATIO else 'MISSED'}")


def p50(seconds: list[float]) -> float:
    return statistics.median(seconds)


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


if __name__ == "__main__":
    main()
