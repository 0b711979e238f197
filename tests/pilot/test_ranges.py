"""Ranges, and what ends them."""

from pathlib import Path

from quell_providers.model import Deleted
from tests.support.stage import stage


async def test_what_is_marked_in_another_way_ends_a_range_and_stays_marked(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.go_to("m0003")
        await console.pilot.press("v", "a", "j", "j")
        assert console.marked() == ["m0001", "m0003", "m0005"]
        assert "RANGE" not in console.text("#room-hints")
        await console.pilot.press("escape", "v", "j", "space", "j")
        assert console.marked() == ["m0005", "m0006"]


async def test_a_range_of_shift_and_arrows_ends_with_any_other_move(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        for move in ("pageup", "g", "G"):
            await console.go_to("m0003")
            await console.pilot.press("shift+down", move, "k")
            assert console.marked() == ["m0003", "m0004"]
            await console.pilot.press("escape")
            assert console.marked() == []
        await console.go_to("m0003")
        await console.pilot.press("v", "g")
        assert console.marked() == ["m0000", "m0001", "m0002", "m0003"]


async def test_a_range_in_which_nothing_could_be_marked_holds_the_feed_no_longer_than_it_lasts(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("v", "escape")
        assert console.feed.following
        await console.pilot.press("v", "space", "space")
        assert console.marked() == []
        assert console.feed.following


async def test_a_range_goes_on_though_a_filter_hides_its_start_and_passes_over_what_is_deleted(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.tell(Deleted("r1", "m0004"))
        await console.until(lambda: "○ deleted" in console.drawn())
        await console.go_to("m0002")
        await console.pilot.press("v", "slash", *"-lunch", "enter", "j", "j")
        assert set(console.marked()) - {"m0002"} == {"m0003", "m0005"}
        await console.pilot.press("escape")
        assert console.marked() == []
