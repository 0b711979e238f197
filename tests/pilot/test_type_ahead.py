"""Keys that come faster than they are acted on go where the ones before them lead, and decide nothing unseen."""

from pathlib import Path

import pytest
from textual.events import Key, Paste
from textual.widgets import Input

from quell.moderation.deletion import State
from quell.screens.code import CodeScreen
from quell.screens.confirm import ConfirmScreen
from quell.screens.jump import JumpScreen
from quell.screens.leave import LeaveScreen
from quell.screens.leftovers import LeftoversScreen
from quell.screens.links import LinkScreen
from quell.screens.main import MainScreen
from quell.widgets import sifting
from quell.widgets.detail import DetailText
from quell.widgets.feed import sieve
from quell.widgets.filter_bar import FilterBar
from quell_providers.model import Posted
from tests.pilot.test_leftovers import leave_a_batch_behind
from tests.support.fake_provider import message
from tests.support.stage import TALK, FakeStage, providers, stage


def type_at_once(running: FakeStage, *keys: str) -> None:
    """Let the console find these keys together, as when they were read from the terminal in one go."""
    for key in keys:
        running.app.simulate_key(key)


def left_out(running: FakeStage) -> bool:
    """Whether it is told that keys decided nothing."""
    return any("decides nothing" in each.message for each in running.app._notifications)


async def filtered_and_asked(running: FakeStage) -> None:
    await running.until(lambda: isinstance(running.app.screen, ConfirmScreen))
    assert "Delete 2 marked messages?" in running.text("#title")
    assert running.marked() == ["m0001", "m0003"]


async def test_filter_mark_and_delete_in_one_go(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        type_at_once(running, "slash", *"nitro", "enter", "asterisk", "d")
        await filtered_and_asked(running)
        assert running.view.query_one(FilterBar).value == "nitro"


@pytest.fixture
def slow_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every search take several frames."""
    monkeypatch.setattr(sifting, "AT_ONCE", 1e-9)
    monkeypatch.setattr(sieve, "CHUNK", 1)


@pytest.mark.usefixtures("slow_search")
async def test_the_question_waits_for_the_search_and_is_asked_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        type_at_once(running, "slash", *"nitro", "enter", "asterisk", "d", "d")
        await filtered_and_asked(running)
        assert len(running.app.screen_stack) == 3  # Textual's own, the main screen and the dialog


@pytest.mark.usefixtures("slow_search")
async def test_marks_that_are_taken_away_again_are_not_asked_about(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        await running.pilot.press("space", "slash", *"nitro", "enter")
        running.view._sifting.restart()
        running.feed.action_mark_all()
        assert running.feed.marking
        running.main.action_delete()
        running.feed.clear_marks()
        await running.until(lambda: not running.feed.marking)
        assert running.marked() == ["m0001", "m0003"]
        assert isinstance(running.app.screen, MainScreen)


async def test_what_is_typed_right_after_the_slash_is_no_command(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        type_at_once(running, "slash", *"dnihvayuorJ")
        await running.until(lambda: running.view.query_one(FilterBar).value == "dnihvayuorJ")
        assert isinstance(running.app.screen, MainScreen)
        assert running.marked() == []


async def test_what_is_pasted_right_after_the_slash_is_the_filter(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        running.app.simulate_key("slash")
        running.app.post_message(Paste("nitro"))
        type_at_once(running, "enter", "asterisk", "d")
        await filtered_and_asked(running)


async def test_keys_after_esc_are_commands(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        await running.pilot.press("asterisk")
        type_at_once(running, "slash", *"nitro", "escape", "d")
        await running.until(lambda: isinstance(running.app.screen, ConfirmScreen))
        assert f"Delete {len(TALK)} marked messages?" in running.text("#title")
        type_at_once(running, "escape", "escape", "j", "space")
        await running.until(lambda: isinstance(running.app.screen, MainScreen) and len(running.marked()) == 1)
        assert not running.view.has_class("filtering")


async def test_enter_does_not_confirm_what_was_not_seen(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        type_at_once(running, "asterisk", "d", "1", "enter", *"jjd", "enter")
        await running.until(lambda: isinstance(running.app.screen, ConfirmScreen))
        await running.until(lambda: left_out(running))
        reason = running.app.screen.query_one("#reason", Input).value
        assert reason
        assert "jj" not in reason
        assert running.session.engine.totals().total() == 0
        await running.pilot.press("enter")
        await running.until(lambda: len(running.work.deleted) == len(TALK))
        assert {said for *_, said in running.work.deleted} == {reason}


async def test_keys_after_enter_in_the_dialog_go_to_the_messages(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        await running.go_to("m0007")
        await running.pilot.press("d")
        await running.until(lambda: isinstance(running.app.screen, ConfirmScreen))
        type_at_once(running, "1", "enter", "k", "space", "k", "space")
        await running.until(lambda: running.state("m0007") is State.CONFIRMED)
        assert running.marked() == ["m0005", "m0006"]


async def test_a_text_for_another_dialog_may_be_typed_ahead(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        type_at_once(running, "t", *"0900")
        await running.until(lambda: isinstance(running.app.screen, JumpScreen))
        await running.until(lambda: running.app.screen.query_one(Input).value == "0900")


async def test_keys_after_enter_scroll_the_message_that_is_looked_at(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        cursor = running.feed.viewport.cursor
        type_at_once(running, "enter", "k", "k")
        await running.until(lambda: isinstance(running.app.focused, DetailText))
        assert running.feed.viewport.cursor == cursor
        type_at_once(running, "escape", "k")
        await running.until(lambda: running.app.focused is running.feed)
        await running.until(lambda: running.feed.viewport.cursor != cursor)


async def test_quitting_is_not_decided_unseen(tmp_path: Path) -> None:
    async with stage(tmp_path, grace=30.0) as running:
        await running.pilot.press("d")
        await running.until(lambda: isinstance(running.app.screen, ConfirmScreen))
        await running.pilot.press("enter")
        await running.until(lambda: running.session.engine.totals()[State.HELD] == 1)
        type_at_once(running, "ctrl+q", "y")
        await running.until(lambda: isinstance(running.app.screen, LeaveScreen) and left_out(running))
        type_at_once(running, "escape", "ctrl+q", "escape")
        await running.until(lambda: isinstance(running.app.screen, MainScreen))
        assert running.session.engine.totals()[State.HELD] == 1


async def test_no_address_is_opened_unseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    async with stage(tmp_path) as running:
        monkeypatch.setattr(running.app, "open_url", opened.append)
        running.work.tell(Posted(message(20, "see https://example.org/x")))
        await running.until(lambda: len(running.feed.rows) == len(TALK) + 1)
        type_at_once(running, "l", "o")
        await running.until(lambda: isinstance(running.app.screen, LinkScreen) and left_out(running))
        assert opened == []


def typed_before(*keys: str) -> list[Key]:
    """Keys that were typed before anything was drawn, and get their turn only now."""
    typed = [Key(key, None) for key in keys]
    for each in typed:
        each.time = 0.0
    return typed


async def test_nothing_is_decided_about_batches_left_behind_before_they_were_shown(tmp_path: Path) -> None:
    await leave_a_batch_behind(tmp_path)
    async with stage(tmp_path, ready=False) as running:
        await running.until(lambda: isinstance(running.app.screen, LeftoversScreen))
        for key in typed_before("r", "c", "escape"):
            running.app.post_message(key)
        await running.until(lambda: left_out(running))
        assert isinstance(running.app.screen, LeftoversScreen)
        assert running.work.deleted == []


async def test_no_code_is_given_before_it_was_asked_for(tmp_path: Path) -> None:
    accounts = providers()
    accounts["work"].code = "739154"
    async with stage(tmp_path, accounts=accounts, ready=False) as running:
        await running.until(lambda: isinstance(running.app.screen, CodeScreen))
        for key in typed_before("j", "enter", "escape"):
            running.app.post_message(key)
        await running.until(lambda: left_out(running))
        assert isinstance(running.app.screen, CodeScreen)
        assert running.app.screen.query_one(Input).value == ""
