from pathlib import Path

import msgspec
import pytest

from quell_providers.model import Deleted, Edited, Posted
from tests.support.fake_provider import message
from tests.support.stage import NOW, stage, talk


async def test_space_marks_and_unmarks_the_message_under_the_cursor(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("k", "space")
        assert console.marked() == ["m0006"]
        assert "◼" in console.drawn()
        await console.pilot.press("space")
        assert console.marked() == []


async def test_v_marks_a_range_that_follows_the_cursor(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.go_to("m0001")
        await console.pilot.press("v", "j", "j", "j", "k", "v")
        assert console.marked() == ["m0001", "m0002", "m0003"]
        await console.pilot.press("j", "j")
        assert console.marked() == ["m0001", "m0002", "m0003"]


async def test_escape_takes_back_the_range_before_the_selection(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.go_to("m0005")
        await console.pilot.press("space", "k", "v", "k")
        assert console.marked() == ["m0003", "m0004", "m0005"]
        await console.pilot.press("escape")
        assert console.marked() == ["m0005"]
        await console.pilot.press("escape")
        assert console.marked() == []


@pytest.mark.parametrize(
    ("key", "marked"),
    [
        ("a", ["m0001", "m0003", "m0005"]),
        ("equals_sign", ["m0001", "m0003"]),
        ("asterisk", [f"m000{number}" for number in range(8)]),
    ],
)
async def test_one_key_marks_many(tmp_path: Path, key: str, marked: list[str]) -> None:
    async with stage(tmp_path) as console:
        await console.go_to("m0001")
        await console.pilot.press(key)
        assert console.marked() == marked


async def test_invert_and_restore(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.go_to("m0001")
        await console.pilot.press("a", "exclamation_mark")
        inverted = console.marked()
        assert inverted == ["m0000", "m0002", "m0004", "m0006", "m0007"]
        await console.pilot.press("escape")
        assert console.marked() == []
        await console.pilot.press("R")
        assert console.marked() == inverted


async def test_nothing_that_arrives_changes_the_selection_or_moves_the_cursor(tmp_path: Path) -> None:
    async with stage(tmp_path, size=(140, 12)) as console:
        await console.go_to("m0004")
        await console.pilot.press("space")
        line = console.drawn().splitlines().index(next(row for row in console.drawn().splitlines() if "◼" in row))
        for number in range(20, 60):
            console.work.tell(Posted(message(number, "raid", author="raider")))
        console.work.tell(Deleted("r1", "m0002"))
        await console.until(lambda: len(console.feed.rows) == 48)
        assert console.marked() == ["m0004"]
        assert console.feed.cursor_message is not None
        assert console.feed.cursor_message.id == "m0004"
        assert "◼" in console.drawn().splitlines()[line]
        assert "▼ 40 new" in console.text("#room-hints")


async def test_g_follows_again(tmp_path: Path) -> None:
    async with stage(tmp_path, size=(140, 12)) as console:
        await console.pilot.press("k")
        console.work.tell(Posted(message(20, "first")))
        await console.until(lambda: "▼ 1 new" in console.text("#room-hints"))
        await console.pilot.press("G")
        assert console.feed.following
        console.work.tell(Posted(message(21, "second")))
        await console.until(lambda: "second" in console.drawn())
        assert "new" not in console.text("#room-hints")


async def test_a_deleted_message_can_not_be_marked(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.tell(Deleted("r1", "m0007"))
        await console.until(lambda: "○ deleted" in console.drawn())
        await console.pilot.press("space", "asterisk")
        assert "m0007" not in console.marked()
        assert len(console.marked()) == 7


async def test_marks_of_several_rooms_are_counted_at_the_rooms(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("space")
        console.main.look_at(console.session.accounts["live"].rooms["i1"].key)
        await console.until(lambda: len(console.feed.rows) == 2)
        await console.pilot.press("asterisk")
        assert len(console.marked()) == 3
        assert "1 in other rooms" in console.text("#room-hints")


@pytest.mark.parametrize("column", [3, 60])
async def test_a_click_marks_and_another_one_unmarks(tmp_path: Path, column: int) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.click("#feed", offset=(column, 2))
        assert console.feed.cursor_message is not None
        assert console.feed.cursor_message.id == "m0002"
        assert console.marked() == ["m0002"]
        await console.pilot.click("#feed", offset=(column, 3))
        assert console.marked() == ["m0002", "m0003"]
        await console.pilot.click("#feed", offset=(column, 2))
        assert console.marked() == ["m0003"]


async def test_a_range_ends_where_is_clicked(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.go_to("m0002")
        await console.pilot.press("v")
        await console.pilot.click("#feed", offset=(60, 5))
        assert console.marked() == ["m0002", "m0003", "m0004", "m0005"]
        assert not console.feed.ranging


async def test_when_old_messages_are_let_go_of_the_cursor_keeps_its_message_and_its_line(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path, size=(140, 12)) as console:
        console.general.timeline.bound(12, lambda message_id: False)
        await console.go_to("m0006")
        for number in range(20, 26):
            console.work.tell(Posted(message(number, "more", author="raider")))
        await console.until(lambda: console.feed.rows[len(console.feed.rows) - 1].id == "m0025")
        assert [each.id for each in console.feed.rows] == [each.id for each in console.general.timeline]
        assert len(console.feed.rows) == 12
        assert console.feed.cursor_message is not None
        assert console.feed.cursor_message.id == "m0006"
        for number in range(26, 46):
            console.work.tell(Posted(message(number, "more", author="raider")))
        await console.until(lambda: console.feed.rows[len(console.feed.rows) - 1].id == "m0045")
        assert [each.id for each in console.feed.rows] == [each.id for each in console.general.timeline]
        assert console.feed.cursor_message is not None
        assert console.drawn().strip()


async def test_an_edit_shows_on_its_row(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        edited = msgspec.structs.replace(talk()[2], text="see you at dinner", edited_at=NOW)
        console.work.tell(Edited(edited))
        await console.until(lambda: "see you at dinner (edited)" in console.drawn())
        assert "see you at lunch" not in console.drawn()


async def test_what_is_deleted_while_it_is_marked_is_told_and_can_be_unmarked(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("R")
        assert "No selection was left" in [str(each.message) for each in console.app._notifications][-1]
        await console.go_to("m0003")
        await console.pilot.press("space", "j", "space")
        console.work.tell(Deleted("r1", "m0004"))
        await console.until(lambda: "2 marked · 2 authors · 1 deleted already" in console.text("#room-hints"))
        await console.pilot.press("space")
        assert console.marked() == ["m0003"]
        await console.pilot.press("escape", "R")
        assert console.marked() == ["m0003"]
        console.work.tell(Deleted("r1", "m0003"))
        await console.until(lambda: "1 deleted already" in console.text("#room-hints"))
        await console.pilot.press("exclamation_mark")
        assert console.marked() == ["m0000", "m0001", "m0002", "m0005", "m0006", "m0007"]
        await console.pilot.press("escape")
        console.general.timeline.bound(2, lambda message_id: False)
        console.work.tell(Posted(message(20, "more")))
        await console.until(lambda: len(console.feed.rows) == 2)
        assert "7 older messages let go of: the newest 200,000 of a room are kept" in console.drawn()
        await console.pilot.press("R")
        assert "6 marked · 1 author · 5 let go of" in console.text("#room-hints")
