"""A console with two fake accounts, brought up to its first room, and short ways to look at it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Static

from quell.app import QuellApp
from quell.bridge import FRAME
from quell.moderation.deletion import State
from quell.moderation.timeline import place
from quell.screens.main import MainScreen
from quell.session.session import Session
from quell.session.state import RoomKey, RoomState
from quell.widgets.detail import DetailText
from quell.widgets.room_view import RoomView
from quell.widgets.selecting_feed import SelectingFeed
from quell_providers.model import Message, Room
from tests.support.console import console, until
from tests.support.fake_provider import BUCKET, WINDOW, FakeProvider, message

NOW = 1_767_258_100.0
"""Unix seconds at which every stage's clock stands: 2026-01-01, some minutes past nine, UTC."""

WAITING = {"can delete: …", "here    …", "journal …"}
"""Lines of the detail pane in place of an answer."""

GENERAL = RoomKey("work", "r1")

TALK = [
    ("Amara Okafor", "anyone coming to the stand-up?"),
    ("Vlad_1998", "FREE NITRO → discord-gift.example"),
    ("Lena Fischer", "see you at lunch"),
    ("Vlad_1998", "free  nitro → DISCORD-gift.example"),
    ("xX_shop_Xx", "buy followers now"),
    ("Vlad_1998", "last chance"),
    ("Сергій Коваленко", "Добрий день! Хто знає, коли почнеться фінал?"),
    ("Amara Okafor", "at eight"),
]


def talk() -> list[Message]:
    """The history of `work/general`: m0000 to m0007."""
    return [message(number, text, author=author) for number, (author, text) in enumerate(TALK)]


def providers() -> dict[str, FakeProvider]:
    """A Rocket.Chat-like account with three rooms and an IVS-like one with two."""
    work = FakeProvider(
        [
            Room(id="r1", name="general", kind="channel", topic="Everything that fits nowhere else"),
            Room(id="r2", name="mods", kind="group", unread=3),
            Room(id="r3", name="Lena Fischer", kind="direct"),
        ],
        {"r1": talk()},
        WINDOW,
    )
    live = FakeProvider(
        [Room(id="i1", name="finals", kind="room"), Room(id="i2", name="", kind="room")],
        {"i1": [message(50, "gg", room="i1"), message(51, "what a goal", room="i1", author="Kwame")]},
        BUCKET,
    )
    return {"work": work, "live": live}


@dataclass
class Stage:
    """A running console."""

    app: QuellApp
    pilot: Pilot[None]

    @property
    def session(self) -> Session:
        assert self.app.session is not None
        return self.app.session

    @property
    def main(self) -> MainScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, MainScreen))

    @property
    def view(self) -> RoomView:
        return self.main.query_one(RoomView)

    @property
    def feed(self) -> SelectingFeed:
        return self.view.feed

    @property
    def general(self) -> RoomState:
        """The room that is looked at first."""
        room = next(iter(self.session.accounts["work"].rooms.values()))
        assert room.room.name == "general"
        return room

    def marked(self) -> list[str]:
        """Ids of the selection."""
        return sorted(key.message_id for key in self.session.selection)

    def state(self, message_id: str) -> State | None:
        """How the deletion of a message of `work/general` stands."""
        found = self.session.engine.find(self.general.message_key(message_id))
        return found.state if found else None

    def text(self, selector: str) -> str:
        """What a text on the screen that is looked at says."""
        return str(self.app.screen.query_one(selector, Static).content)

    def drawn(self) -> str:
        """The lines of the feed as they are on the screen."""
        return "\n".join(self.feed.render_line(y).text.rstrip() for y in range(self.feed.size.height))

    async def go_to(self, message_id: str) -> None:
        """Put the cursor on a message."""
        [sought] = [place(each) for each in self.feed.rows if each.id == message_id]
        assert self.feed.move_to(sought)
        await self.pilot.pause()

    async def until(self, condition: Callable[[], object]) -> None:
        """Let the console run until this holds."""
        await until(self.pilot, condition)

    def detail(self) -> str:
        """Every line of the detail pane, in view or not."""
        return "\n".join(str(line) for line in self.main.query_one(DetailText).lines)

    @property
    def asking(self) -> bool:
        """Whether something that was asked for the detail pane, and is looked at, is not answered yet."""
        return self.main.query_one(DetailText).is_on_screen and not WAITING.isdisjoint(self.detail().splitlines())

    async def settle(self) -> None:
        """Let the console run until everything is answered, and two frames in a row are the same."""
        last = ""
        for _ in range(100):
            await self.pilot.pause(2 * FRAME)
            shown = self.app.export_screenshot()
            if shown == last and not self.asking:
                return
            last = shown
        raise AssertionError("the screen never came to rest")


@dataclass
class FakeStage(Stage):
    """A running console on fake providers."""

    work: FakeProvider
    live: FakeProvider


@asynccontextmanager
async def stage(
    folder: Path,
    *,
    size: tuple[int, int] = (140, 40),
    grace: float = 0.0,
    ready: bool = True,
    accounts: dict[str, FakeProvider] | None = None,
    staff: Sequence[str] = (),
    **deletion: object,
) -> AsyncIterator[FakeStage]:
    """Run a console; with `ready`, until the first room's history is on the screen."""
    fakes = accounts or providers()
    app = console(fakes, folder, now=lambda: NOW, grace=grace, staff=staff, **deletion)
    async with app.run_test(size=size, notifications=True) as pilot:
        running = FakeStage(app, pilot, fakes["work"], fakes.get("live", fakes["work"]))
        await running.until(lambda: any(isinstance(screen, MainScreen) for screen in app.screen_stack))
        if ready:
            await running.until(lambda: len(running.feed.rows) == len(TALK) and running.feed.has_focus)
        yield running
