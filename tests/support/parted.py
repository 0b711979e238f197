"""A small screen that is drawn in parts, and what a terminal would show of it."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual._compositor import LayoutUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from quell.drawing.compositor import PartsUpdate
from quell.screens.parts import PartsScreen
from tests.support.watching import in_cells

WIDTH, HEIGHT = 40, 12


class PartedScreen(PartsScreen):
    """Three panes, of which one scrolls, and something that lies over two of them."""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("left", id="left")
            with Vertical(id="middle"):
                yield Static("long", id="long")
            yield Static("right", id="right")
        yield Static("over", id="over")


class PartedApp(App[None]):
    """Keeps what a terminal would show."""

    CSS = """
    PartedScreen { layers: below above; }
    Horizontal { layer: below; }
    #left { width: 10; }
    #middle { width: 1fr; overflow-y: scroll; }
    #long { height: 30; }
    #right { width: 8; }
    #over { layer: above; width: 14; height: 3; offset: 4 5; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.grid: list[list[str]] = []
        """Cells by line; of a wide character, the second one holds nothing."""
        self.parts = 0
        """Cells that were drawn in parts."""
        self.updates = 0
        """How often something was drawn."""

    def get_default_screen(self) -> PartedScreen:
        return PartedScreen()

    def _display(self, screen: Any, renderable: Any) -> None:
        if isinstance(renderable, LayoutUpdate):
            self.grid = [[*in_cells("".join(strip.text for strip in strips))] for strips in renderable.strips]
        elif isinstance(renderable, PartsUpdate):
            width, height = renderable.size
            if [len(line) for line in self.grid] != [width] * height:
                self.grid = [["?"] * width for _ in range(height)]
            for x, y, strip in renderable.parts:
                _write(self.grid[y], x, in_cells(strip.text))
                self.parts += strip.cell_length
        self.updates += renderable is not None
        super()._display(screen, renderable)

    async def finished(self, pilot: Pilot[None]) -> None:
        """Wait until everything is drawn, or can not be."""
        await pilot.pause()
        while self._exception is None and self._is_behind:
            await pilot.pause()

    @property
    def _is_behind(self) -> bool:
        """Whether something asked to be drawn, and is not."""
        screen = self.screen
        widgets = [screen, *screen.walk_children(Widget)]
        return (
            bool(screen._dirty_widgets or screen._compositor._dirty_regions)
            or screen._layout_required
            or any(widget._repaint_required or widget._layout_required for widget in widgets)
        )

    @property
    def shown(self) -> list[str]:
        """The lines of the terminal."""
        return ["".join(line) for line in self.grid]

    @property
    def wanted(self) -> list[str]:
        """The lines that Textual's own rendering of everything gives."""
        return [strip.text for strip in self.screen._compositor.render_strips()]


@asynccontextmanager
async def parted() -> AsyncIterator[tuple[PartedApp, Pilot[None]]]:
    """The screen, drawn."""
    app = PartedApp()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await app.finished(pilot)
        app.parts = 0
        yield app, pilot


def widget(app: PartedApp, name: str) -> Static:
    """One of the widgets, by its id."""
    return app.screen.query_one(f"#{name}", Static)


def say(target: Static, dice: random.Random) -> None:
    """Fill a widget with other text."""
    target.update("\n".join(dice.choice("abcdefgh") * 60 for _ in range(30)), layout=False)


def _write(line: list[str], x: int, cells: list[str]) -> None:
    """Write cells where a terminal would; of a wide character of which a half is written over, nothing is left."""
    for edge in (x, x + len(cells)):
        if edge < len(line) and line[edge] == "":
            line[edge - 1 : edge + 1] = [" ", " "]
    line[x : x + len(cells)] = cells
