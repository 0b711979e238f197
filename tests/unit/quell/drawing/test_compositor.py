"""What is rendered of a screen that changed in places, against all of it rendered anew."""

import random

import pytest
from rich.console import Console
from rich.segment import Segment
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from quell.drawing import compositor
from quell.drawing.compositor import PartsUpdate, draw
from tests.support.parted import HEIGHT, parted, say, widget


@pytest.mark.parametrize("turn", [0.0, 60.0])
@pytest.mark.parametrize("seed", range(12))
async def test_parts_add_up_to_the_whole_screen(seed: int, turn: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compositor, "TURN", turn)
    dice = random.Random(seed)
    async with parted() as (app, pilot):
        for _ in range(12):
            for name in dice.sample(["left", "long", "right", "over"], dice.randint(1, 3)):
                say(widget(app, name), dice)
            if dice.random() < 0.3:
                app.screen.query_one("#middle").scroll_to(y=dice.randint(0, 18), animate=False, immediate=True)
            if dice.random() < 0.2:
                widget(app, "over").display = not widget(app, "over").display
            await app.finished(pilot)
            assert app.shown == app.wanted, f"seed {seed}"


async def test_two_small_changes_far_apart_cost_no_more_than_themselves() -> None:
    async with parted() as (app, pilot):
        widget(app, "left").refresh(Region(0, 0, 10, 1))
        widget(app, "right").refresh(Region(0, HEIGHT - 1, 8, 1))
        await app.finished(pilot)
        assert app.parts == 18


async def test_a_wide_character_is_whole_again_once_nothing_lies_over_a_half_of_it() -> None:
    async with parted() as (app, pilot):
        over = widget(app, "over")
        for column in range(5, 20):
            over.styles.offset = (column, 5)
            widget(app, "long").update("漢" * 400)
            await app.finished(pilot)
            over.display = False
            await app.finished(pilot)
            assert app.shown == app.wanted, column
            over.display = True


@pytest.mark.parametrize("width", [4, 30])
async def test_lines_of_another_width_neither_cover_what_stands_beside_them_nor_leave_gaps(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parted() as (app, pilot):
        left = widget(app, "left")
        monkeypatch.setattr(left, "render_lines", lambda crop: [Strip([Segment("x" * width)])] * crop.height)
        left.refresh()
        await app.finished(pilot)
        assert app.shown[0] == f"{'x' * min(width, 10):10}long".ljust(32) + "right   "


async def test_what_was_looked_up_before_the_layout_is_drawn_all_the_same() -> None:
    async with parted() as (app, pilot):
        over, found = widget(app, "over"), app.screen._compositor
        for shown in (False, True):
            over.display = shown
            found._full_map_invalidated = True  # as for widgets that are new, or out of sight
            assert (over in found.full_map) is shown
            await app.finished(pilot)
            assert app.shown == app.wanted


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
        await app.finished(pilot)
        assert app.shown == app.wanted


def test_an_update_is_text_for_a_terminal_too() -> None:
    assert PartsUpdate([], Size(0, 0)).render_segments(Console()) == ""
