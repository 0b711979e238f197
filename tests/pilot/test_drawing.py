"""What is drawn, when, and how often."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.events import Event, Key
from textual.screen import Screen

from quell.bridge import SessionUpdated
from quell.drawing import compositor
from quell.moderation.deletion import Deletion, Reason, State
from quell.session.state import DeletionChanged, TimelineChanged
from quell.widgets.room_view import RoomView
from quell_providers.model import Posted
from tests.support.fake_provider import message
from tests.support.stage import NOW, FakeStage, stage


def drawings(console: FakeStage, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often something was drawn from now on."""
    drawn: list[Any] = []
    display = type(console.app)._display

    def shown(screen: Any, update: Any) -> None:
        display(console.app, screen, update)
        drawn.extend([update] if update is not None else [])

    monkeypatch.setattr(console.app, "_display", shown)
    return lambda: len(drawn)


async def test_what_a_key_changes_is_drawn_before_the_next_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(tmp_path) as console:
        monkeypatch.setattr(compositor, "LEAST", 0.0)
        drawn = drawings(console, monkeypatch)
        console.feed.action_move(-1)
        assert drawn() == 1
        console.feed.action_mark()
        assert drawn() == 2


async def test_a_key_is_drawn_at_once_although_something_else_was_drawn_just_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(tmp_path) as console:
        monkeypatch.setattr(compositor, "LEAST", 1e9)
        monkeypatch.setattr(console.main._compositor, "next_at", -math.inf)
        drawn = drawings(console, monkeypatch)
        with console.feed.keeping_place() as rows:
            rows.add([message(100, "more")])
        assert drawn() == 1
        console.feed.action_move(-1)
        assert drawn() == 2
        console.feed.action_move(-1)
        assert drawn() == 2


async def test_a_message_and_a_deletion_are_drawn_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(tmp_path) as console:
        monkeypatch.setattr(compositor, "LEAST", 0.0)
        room, update = console.general, SessionUpdated()
        reason = Reason("spam", "Spam")
        deleted = room.timeline.get("m0006")
        assert deleted is not None
        target = console.session.decisions.target(room, deleted)
        deletion = Deletion(id="1", batch_id="b", target=target, reason=reason, state=State.REFUSED, at=NOW)
        console.session.engine._ledger.enter([deletion])
        update.note(DeletionChanged(deletion))
        update.note(TimelineChanged(room.key, room.timeline.apply(Posted(message(100, "more")))))
        drawn = drawings(console, monkeypatch)
        console.main.session_updated(update)
        assert drawn() == 1
        assert "more" in console.drawn()
        assert "refused" in console.drawn()


async def test_a_key_of_the_feed_does_not_wait_its_turn_in_what_is_around_the_feed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(tmp_path) as console:
        passed: list[str] = []
        on_event = RoomView.on_event

        async def noted(view: RoomView, event: Event) -> None:
            passed.extend([event.key] if isinstance(event, Key) else [])
            await on_event(view, event)

        monkeypatch.setattr(RoomView, "on_event", noted)
        before = console.feed.cursor_message
        await console.pilot.press("k", "z", "h")
        await console.until(lambda: console.feed.cursor_message is not before)
        assert passed == ["z", "h"]


async def test_keys_that_come_fast_share_a_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(tmp_path) as console:
        monkeypatch.setattr(compositor, "LEAST", 1e9)
        drawn = drawings(console, monkeypatch)
        console.feed.action_move(-1)
        console.feed.action_move(-1)
        assert drawn() <= 1
        await console.until(lambda: console.drawn() and drawn())


async def test_messages_below_change_the_count_and_lay_out_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("k", "k")
        await console.settle()
        laid_out: list[object] = []
        monkeypatch.setattr(type(console.main), "_refresh_layout", lambda *_, **__: laid_out.append(True))
        for number in range(100, 105):
            console.work.tell(Posted(message(number, "more")))
        await console.until(lambda: "5 new" in console.text("#room-hints"))
        await console.pilot.pause()
        assert not laid_out


async def test_only_what_shines_through_is_drawn_behind_a_screen(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        assert console.app._background_screens == []
        await console.pilot.press("d")
        await console.until(lambda: console.app.screen is not console.main)
        assert console.main in console.app._background_screens


async def test_a_new_size_is_laid_out_once_and_a_detour_does_not_miss_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(tmp_path) as console:
        sizes: list[Any] = []
        resized = Screen._screen_resized

        def note(screen: Any, size: Any) -> None:
            sizes.append(size)
            resized(screen, size)

        monkeypatch.setattr(Screen, "_screen_resized", note)
        await console.pilot.resize_terminal(120, 30)
        await console.until(lambda: console.feed.viewport.height == console.feed.size.height < 30)
        assert len(sizes) == 1
        await console.pilot.press("question_mark")
        await console.until(lambda: console.app.screen is not console.main)
        await console.pilot.resize_terminal(140, 40)
        await console.pilot.press("escape")
        await console.until(lambda: console.main.outer_size == (140, 40) and console.feed.size.height > 30)


async def test_from_midnight_on_the_day_is_told_of_what_was_said_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(tmp_path) as console:
        assert "Thursday, 01 January 2026" not in console.drawn()
        monkeypatch.setattr(console.session, "now", lambda: NOW + 86_400.0)
        console.view.tick()
        assert console.drawn().startswith("── Thursday, 01 January 2026 ──")
        await console.pilot.pause()


async def test_what_is_told_already_is_not_told_again_while_it_can_be_read(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        for words in ("the same", "the same", "something else"):
            console.main.notify(words, markup=False)
        await console.until(lambda: len(console.app._notifications) == 2)
        assert [each.message for each in console.app._notifications] == ["the same", "something else"]
