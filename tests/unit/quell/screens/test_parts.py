"""A screen that gets another size, and one whose drawing takes long."""

import asyncio
import random

import pytest
from textual.app import ComposeResult
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from quell.drawing import compositor
from quell.screens.parts import PartsScreen
from tests.support.parted import PartedApp, parted, say, widget


@pytest.mark.parametrize("turn", [0.0, 60.0])
@pytest.mark.parametrize("seed", range(4))
async def test_every_new_size_is_drawn_whole(seed: int, turn: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compositor, "TURN", turn)
    dice = random.Random(seed)
    async with parted() as (app, pilot):
        for _ in range(5):
            say(widget(app, dice.choice(["left", "long", "right", "over"])), dice)
            if dice.random() < 0.3:
                widget(app, "over").styles.width = dice.randint(4, 20)
            await pilot.resize_terminal(dice.randint(25, 70), dice.randint(10, 30))
            await app.finished(pilot)
            assert app.shown == app.wanted, f"seed {seed}"


async def test_a_new_size_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compositor, "TURN", 60.0)
    async with parted() as (app, pilot):
        await pilot.resize_terminal(60, 20)
        await app.finished(pilot)
        scroll_bar = app.screen.query_one("#middle").vertical_scrollbar.outer_size
        assert app.parts == 60 * 20 + scroll_bar.width * scroll_bar.height


async def test_what_asked_for_a_layout_of_its_own_gets_it() -> None:
    async with parted() as (app, pilot):
        over = widget(app, "over")
        over.styles.height = "auto"
        await app.finished(pilot)
        over.update("one\ntwo\nthree\nfour\nfive")
        await pilot.resize_terminal(60, 20)
        await app.finished(pilot)
        assert over.size.height == 5
        assert app.shown == app.wanted


async def test_others_have_their_turn_during_a_long_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with parted() as (app, pilot):
        monkeypatch.setattr(compositor, "TURN", 0.0)
        app.updates, drawn = 0, 0
        app.screen.refresh()
        turns: list[int] = []
        while drawn < 4:
            await asyncio.sleep(0)
            if app.updates > drawn:
                drawn = app.updates
                turns.append(drawn)
        assert turns == [1, 2, 3, 4]
        await app.finished(pilot)
        assert app.shown == app.wanted


@pytest.mark.parametrize("seed", range(6))
async def test_what_changes_during_a_long_drawing_is_drawn_too(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compositor, "TURN", 0.0)
    dice = random.Random(seed)
    async with parted() as (app, pilot):
        display = app._display

        def change(screen: object, update: object) -> None:
            display(screen, update)
            if update is not None and dice.random() < 0.3:
                say(widget(app, dice.choice(["left", "long", "right", "over"])), dice)

        for _ in range(5):
            with monkeypatch.context() as patched:
                patched.setattr(app, "_display", change)
                app.screen.refresh()
                await pilot.pause()
            await app.finished(pilot)
            assert app.shown == app.wanted, f"seed {seed}"


@pytest.mark.parametrize("turn", [0.0, 60.0])
async def test_what_can_not_be_drawn_during_a_batch_is_drawn_after_it(
    turn: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compositor, "TURN", turn)
    async with parted() as (app, pilot):
        display = app._display

        def shut(screen: object, update: object) -> None:
            if app._batch_count == 0:  # as Textual does after `PartedApp` took note
                display(screen, update)

        say(widget(app, "left"), random.Random(1))
        with monkeypatch.context() as patched, app.batch_update():
            patched.setattr(app, "_display", shut)
            app.screen._compositor_refresh()
            await pilot.pause()
        await app.finished(pilot)
        assert app.shown == app.wanted


class Broken(Static):
    """Can not be drawn any more once it is told so."""

    broken = False

    def render_line(self, y: int) -> Strip:
        if self.broken:
            raise LookupError("no such line")
        return super().render_line(y)


class BrokenScreen(PartsScreen):
    """Has one such widget beside others."""

    def compose(self) -> ComposeResult:
        yield Static("first")
        yield Broken("last", id="broken")


async def test_an_error_in_the_rest_of_a_drawing_ends_the_console(monkeypatch: pytest.MonkeyPatch) -> None:
    async def draw() -> None:
        async with (app := PartedApp()).run_test() as pilot:
            app.push_screen(BrokenScreen())
            await app.finished(pilot)
            monkeypatch.setattr(compositor, "TURN", 0.0)
            broken = app.screen.query_one(Broken)
            broken.broken = True
            broken._styles_cache.clear()
            app.screen.refresh()
            await app.finished(pilot)

    with pytest.raises(LookupError, match="no such line"):
        await draw()


async def test_a_drawing_that_something_is_laid_over_goes_on_when_it_is_seen_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with parted() as (app, pilot):
        monkeypatch.setattr(compositor, "TURN", 0.0)
        shown, display = app.screen, app._display
        assert isinstance(shown, PartsScreen)
        say(widget(app, "left"), random.Random(1))

        def cover(screen: object, update: object) -> None:
            display(screen, update)
            if app.screen is shown:
                app.push_screen(Screen())

        with monkeypatch.context() as patched:
            patched.setattr(app, "_display", cover)
            shown.refresh()
            await pilot.pause()
        assert app.screen is not shown
        assert not shown._goes_on
        app.pop_screen()
        await app.finished(pilot)
        assert app.shown == app.wanted
