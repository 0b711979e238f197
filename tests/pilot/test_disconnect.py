"""`D` ends all connections of an author, where the service can, after a confirmation that says what that means."""

from pathlib import Path

from textual.widgets import Input

from quell.moderation.deletion import State
from quell.screens.about import AboutScreen
from quell.screens.disconnect import DisconnectScreen
from quell.screens.main import MainScreen
from quell_providers.model import Posted
from quell_providers.refusal import Refusal, RefusalKind
from tests.support.fake_provider import message
from tests.support.stage import FakeStage, stage

HOSTILE = "Kw\x1b[2Jame\u202e"


async def ask(running: FakeStage) -> None:
    """In the IVS-like room, on a message of somebody with a hostile name."""
    running.main.look_at(running.session.accounts["live"].rooms["i1"].key)
    running.live.tell(Posted(message(60, "buy \x1b]52;c;eA==\x07 now", room="i1", author=HOSTILE)))
    await running.until(lambda: len(running.feed.rows) == 3)
    await running.go_to("m0060")
    await running.pilot.press("D")
    await running.until(lambda: isinstance(running.app.screen, DisconnectScreen))


def toasts(running: FakeStage) -> str:
    return " ".join(f"{each.title} {each.message}" for each in running.app._notifications)


async def test_the_dialog_says_what_it_does_and_enter_does_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        await ask(running)
        who, effect = running.text("#counts"), running.text("#effect")
        assert "Kw␛[2Jame⟦U+202E⟧" in who
        assert "finals" in who
        assert "i1 · live" in who
        assert "buy ␛]52;c;eA==␇ now" in running.text("#rows")
        assert "all of the author's connections" in effect
        assert "bans nobody" in effect
        assert "comes back" in effect
        assert running.text("#counter") == " 0/256"
        await running.pilot.press("escape")
        await running.until(lambda: isinstance(running.app.screen, MainScreen))
        assert running.live.disconnected == []
        assert await running.session.journal.disconnections() == []
        await running.pilot.press("D")
        await running.until(lambda: isinstance(running.app.screen, DisconnectScreen))
        await running.pilot.press("2")
        assert running.text("#counter").endswith("/256")
        await running.pilot.press(*"!", "enter")
        await running.until(lambda: "ended every connection" in toasts(running))
        assert running.live.disconnected == [
            ("i1", HOSTILE.casefold(), "Flooding the chat so that others can not talk!")
        ]
        assert "\x1b" not in toasts(running)
        (recorded,) = (each.disconnection for each in await running.session.journal.disconnections())
        assert (recorded.state, recorded.moderator, recorded.reason.code) == (State.ACCEPTED, "mod", "flood")
        assert (recorded.account, recorded.room_id, recorded.author_id) == ("live", "i1", HOSTILE.casefold())


async def test_a_reason_that_is_missing_or_too_long_is_not_sent(tmp_path: Path) -> None:
    async with stage(tmp_path, reason_required=True) as running:
        await ask(running)
        await running.pilot.press("enter")
        await running.until(lambda: "reason is required" in running.text("#problem"))
        running.app.screen.query_one(Input).value = "x" * 257
        await running.until(lambda: running.text("#counter") == " 257/256")
        assert running.app.screen.query_one("#counter").has_class("over")
        await running.pilot.press("enter")
        await running.until(lambda: "257 characters" in running.text("#problem"))
        assert running.live.disconnected == []
        running.app.screen.query_one(Input).value = "x" * 256
        await running.until(lambda: not running.app.screen.query_one("#problem").display)
        await running.settle()
        await running.pilot.click("#keys", offset=(1, 0))
        await running.until(lambda: running.live.disconnected)


async def test_a_refusal_stays_on_the_screen_in_the_services_words(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        running.live.disconnect_refusal = Refusal(
            kind=RefusalKind.PERMISSION,
            code="AccessDeniedException",
            detail="User is not authorized \x1b[31m",
            cause="the policy does not allow it",
            remedy="add ivschat:DisconnectUser to the policy",
        )
        await ask(running)
        await running.pilot.press("1", "enter")
        await running.until(lambda: isinstance(running.app.screen, AboutScreen))
        told = running.text("#about-text")
        assert "AccessDeniedException: User is not authorized ␛[31m" in told
        assert "the policy does not allow it" in told
        assert "ivschat:DisconnectUser" in told
        (recorded,) = (each.disconnection for each in await running.session.journal.disconnections())
        assert (recorded.state, recorded.refusal) == (State.REFUSED, running.live.disconnect_refusal)
        await running.pilot.press("escape")
        await running.until(lambda: isinstance(running.app.screen, MainScreen))


async def test_where_the_service_can_not_do_it_or_there_is_no_record_nobody_is_disconnected(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        await running.pilot.press("D")
        await running.until(lambda: "no means to end an author's connections" in toasts(running))
        assert isinstance(running.app.screen, MainScreen)
        await ask(running)
        await running.session.journal.close()
        await running.pilot.press("1", "enter")
        await running.until(lambda: "Nobody was disconnected." in toasts(running))
        assert running.live.disconnected == []
