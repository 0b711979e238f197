"""Each way in which there is nothing, or nothing new, to look at has a state of its own on the screen."""

from pathlib import Path

from quell_providers.model import Gap, Posted, StateChanged
from quell_providers.refusal import Refusal, RefusalKind
from tests.support.fake_provider import FakeProvider, message
from tests.support.stage import providers, stage

BAD_LOGIN = Refusal(
    kind=RefusalKind.LOGIN,
    code="401",
    detail="You must be logged in to do this.",
    cause="the token was not accepted",
    remedy="make a new personal access token",
)
EXPIRED = StateChanged(
    "r1", "refused", detail="session expired", cause="the token has expired", remedy="log in again and restart"
)


async def test_a_refused_login_says_why_and_what_to_do(tmp_path: Path) -> None:
    fakes = {"work": FakeProvider([])}
    fakes["work"].login_refusal = BAD_LOGIN
    async with stage(tmp_path, accounts=fakes, ready=False) as console:
        await console.until(lambda: "refused the login" in console.text("#room-notice"))
        shown = console.text("#room-notice")
        assert "401: You must be logged in to do this." in shown
        assert "make a new personal access token" in shown
        assert "login refused" in console.text("#status")


async def test_after_a_refused_login_the_other_account_works_and_ctrl_r_tries_again(tmp_path: Path) -> None:
    fakes = providers()
    fakes["work"].login_refusal = BAD_LOGIN
    async with stage(tmp_path, accounts=fakes, ready=False) as console:
        await console.until(lambda: len(console.feed.rows) == 2)
        assert console.session.accounts["work"].phase == "refused"
        fakes["work"].login_refusal = None
        await console.pilot.press("ctrl+r")
        await console.until(lambda: console.session.accounts["work"].phase == "ready")


async def test_a_service_out_of_reach_is_tried_again_by_itself(tmp_path: Path) -> None:
    fakes = {"work": FakeProvider([])}
    fakes["work"].login_refusal = Refusal(kind=RefusalKind.UNAVAILABLE, detail="Connection refused")
    async with stage(tmp_path, accounts=fakes, ready=False) as console:
        await console.until(lambda: "can not be reached" in console.text("#room-notice"))
        assert "Trying again in" in console.text("#room-notice")
        assert "Connection refused" in console.text("#room-notice")


async def test_an_account_without_rooms_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path, accounts={"work": FakeProvider([])}, ready=False) as console:
        await console.until(lambda: "has no rooms" in console.text("#room-notice"))


async def test_an_empty_room_waits_for_messages(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.main.look_at(console.session.accounts["work"].rooms["r2"].key)
        await console.until(lambda: "No messages yet" in console.text("#room-notice"))
        console.work.tell(Posted(message(90, "hello?", room="r2")))
        await console.until(lambda: "hello?" in console.drawn())


async def test_a_room_without_history_says_which_setting_would_give_one(tmp_path: Path) -> None:
    fakes = providers()
    fakes["work"].missing_history = Refusal(
        kind=RefusalKind.PERMISSION, cause="this room is not logged", remedy="attach a logging configuration"
    )
    async with stage(tmp_path, accounts=fakes, ready=False) as console:
        await console.until(lambda: "no history" in console.text("#room-notice"))
        assert "attach a logging configuration" in console.text("#room-notice")
        console.work.tell(Posted(message(90, "live all the same")))
        await console.until(lambda: "live all the same" in console.drawn())
        assert "this room is not logged" in console.text("#room-banner")


async def test_a_lost_connection_counts_down_above_the_feed(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.tell(StateChanged("r1", "reconnecting", detail="Connection reset by peer", retry_in=4.0))
        await console.until(lambda: "reconnecting" in console.text("#room-banner"))
        assert "next attempt in 4 s" in console.text("#room-banner")
        assert "Connection reset by peer" in console.text("#room-banner")
        console.work.tell(StateChanged("r1", "live"))
        await console.until(lambda: not console.main.query_one("#room-banner").display)


async def test_an_expired_token_says_what_helps(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.tell(EXPIRED)
        await console.until(lambda: "the token has expired" in console.text("#room-banner"))
        assert "log in again and restart" in console.text("#room-banner")


async def test_a_gap_is_never_hidden(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.tell(Gap("r1", since=1_767_258_000.0, until=1_767_258_060.0))
        await console.until(lambda: "Messages may be missing" in console.text("#room-banner"))
        console.work.tell(Posted(message(90, "after the gap")))
        await console.until(lambda: "⚠ messages may be missing: " in console.drawn())
        above, below = console.drawn().split("⚠ messages may be missing: ")
        assert "at eight" in above
        assert "after the gap" in below
        await console.until(lambda: not console.main.query_one("#room-banner").display)
