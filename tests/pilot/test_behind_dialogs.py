"""What lies behind a dialog stays in its place, whatever a terminal makes of the text beside it."""

from pathlib import Path

import pytest
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.geometry import Region

from quell.screens.confirm import ConfirmScreen
from quell_providers.model import Posted, Room
from tests.support.fake_provider import WINDOW, FakeProvider, message
from tests.support.hostile import READERS
from tests.support.stage import TALK, FakeStage, providers, stage, talk
from tests.support.wire import Screen

SIZE = (140, 40)
SCRIPTS = [
    "हिन्दी चर्चा में क्षत्रिय विश्वविद्यालय, स्त्री, मन्त्र और शब्द",
    "ශ්\u200dරී ලංකා",
    "বাংলা कि को கௌ ◌ाााा",
    "✅\ufe0e ❤\ufe0f",
]
TEXTS = [*SCRIPTS, *READERS.values(), *SCRIPTS]


class Drawn:
    """The screen as a terminal shows it that keeps graphemes together, and as one does that does not."""

    def __init__(self) -> None:
        self.screens = [Screen(SIZE, clusters=clusters) for clusters in (True, False)]

    def display(self, app: App[None], _: object, update: object) -> None:
        """Take over from Textual, which draws nothing without a terminal."""
        if isinstance(update, CompositorUpdate):
            for screen in self.screens:
                screen.feed(update.render_segments(app.console).encode())

    def cells(self) -> list[list[list[str]]]:
        """The cells of every line of each screen."""
        return [[screen.cells(0, y, SIZE[0]) for y in range(SIZE[1])] for screen in self.screens]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    drawn = Drawn()
    monkeypatch.setattr(App, "_display", lambda *update: drawn.display(*update))
    return drawn


def others(before: list[list[str]], after: list[list[str]], over: Region) -> list[str]:
    """Cells that changed outside a region."""
    return [
        f"line {y}, column {x}: {after[y][x]!a} in place of {before[y][x]!a}"
        for y in range(SIZE[1])
        for x in range(SIZE[0])
        if before[y][x] != after[y][x] and not over.contains(x, y)
    ]


async def all_kinds_of_texts(console: FakeStage) -> None:
    """Messages of them by people of such names."""
    for number, text in enumerate(TEXTS, 100):
        console.work.tell(Posted(message(number, text, author=text[:24])))
    await console.until(lambda: len(console.feed.rows) == len(TALK) + len(TEXTS))
    await console.settle()


async def test_nothing_beside_a_dialog_moves(tmp_path: Path, drawn: Drawn) -> None:
    named = [Room(id=f"x{number}", name=text, kind="group", unread=number) for number, text in enumerate(TEXTS, 1)]
    work = FakeProvider([Room(id="r1", name="general", kind="channel"), *named], {"r1": talk()}, WINDOW)
    async with stage(tmp_path, size=SIZE, accounts={**providers(), "work": work}) as console:
        await all_kinds_of_texts(console)
        before = drawn.cells()
        await console.pilot.press("d")
        await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
        await console.settle()
        dialog = console.app.screen.query_one("#dialog").region
        assert dialog.area
        after = drawn.cells()
        for earlier, later in zip(before, after, strict=True):
            found = others(earlier, later, dialog.grow((0, 1, 0, 1)))
            assert not found, "\n".join(found[:20])
        await console.pilot.press("escape")
        await console.until(lambda: console.app.screen is console.main)
        await console.settle()
        assert drawn.cells() == before
