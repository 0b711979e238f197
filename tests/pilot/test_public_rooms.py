"""Public rooms that one may read without having joined them are listed on demand and shown like any other."""

from pathlib import Path

from textual.widgets import OptionList

from quell.screens.main import MainScreen
from quell.screens.public_rooms import PublicRoomsScreen
from quell.session.accounts import list_rooms
from quell.widgets.rooms import RoomList
from quell_providers.model import Posted, Room
from quell_providers.refusal import Refusal, RefusalKind
from tests.support.fake_provider import message
from tests.support.stage import FakeStage, providers, stage

PUBLIC = (
    Room(id="p1", name="lounge", kind="channel", topic="off topic"),
    Room(id="p2", name="news\x1b[2J", kind="channel", read_only=True),
    Room(id="p3", name="attic", kind="channel", archived=True),
)


async def open_list(running: FakeStage, told: str) -> None:
    await running.pilot.press("P")
    await running.until(lambda: isinstance(running.app.screen, PublicRoomsScreen))
    await running.until(lambda: told in running.text("#told"))


def listed(running: FakeStage) -> list[str]:
    return [str(option.prompt) for option in running.app.screen.query_one("#found", OptionList).options]


def pane(running: FakeStage) -> list[str]:
    return [str(option.prompt).rstrip() for option in running.main.query_one(RoomList).options]


async def test_a_room_is_found_by_typing_and_shown_as_not_joined(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        running.work.public = PUBLIC
        await open_list(running, "3 of 3 rooms")
        assert listed(running) == [
            "# attic  work  archived",
            "# lounge  work  off topic",
            "# news␛[2J  work  read-only",
        ]
        await running.pilot.press(*"top")
        await running.until(lambda: "1 of 3 rooms" in running.text("#told"))
        await running.pilot.press("enter")
        await running.until(lambda: running.session.current == ("work", "p1"))
        await running.until(lambda: "not joined" in running.text("#room-title"))
        await running.until(lambda: "▸ # lounge" in "\n".join(pane(running)))
        lines = pane(running)
        assert lines.index("  not joined") + 1 == lines.index("▸ # lounge")
        running.work.tell(Posted(message(70, "anybody here?", room="p1")))
        await running.until(lambda: "anybody here?" in running.drawn())
        # Listing the rooms again, as after a reconnect, leaves it where it is until the account has joined it.
        account = running.session.accounts["work"]
        await list_rooms(account, running.work)
        assert [state.room.name for state in account.rooms.values() if not state.joined] == ["lounge"]
        running.work._rooms = (*running.work._rooms, PUBLIC[0])
        await list_rooms(account, running.work)
        assert account.rooms["p1"].joined
        assert len(account.rooms["p1"].timeline) == 1


async def test_keys_and_clicks_choose_from_the_list(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        running.work.public = PUBLIC
        await open_list(running, "3 of 3 rooms")
        await running.pilot.press("down", "down", "up", "enter")
        await running.until(lambda: running.session.current == ("work", "p1"))
        await open_list(running, "3 of 3 rooms")
        await running.pilot.click("#found", offset=(5, 2))
        await running.until(lambda: running.session.current == ("work", "p2"))
        await running.until(lambda: "# news␛[2J" in running.text("#room-title"))


async def test_there_may_be_none_or_a_refusal_and_asking_again_may_help(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        await running.pilot.press("ctrl+p", *"public rooms")
        await running.until(lambda: "Public rooms" in str(running.app.screen.query_one(OptionList).options[0].prompt))
        await running.pilot.press("enter")
        await running.until(lambda: isinstance(running.app.screen, PublicRoomsScreen))
        await running.until(lambda: "There is no public room that you have not joined." in running.text("#told"))
        running.work.public = Refusal(
            kind=RefusalKind.PERMISSION,
            code="error-unauthorized",
            detail="nope\x07",
            cause="You may not list the channels",
            remedy="needs the permission view-c-room",
        )
        await running.pilot.press("enter", "ctrl+r")
        await running.until(lambda: "needs the permission view-c-room" in running.text("#told"))
        assert "error-unauthorized nope␇; You may not list the channels" in running.text("#told")
        running.work.public = PUBLIC
        await running.pilot.press("ctrl+r")
        await running.until(lambda: "3 of 3 rooms" in running.text("#told"))
        await running.pilot.press(*"zebra")
        await running.until(lambda: "0 of 3 rooms" in running.text("#told"))
        await running.pilot.press("enter", "escape")
        await running.until(lambda: isinstance(running.app.screen, MainScreen))


async def test_without_a_login_there_is_nobody_to_ask(tmp_path: Path) -> None:
    fakes = {"work": providers()["work"]}
    fakes["work"].login_refusal = Refusal(kind=RefusalKind.LOGIN, cause="no")
    async with stage(tmp_path, accounts=fakes, ready=False) as running:
        await running.until(lambda: "refused the login" in running.text("#room-notice"))
        await open_list(running, "No account is logged in.")
