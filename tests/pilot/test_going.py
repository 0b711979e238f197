"""Going from one message to another by what it is, not by where it stands."""

from pathlib import Path

from quell.screens.confirm import ConfirmScreen
from quell.screens.jump import JumpScreen
from quell_providers.model import Room
from quell_providers.provider import HistoryPage
from tests.support.fake_provider import NOT_ALLOWED, FakeProvider, message
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


class Paged(FakeProvider):
    """Has its history in pages of 8 messages: m0090 to m0097, m0080 to m0087, and so on to m0007."""

    async def history(self, room_id: str, *, limit: int = 100, before: str | None = None) -> HistoryPage:
        first = 90 if before is None else int(before)
        messages = tuple(message(number, "x") for number in range(first, first + 8))
        return HistoryPage(messages=messages, older=f"{first - 10}" if first else None)


async def test_history_is_loaded_until_a_time_is_there_or_the_cursor_is_moved(tmp_path: Path) -> None:
    accounts: dict[str, FakeProvider] = {"work": Paged([Room(id="r1", name="general", kind="channel")])}
    async with stage(tmp_path, accounts=accounts) as console:

        def told(text: str) -> bool:
            return any(text in str(each.message) for each in console.app._notifications)

        console.view.go_to_time(message(71, "x").sent_at)
        await console.until(lambda: here(console) == "m0071")
        assert told("Loading what was said since")
        console.view.go_to_time(message(-100, "x").sent_at)
        console.feed.action_move(1)
        moved_to = here(console)
        await console.until(lambda: console.general.history == "loaded" and console.view._seeker._sought is None)
        assert (here(console), console.feed.rows[0].id > "m0007", told("Nothing older")) == (moved_to, True, False)
        console.view.go_to_time(message(-100, "x").sent_at)
        await console.until(lambda: told("Nothing older is shown here"))
        assert here(console) == "m0000"
