"""Going from one message to another by what it is, not by where it stands."""

from pathlib import Path

from quell.screens.confirm import ConfirmScreen
from quell.screens.jump import JumpScreen
from tests.support.fake_provider import NOT_ALLOWED
from tests.support.stage import NOW, FakeStage, stage


def here(console: FakeStage) -> str:
    message = console.feed.cursor_message
    assert message is not None
    return message.id


async def test_marked_messages_are_gone_to_in_order_and_round_the_end(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.go_to("m0001")
        await console.pilot.press("a", "m")
        assert here(console) == "m0003"
        await console.pilot.press("m", "m")
        assert here(console) == "m0001"
        await console.pilot.press("M")
        assert here(console) == "m0005"


async def test_failed_deletions_are_gone_to(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.answers["m0002"] = NOT_ALLOWED
        await console.go_to("m0002")
        await console.pilot.press("d")
        await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
        await console.pilot.press("1", "enter")
        await console.until(lambda: "✗ refused" in console.drawn())
        await console.pilot.press("G", "f")
        assert here(console) == "m0002"


async def test_what_matches_is_highlighted_and_gone_to_among_all_others(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("slash", *"nitro", "enter", "h")
        assert len(console.feed.rows) == 8
        assert "highlighted" in console.text("#room-hints")
        await console.pilot.press("g", "n")
        assert here(console) == "m0001"
        await console.pilot.press("n", "n")
        assert here(console) == "m0001"
        await console.pilot.press("N")
        assert here(console) == "m0003"
        await console.pilot.press("h")
        assert [each.id for each in console.feed.rows] == ["m0001", "m0003"]


async def test_a_time_is_gone_to_and_what_is_no_time_is_told(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("t")
        await console.until(lambda: isinstance(console.app.screen, JumpScreen))
        await console.pilot.press(*"soon", "enter")
        assert "no time" in console.text("#problem")
        sought = console.feed.rows[3]
        for _ in range(4):
            await console.pilot.press("backspace")
        await console.pilot.press(*f"{NOW - sought.sent_at:.0f}s", "enter")
        await console.until(lambda: not isinstance(console.app.screen, JumpScreen))
        assert here(console) == sought.id


async def test_shift_and_arrows_mark_a_range_that_the_next_plain_move_ends(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.go_to("m0004")
        await console.pilot.press("shift+up", "shift+up", "shift+down")
        assert console.marked() == ["m0003", "m0004"]
        await console.pilot.press("up", "up")
        assert console.marked() == ["m0003", "m0004"]


async def test_all_that_matches_is_marked_where_the_rest_is_shown_too(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("h")
        await console.pilot.press("slash", *"nitro", "enter")
        assert len(console.feed.rows) == 2
        await console.pilot.press("h", "asterisk")
        assert len(console.feed.rows) == 8
        assert console.marked() == ["m0001", "m0003"]
        await console.pilot.press("escape", "escape", "slash", *"chance", "enter")
        assert [each.id for each in console.feed.rows] == ["m0005"]


async def test_a_filter_that_is_only_typed_leaves_the_cursor_where_it_was_and_one_that_is_kept_does_not(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path) as console:
        await console.go_to("m0002")
        await console.pilot.press("slash", *"last")
        await console.until(lambda: len(console.feed.rows) == 1)
        assert here(console) == "m0005"
        await console.pilot.press("escape")
        await console.until(lambda: len(console.feed.rows) == 8)
        assert here(console) == "m0002"
        await console.pilot.press("slash", *"last", "enter", "escape")
        await console.until(lambda: len(console.feed.rows) == 8)
        assert here(console) == "m0005"


async def test_a_time_before_all_that_is_loaded_is_told(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.feed.move_to_time(NOW - 86_400.0)
        await console.pilot.pause()
        assert here(console) == "m0000"
        assert "Nothing older is shown here" in [str(each.message) for each in console.app._notifications][-1]
