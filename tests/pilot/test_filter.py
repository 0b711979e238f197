from pathlib import Path

import pytest

from quell.moderation.query import parse
from quell.screens.confirm import ConfirmScreen
from quell.widgets import sifting
from quell.widgets.feed import sieve
from quell.widgets.filter_bar import FilterBar
from quell_providers.model import Posted, Room
from tests.support.fake_provider import NOT_ALLOWED, WINDOW, FakeProvider, message
from tests.support.stage import NOW, FakeStage, providers, stage


def shown(console: FakeStage) -> list[str]:
    return [console.feed.rows[position].id for position in range(len(console.feed.rows))]


async def test_what_is_typed_filters_at_once_and_enter_keeps_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("slash", *"nitro")
        assert shown(console) == ["m0001", "m0003"]
        await console.pilot.press("enter")
        assert console.feed.has_focus
        assert "2 of 8 match" in console.text("#room-hints")
        console.work.tell(Posted(message(20, "more nitro")))
        console.work.tell(Posted(message(21, "unrelated")))
        await console.until(lambda: shown(console) == ["m0001", "m0003", "m0020"])
        await console.pilot.press("escape")
        assert len(shown(console)) == 10


async def test_escape_in_the_filter_drops_the_filter_and_keeps_the_marks(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("slash", *"nitro", "enter", "asterisk", "slash", "escape")
        assert len(shown(console)) == 8
        assert console.marked() == ["m0001", "m0003"]


async def test_escape_typed_ahead_drops_the_filter_and_keeps_the_marks(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("space")
        (marked,) = console.marked()
        console.app.simulate_key("slash")
        console.app.simulate_key("escape")
        await console.until(lambda: console.app.focused is console.feed and not console.view.has_class("filtering"))
        assert console.marked() == [marked]


async def test_escape_gives_up_what_was_typed_over_a_filter_and_keeps_the_filter(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("slash", *"nitro", "enter", "slash", *" -free (", "escape")
        assert console.feed.has_focus
        assert console.view.query_one(FilterBar).value == "nitro"
        await console.until(lambda: "2 of 8 match" in console.text("#room-hints"))
        assert shown(console) == ["m0001", "m0003"]
        await console.pilot.press("escape", "slash", "(")
        await console.until(lambda: "needs something after it" in console.text("#room-hints"))
        await console.pilot.press("backspace")
        await console.until(lambda: console.text("#room-hints").strip() == "")
        assert len(shown(console)) == 8


async def test_a_broken_filter_says_where(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("slash", *"nitro is:x")
        assert "^" in console.text("#room-hints")
        assert shown(console) == ["m0001", "m0003"]


async def test_alternatives_groups_and_regexes_filter_the_room(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("slash", *r"(from:xx_shop or /^at \w+$/) -lunch", "enter")
        assert shown(console) == ["m0004", "m0007"]


async def test_a_filter_that_matches_nothing_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("slash", *"zebra", "enter")
        assert "Nothing matches" in console.text("#room-notice")


async def test_hidden_rows_are_never_deleted_silently(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("asterisk", "slash", *"nitro", "enter")
        assert "6 hidden by your filter" in console.text("#room-hints")
        await console.pilot.press("d")
        await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
        await console.until(lambda: "6 of these are hidden by your filter" in console.text("#forecast"))
        await console.pilot.press("h")
        await console.until(lambda: "Delete 2 marked messages?" in console.text("#title"))
        await console.pilot.press("enter")
        await console.until(lambda: len(console.work.deleted) == 2)
        assert {message_id for _, message_id, _ in console.work.deleted} == {"m0001", "m0003"}


async def test_what_is_marked_while_a_search_goes_on_is_what_was_searched_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sifting, "AT_ONCE", 1e-9)  # every search takes several frames
    monkeypatch.setattr(sieve, "CHUNK", 1)
    async with stage(tmp_path) as console:
        await console.pilot.press("slash", *"nitro", "enter")
        console.view._sifting.restart()
        assert console.view._sifting.busy
        console.feed.action_mark_all()
        console.view._filter(FilterBar.Filtered(None))
        await console.until(lambda: len(shown(console)) == 8)
        assert console.marked() == ["m0001", "m0003"]


async def test_steps_on_the_way_to_a_filter_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(tmp_path) as console:
        searched: list[object] = []
        sifted = console.view._sifting
        restart = sifted.restart

        def note() -> None:
            searched.append(sifted.query)
            restart()

        monkeypatch.setattr(sifted, "restart", note)
        queries = [parse(text) for text in ("n", "ni", "nitro")]
        for query in queries:
            console.view.post_message(FilterBar.Filtered(query))
        await console.until(lambda: len(shown(console)) == 2)
        assert searched == [queries[-1]]


async def test_what_grows_too_old_for_the_filter_goes(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("slash", *"since:95s", "enter")
        assert shown(console) == ["m0005", "m0006", "m0007"]
        clock = [NOW]
        console.session.now = lambda: clock[0]
        for passed, left in ((1.0, 3), (1.5, 0)):
            clock[0] += passed
            console.view.tick()
            assert len(shown(console)) == left


async def test_the_line_of_a_day_stays_when_the_first_row_below_it_goes(tmp_path: Path) -> None:
    accounts = providers()
    talk = [
        message(number, "hi", at=NOW - 60.0 * (8 - number) - (86_400.0 if number < 4 else 0.0)) for number in range(8)
    ]
    accounts["work"] = FakeProvider([Room(id="r1", name="general", kind="channel")], {"r1": talk}, WINDOW)
    accounts["work"].answers["m0004"] = NOT_ALLOWED
    async with stage(tmp_path, accounts=accounts) as console:
        await console.pilot.press("slash", *"-is:refused", "enter")
        assert console.drawn().count("Thursday, 01 January 2026") == 1
        await console.go_to("m0004")
        await console.pilot.press("d")
        await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
        await console.pilot.press("enter")
        await console.until(lambda: shown(console) == [each.id for each in talk if each.id != "m0004"])
        await console.until(lambda: console.drawn().count("Thursday, 01 January 2026") == 1)
