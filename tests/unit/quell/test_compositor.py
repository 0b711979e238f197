"""What is rendered of a screen that changed in places, against all of it rendered anew."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rich.console import Console
from textual._compositor import LayoutUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from quell.compositor import PartsCompositor, PartsUpdate, draw

WIDTH, HEIGHT = 40, 12


class PartedScreen(Screen[None]):
    """Three panes, of which one scrolls, and something that lies over two of them."""

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
        self._compositor = PartsCompositor()

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("left", id="left")
            with Vertical(id="middle"):
                yield Static("long", id="long")
            yield Static("right", id="right")
        yield Static("over", id="over")


class PartedApp(App[None]):
    """Keeps what a terminal would show."""

    def __init__(self) -> None:
        super().__init__()
        self.grid = [[" "] * WIDTH for _ in range(HEIGHT)]
        self.parts = 0
        """Cells that were drawn in parts."""

    def on_mount(self) -> None:
        self.push_screen(PartedScreen())

    def _display(self, screen: Any, renderable: Any) -> None:
        if isinstance(renderable, LayoutUpdate):
            for y, strips in enumerate(renderable.strips):
                self.grid[y] = list("".join(strip.text for strip in strips))
        elif isinstance(renderable, PartsUpdate):
            for x, y, strip in renderable.parts:
                self.grid[y][x : x + strip.cell_length] = strip.text
                self.parts += strip.cell_length
        super()._display(screen, renderable)

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
    app = PartedApp()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        app.parts = 0
        yield app, pilot


def widget(app: PartedApp, name: str) -> Static:
    return app.screen.query_one(f"#{name}", Static)


def say(target: Static, dice: random.Random) -> None:
    target.update("\n".join(dice.choice("abcdefgh") * 60 for _ in range(30)), layout=False)


@pytest.mark.parametrize("seed", range(12))
async def test_parts_add_up_to_the_whole_screen(seed: int) -> None:
    dice = random.Random(seed)
    async with parted() as (app, pilot):
        for _ in range(12):
            for name in dice.sample(["left", "long", "right", "over"], dice.randint(1, 3)):
                say(widget(app, name), dice)
            if dice.random() < 0.3:
                app.screen.query_one("#middle").scroll_to(y=dice.randint(0, 18), animate=False, immediate=True)
            if dice.random() < 0.2:
                widget(app, "over").display = not widget(app, "over").display
            await pilot.pause()
            assert app.shown == app.wanted, f"seed {seed}"


async def test_two_small_changes_far_apart_cost_no_more_than_themselves() -> None:
    async with parted() as (app, pilot):
        widget(app, "left").refresh(Region(0, 0, 10, 1))
        widget(app, "right").refresh(Region(0, HEIGHT - 1, 8, 1))
        await pilot.pause()
        assert app.parts == 18


async def test_what_is_drawn_at_once_is_drawn_but_where_something_lies_over_it() -> None:
    async with parted() as (app, _):
        before = app.shown
        target = widget(app, "left")
        target._styles_cache.clear()
        say(target, random.Random(1))
        draw(target, Region(0, 4, 10, 3))
        assert app.shown == [*before[:4], *app.wanted[4:7], *before[7:]]
        assert app.wanted[5][4:8] == before[5][4:8]


async def test_what_can_not_be_drawn_at_once_is_drawn_with_the_next_frame() -> None:
    async with parted() as (app, pilot):
        app.push_screen(Screen())
        await pilot.pause()
        hidden: Widget = app.screen_stack[-2].query_one("#left")
        app.parts = 0
        draw(hidden, Region(0, 0, 10, 1))
        assert app.parts == 0
        app.pop_screen()
        await pilot.pause()
        assert app.shown == app.wanted


def test_an_update_is_text_for_a_terminal_too() -> None:
    assert PartsUpdate([]).render_segments(Console()) == ""
