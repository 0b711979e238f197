"""The mouse on the feed."""

from pathlib import Path

import pytest
from textual.events import MouseMove, MouseScrollUp

from quell_providers.model import Posted
from tests.support.fake_provider import message
from tests.support.stage import FakeStage, stage


async def many(console: FakeStage) -> None:
    """More messages than the feed shows at once."""
    for number in range(10, 60):
        console.work.tell(Posted(message(number, f"raid {number}", author="raider")))
    await console.until(lambda: len(console.feed.rows) == 58)


async def drag(console: FakeStage, y: int, *, button: int = 1) -> None:
    """Move the mouse to a line of the feed, or beyond its lines."""
    console.feed.post_message(MouseMove(console.feed, 60, y, 0, 1, button, False, False, False))
    await console.pilot.pause()


async def test_a_drag_marks_a_range_that_ends_with_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.mouse_down("#feed", offset=(60, 2))
        await drag(console, 4)
        assert "RANGE" in console.text("#room-hints")
        await console.pilot.mouse_up("#feed", offset=(60, 4))
        await console.pilot.press("j", "j")
        assert console.marked() == ["m0002", "m0003", "m0004"]
        assert "RANGE" not in console.text("#room-hints")
        await console.pilot.click("#feed", offset=(60, 0), control=True)
        assert len(console.marked()) == 7
        await console.pilot.click("#feed", offset=(60, 0), button=3)
        assert len(console.marked()) == 7


async def test_a_drag_goes_on_beyond_the_edge_for_as_long_as_it_is_held_there(tmp_path: Path) -> None:
    async with stage(tmp_path, size=(140, 12)) as console:
        await many(console)
        await console.pilot.mouse_down("#feed", offset=(60, 5))
        pressed = console.feed.cursor_message
        assert pressed is not None
        await drag(console, -1)
        await console.until(lambda: len(console.marked()) > 30)
        await drag(console, -3, button=0)
        marked, newest = console.marked(), console.feed.cursor_message
        await console.pilot.pause(0.1)
        assert console.marked() == marked
        assert (marked[-1], console.feed.cursor_message) == (pressed.id, newest)


async def test_nothing_moves_under_the_button(tmp_path: Path) -> None:
    async with stage(tmp_path, size=(140, 12)) as console:
        await many(console)
        y = console.feed.size.height - 1
        await console.pilot.mouse_down("#feed", offset=(60, y))
        console.work.tell(Posted(message(60, "more")))
        await console.until(lambda: len(console.feed.rows) == 59)
        await console.pilot.mouse_up("#feed", offset=(60, y))
        assert console.marked() == ["m0059"]


async def test_the_wheel_asks_for_older_messages_at_the_top_and_the_count_of_new_ones_leads_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(tmp_path, size=(140, 12)) as console:
        await many(console)
        asked: list[object] = []
        monkeypatch.setattr(console.session, "load_older", asked.append)
        while console.feed.viewport.top > 0:
            assert not asked
            console.feed.post_message(MouseScrollUp(console.feed, 60, 2, 0, -1, 0, False, False, False))
            await console.pilot.pause()
        assert asked == [console.general.key]
        console.work.tell(Posted(message(60, "more")))
        await console.until(lambda: "▼ 1 new" in console.text("#room-hints"))
        hints = console.view.query_one("#room-hints")
        await console.pilot.click("#room-hints", offset=(hints.size.width - 3, 0))
        assert console.feed.following
