from pathlib import Path

from quell.moderation.deletion import State
from quell.moderation.timeline import place
from quell.screens.confirm import ConfirmScreen
from quell.session.state import RoomKey
from quell.widgets.filter_bar import FilterBar
from quell.widgets.rooms import RoomList
from quell_providers.model import Posted, Room, RoomGone
from tests.support.fake_provider import FakeProvider, message
from tests.support.stage import FakeStage, providers, stage


def shown(console: FakeStage) -> list[tuple[str, str]]:
    return [(each.room_id, each.id) for each in console.feed.rows]


def toasts(console: FakeStage) -> str:
    return "\n".join(str(each.message) for each in console.app._notifications)


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
        console.live.tell(Posted(message(70, "goal", room="i1", author="Yan")))
        console.work.tell(Posted(message(60, "late", room="r1", author="Zoe")))
        await console.until(lambda: shown(console)[-2:] == [("r1", "m0060"), ("i1", "m0070")])
        assert all(room.unread == 0 for account in console.session.accounts.values() for room in account.rooms.values())
        # Of a room that goes on further back than the others, it is told where it begins.
        console.session.accounts["live"].rooms["i1"].older = "page 2"
        console.work.tell(Posted(message(61, "later", room="r1", author="Zoe")))
        await console.until(lambda: "⬡ finals is not loaded further back" in console.drawn())
        # Those who wrote last are offered first to complete a name, whichever room they wrote in.
        await console.pilot.press("slash", *"from:", "tab")
        assert console.view.query_one(FilterBar).value == "from:Yan"
        await console.pilot.press("tab")
        assert console.view.query_one(FilterBar).value == "from:Zoe"


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


async def test_rooms_of_two_servers_with_one_id_are_two_rooms(tmp_path: Path) -> None:
    accounts = providers()
    accounts["live"] = FakeProvider(
        [Room(id="r1", name="arena", kind="channel")], {"r1": [message(50, "gg")]}, accounts["work"].capabilities
    )
    accounts["live"].endpoint_host = "chat.example.net"
    async with stage(tmp_path, accounts=accounts) as console:
        await console.pilot.press("A")
        await console.until(lambda: {"m0000", "m0050"} <= {each.id for each in console.feed.rows})
        await console.go_to("m0050")
        await console.pilot.press("space")
        await console.go_to("m0000")
        await console.pilot.press("space")
        assert {(key.account, key.message_id) for key in console.session.selection} == {
            ("live", "m0050"),
            ("work", "m0000"),
        }
        assert "# arena" in console.drawn()


async def test_leaving_rooms_out_keeps_the_filter_the_cursor_and_the_keys(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await all_rooms(console)
        await console.pilot.press("slash", *"a -gg", "enter", "g")
        first = console.feed.cursor_message
        assert first is not None
        console.main.query_one("#rooms").focus()
        console.main.query_one(RoomList).highlight_room(RoomKey("live", "i1"))
        await console.pilot.press("x")
        await console.until(lambda: {room for room, _ in shown(console)} == {"r1"})
        await console.pilot.press("x")
        await console.until(lambda: ("i1", "m0051") in shown(console))
        assert ("i1", "m0050") not in shown(console)
        assert console.feed.cursor_message == first
        for room in ("i1", "i2", "r1", "r2", "r3"):
            console.main.query_one(RoomList).highlight_room(RoomKey("live" if room[0] == "i" else "work", room))
            await console.pilot.press("x")
        assert len(console.session.together()) == len(console.session.viewed) == 2
        assert "Two rooms stay at the least" in toasts(console)


async def test_a_room_that_goes_while_all_are_shown_is_told_and_the_others_stay(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await all_rooms(console)
        await console.pilot.press("slash", *"-zebra", "enter")
        console.work.rooms_news.put_nowait(RoomGone("r1"))
        await console.until(lambda: {room for room, _ in shown(console)} == {"i1"})
        assert "≡ 4 rooms" in console.text("#room-title")
        assert "of 2 match" in console.text("#room-hints")
        assert "work is not in general any more" in toasts(console)
