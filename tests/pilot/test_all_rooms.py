from pathlib import Path

from quell.moderation.deletion import State
from quell.moderation.timeline import place
from quell.screens.confirm import ConfirmScreen
from quell.session.state import RoomKey
from quell_providers.model import Posted
from tests.support.fake_provider import message
from tests.support.stage import FakeStage, stage


def shown(console: FakeStage) -> list[tuple[str, str]]:
    return [(each.room_id, each.id) for each in console.feed.rows]


async def all_rooms(console: FakeStage) -> None:
    await console.pilot.press("A")
    await console.until(lambda: ("i1", "m0051") in shown(console) and ("r1", "m0000") in shown(console))


async def test_rooms_of_both_services_stand_in_one_feed_by_time_with_their_names(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await all_rooms(console)
        assert [place(each) for each in console.feed.rows] == sorted(place(each) for each in console.feed.rows)
        drawn = console.drawn()
        assert "# general" in drawn
        assert "⬡ finals" in drawn
        assert "≡ 5 rooms" in console.text("#room-title")


async def test_arrivals_of_every_room_are_merged_in_and_read(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await all_rooms(console)
        console.live.tell(Posted(message(70, "goal", room="i1")))
        console.work.tell(Posted(message(60, "late", room="r1")))
        await console.until(lambda: shown(console)[-2:] == [("r1", "m0060"), ("i1", "m0070")])
        assert all(room.unread == 0 for account in console.session.accounts.values() for room in account.rooms.values())


async def test_marks_of_several_rooms_make_one_batch(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await all_rooms(console)
        await console.pilot.press("slash", *"gg or lunch", "enter", "asterisk", "d")
        await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
        await console.pilot.press("1", "enter")
        engine = console.session.engine
        await console.until(lambda: len(engine.keys_in({State.ACCEPTED, State.CONFIRMED, State.REFUSED})) == 2)
        keys = engine.keys_in(set(State))
        assert {(key.account, key.room_id, key.message_id) for key in keys} == {
            ("work", "r1", "m0002"),
            ("live", "i1", "m0050"),
        }
        assert len({engine.find(key).batch_id for key in keys}) == 1  # type: ignore[union-attr]  # they were found


async def test_a_room_can_be_left_out_and_taken_in_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await all_rooms(console)
        console.main.query_one("#rooms").focus()
        await console.pilot.press("x")
        await console.until(lambda: not any(room == "r1" for room, _ in shown(console)))
        assert RoomKey("work", "r1") in console.session.left_out
        assert ("i1", "m0051") in shown(console)
        console.main.query_one("#rooms").focus()
        await console.pilot.press("x")
        await console.until(lambda: ("r1", "m0000") in shown(console))


async def test_the_list_offers_all_rooms_and_one_room_shows_that_room_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        rooms = console.main.query_one("#rooms")
        rooms.focus()
        await console.pilot.press("g", "enter")
        await console.until(lambda: len(console.session.viewed) == 5)
        rooms.focus()
        await console.pilot.press("g", "j", "enter")
        await console.until(lambda: {room for room, _ in shown(console)} == {"r1"})
        assert "≡" not in console.text("#room-title")
