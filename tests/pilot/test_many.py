"""What takes a million messages many slices comes out the same as at once, and can be stopped."""

from pathlib import Path

import pytest

from quell import pauses
from quell.screens import confirm, propose
from quell.screens.confirm import ConfirmScreen
from quell.screens.main import MainScreen
from quell.widgets import bulk, selecting_feed, slices
from quell.widgets.detail import nearby
from quell.widgets.feed import sieve
from quell_providers.provider import Forecast
from tests.support.stage import TALK, FakeStage, stage


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything be done one message a slice, as though there were very many."""
    for module in (bulk, confirm, selecting_feed):
        name = "SOUGHT_AT_ONCE" if module is selecting_feed else "AT_ONCE"
        monkeypatch.setattr(module, name, 1e-9)
    for module in (propose, selecting_feed, nearby):
        monkeypatch.setattr(module, "FEW", 0)
    monkeypatch.setattr(sieve, "CHUNK", 1)
    monkeypatch.setattr(pauses, "CHUNK", 1)
    monkeypatch.setattr(bulk, "SHOWN", 0.0)
    monkeypatch.setattr(propose, "SHOWN", 0.0)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a task pause after every step, for longer than a key takes."""
    monkeypatch.setattr(pauses, "SLICE", -1.0)
    monkeypatch.setattr(pauses, "REST", 0.1)


async def marked(console: FakeStage) -> None:
    await console.until(lambda: not console.feed.marking)


async def test_what_is_in_view_is_marked_first_and_how_far_it_is_is_told(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.go_to("m0004")
        console.feed.action_mark_all()
        assert console.feed.marking
        assert set(console.marked()) <= {"m0003", "m0004"} != set()
        await console.until(lambda: "marking, " in console.text("#room-hints") or not console.feed.marking)
        await marked(console)
        assert len(console.marked()) == len(TALK)
        await console.until(lambda: "8 marked · 5 authors" in console.text("#room-hints"))


async def test_keys_do_one_after_the_other_what_they_mean(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.go_to("m0001")
        console.feed.action_mark_author()
        console.feed.action_invert()
        assert console.feed.marking
        await marked(console)
        assert console.marked() == ["m0000", "m0002", "m0004", "m0006", "m0007"]
        console.feed.action_mark_all()
        console.feed.action_mark_all()
        console.feed.action_mark_author()  # all of them are marked by then
        await marked(console)
        assert console.marked() == ["m0000", "m0002", "m0004", "m0006", "m0007"]


async def test_escape_stops_the_marking_and_r_brings_back_what_was_marked(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.feed.action_mark_all()
        so_far = console.marked()
        assert 0 < len(so_far) < len(TALK)
        console.view.action_back()
        assert not console.feed.marking
        assert console.marked() == []
        console.feed.action_restore()
        await marked(console)
        assert console.marked() == so_far


async def test_marked_messages_are_gone_to(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.go_to("m0001")
        console.feed.action_mark_author()
        await marked(console)
        for expected in ("m0003", "m0005", "m0001"):
            console.feed.action_next_marked(1)
            await console.until(lambda: not console.feed._seeking.busy)
            assert console.feed.cursor_message is not None
            assert console.feed.cursor_message.id == expected


async def test_the_question_is_about_all_in_the_order_of_the_feed(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.forecasts["m0002"] = Forecast(verdict="refused", cause="too old")
        await console.pilot.press("asterisk", "slash", *"nitro", "enter", "d")
        await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
        await console.until(lambda: "1 will be refused: too old" in console.text("#forecast"))
        assert f"Delete {len(TALK)} marked messages?" in console.text("#title")
        assert "6 of these are hidden by your filter" in console.text("#forecast")
        await console.pilot.press("x")
        await console.until(lambda: "Delete 7 marked messages?" in console.text("#title"))
        await console.pilot.press("h")
        await console.until(lambda: "Delete 2 marked messages?" in console.text("#title"))
        await console.pilot.press("enter")
        await console.until(lambda: len(console.work.deleted) == 2)
        assert [message_id for _, message_id, _ in console.work.deleted] == ["m0001", "m0003"]


async def test_nothing_is_deleted_while_messages_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(tmp_path) as console:
        console.work.forecasts["m0002"] = Forecast(verdict="refused", cause="too old")
        await console.pilot.press("asterisk", "d")
        await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
        await console.until(lambda: "1 will be refused" in console.text("#forecast"))
        monkeypatch.setattr(slices, "REST", 60.0)
        await console.pilot.press("x", "enter")
        dialog = console.app.screen
        assert isinstance(dialog, ConfirmScreen)
        assert "still being left out" in console.text("#problem")
        dialog._dropping.finish()
        await console.pilot.press("enter")
        await console.until(lambda: len(console.work.deleted) == 7)
        assert "m0002" not in {message_id for _, message_id, _ in console.work.deleted}


@pytest.mark.usefixtures("slow")
async def test_escape_stops_the_question_while_it_is_put_together(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.feed.action_mark_all()
        await marked(console)
        console.main.action_delete()
        await console.until(lambda: "putting the question together" in console.text("#room-hints"))
        console.view.action_back()
        await console.until(lambda: "question" not in console.text("#room-hints"))
        assert isinstance(console.app.screen, MainScreen)
        assert len(console.marked()) == len(TALK)
        console.main.action_delete()
        await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
