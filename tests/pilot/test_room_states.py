"""Every room and account shows how it stands, and can be asked for the rest."""

from pathlib import Path

from textual.widgets import OptionList

from quell.screens.about import AboutScreen
from quell.screens.main import MainScreen
from quell.session.accounts import list_rooms, take_in
from quell.widgets.rooms import RoomList
from quell_providers.model import Gap, GapFilled, Posted, Room, RoomGone, RoomListed, StateChanged
from quell_providers.refusal import Refusal, RefusalKind
from tests.support.console import console
from tests.support.fake_provider import FakeProvider, message
from tests.support.stage import NOW, FakeStage, providers, stage

BAD_LOGIN = Refusal(
    kind=RefusalKind.LOGIN, code="401", detail="No\x1b[2J", cause="the token was revoked", remedy="make another one"
)
NOTE = "messages are reviewed by the Lambda function guard (when that fails they are rejected: DENY)"


def pane(running: FakeStage) -> list[str]:
    return [str(option.prompt).rstrip() for option in running.main.query_one(RoomList).options]


def toasts(running: FakeStage) -> str:
    return " ".join(f"{each.title} {each.message}" for each in running.app._notifications)


def odd_rooms() -> dict[str, FakeProvider]:
    """Accounts whose rooms have the same name, no name, a hostile one, and everything else that is special."""
    fakes = providers()
    fakes["live"]._rooms = (
        Room(id="AAAAAAAAAAA1", name="finals", kind="room", note=NOTE, tags=("team=red", "x=\x1b[2J")),
        Room(id="AAAAAAAAAAA2", name="Finals", kind="room"),
        Room(id="AAAAAAAAAAA3", name="", kind="room"),
        Room(id="AAAAAAAAAAA4", name="\x1b]0;owned\x07\u202elong long long name", kind="room", archived=True),
        Room(id="AAAAAAAAAAA5", name="vault", kind="room", encrypted=True, read_only=True),
    )
    return fakes


async def test_rooms_are_told_apart_while_they_share_a_name_and_show_what_is_special(tmp_path: Path) -> None:
    async with stage(tmp_path, accounts=odd_rooms()) as running:
        lines = pane(running)
        assert "  ⬡ finals·AAA1" in lines
        assert "  ⬡ Finals·AAA2" in lines
        assert "  ⬡ (AAAAAAAAAAA3)" in lines
        assert "  ⬡ vault enc r/o" in lines
        (hostile,) = (line for line in lines if "archived" in line)
        assert hostile.startswith("  ⬡ ␛]0;")
        assert hostile.endswith("… archived")
        await running.pilot.press("ctrl+p", *"go to live")
        palette = running.app.screen.query_one(OptionList)
        await running.until(lambda: any("live/finals (AAAAAAAAAAA1)" in str(each.prompt) for each in palette.options))
        await running.pilot.press("escape")
        account = running.session.accounts["live"]
        take_in(account, RoomListed(Room(id="AAAAAAAAAAA2", name="semis", kind="room")))
        running.main.room_signs_changed()
        assert {"  ⬡ finals", "  ⬡ semis"} <= set(pane(running))
        await list_rooms(account, running.live)
        running.main.room_signs_changed()
        assert {"  ⬡ finals·AAA1", "  ⬡ Finals·AAA2"} <= set(pane(running))


async def test_the_rooms_pane_shows_gaps_and_how_many_rooms_wait(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        running.live.tell(StateChanged("i1", "connecting", cause="Too many rooms at once.", retry_in=30.0))
        await running.until(lambda: any("● live 1 room waiting" in line for line in pane(running)))
        running.work.tell(Gap("r2", since=NOW - 100, until=NOW - 40))
        await running.until(lambda: any("mods" in line and "⚠" in line for line in pane(running)))
        # What stands on the right of a line stays in sight when the pane becomes narrow.
        await running.pilot.resize_terminal(80, 24)
        await running.settle()
        drawn = [running.main.query_one(RoomList).render_line(y).text for y in range(4)]
        (mods,) = (line for line in drawn if "mods" in line)
        assert mods.rstrip().endswith("3")


async def test_a_gap_that_was_filled_is_shown_no_more(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        running.work.tell(Gap("r1", since=NOW - 100, until=NOW - 40))
        await running.until(lambda: "missing" in running.text("#room-banner"))
        running.work.tell(Posted(message(90, "after it")))
        await running.until(lambda: "may be missing" in running.drawn())
        running.work.tell(GapFilled("r1", since=NOW - 100, until=NOW - 40))
        await running.until(lambda: "may be missing" not in running.drawn())
        assert "after it" in running.drawn()
        await running.until(lambda: not any("⚠" in line for line in pane(running)))


async def test_waiting_is_counted_down_and_unreadable_frames_are_counted_while_one_looks(tmp_path: Path) -> None:
    fakes, clock = providers(), [NOW]
    app = console(fakes, tmp_path, now=lambda: clock[0])
    fakes["work"].unreadable_frames["r1"] = 3
    async with app.run_test(size=(140, 40)) as pilot:
        running = FakeStage(app, pilot, fakes["work"], fakes["live"])
        await running.until(lambda: any(isinstance(screen, MainScreen) for screen in app.screen_stack))
        await running.until(lambda: len(running.feed.rows) == 8)
        fakes["work"].tell(StateChanged("r1", "reconnecting", detail="reset", retry_in=40.0))
        await running.until(lambda: "next attempt in 40 s" in running.text("#room-banner"))
        clock[0] += 25
        await running.until(lambda: "next attempt in 15 s" in running.text("#room-banner"))
        assert "3 unreadable frames" in running.text("#room-title")


async def test_about_a_room_tells_everything(tmp_path: Path) -> None:
    fakes = odd_rooms()
    fakes["live"].missing_history = Refusal(
        kind=RefusalKind.NOT_FOUND, cause="Its log goes to S3.", remedy="Attach CloudWatch Logs (ivschat:UpdateRoom)."
    )
    async with stage(tmp_path, accounts=fakes) as running:
        running.main.look_at(running.session.accounts["live"].rooms["AAAAAAAAAAA1"].key)
        running.live.tell(Gap("AAAAAAAAAAA1", since=NOW - 100, until=NOW - 40))
        await running.until(lambda: "missing" in running.text("#room-banner"))
        await running.pilot.press("I")
        await running.until(lambda: isinstance(running.app.screen, AboutScreen))
        told = running.text("#about-text")
        for part in (
            "AAAAAAAAAAA1",
            "another room of this account has the same name",
            NOTE,
            "team=red",
            "x=␛[2J",
            "Its log goes to S3. Attach CloudWatch Logs (ivschat:UpdateRoom).",
            "gap      messages may be missing from ",
            "live     live",
        ):
            assert part in told
        await running.pilot.click("#keys", offset=(1, 0))
        await running.until(lambda: isinstance(running.app.screen, MainScreen))


async def test_a_refused_account_can_be_asked_why_from_the_rooms_pane(tmp_path: Path) -> None:
    fakes = providers()
    async with stage(tmp_path, accounts=fakes) as running:
        fakes["live"].login_refusal = BAD_LOGIN
        running.session.connect("live")
        await running.until(lambda: any("✗ live refused ⏎" in line for line in pane(running)))
        assert "the token was revoked; make another one; ctrl+r tries again" in toasts(running)
        line = pane(running).index("✗ live refused ⏎")
        await running.pilot.click("#rooms", offset=(3, line))
        await running.until(lambda: isinstance(running.app.screen, AboutScreen))
        told = running.text("#about-text")
        assert "401: No␛[2J" in told
        assert "make another one" in told
        fakes["live"].login_refusal = None
        await running.pilot.press("ctrl+r")
        await running.until(lambda: running.session.accounts["live"].phase == "ready")
        await running.until(lambda: not any("refused" in line for line in pane(running)))


async def test_losing_the_room_that_one_looks_at_is_told_and_so_is_a_login_that_ends_later(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        running.work.rooms_news.put_nowait(RoomGone("r1"))
        await running.until(lambda: running.session.current == ("work", "r2"))
        assert "work is not in general any more" in toasts(running)
        running.work.rooms_news.put_nowait(BAD_LOGIN)
        await running.until(lambda: running.session.accounts["work"].phase == "refused")
        await running.until(lambda: "the token was revoked" in toasts(running))
