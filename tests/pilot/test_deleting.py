from pathlib import Path

from textual.geometry import Region
from textual.widgets import Input, Static

from quell.moderation.deletion import State
from quell.screens.confirm import ConfirmScreen
from quell.screens.outcome import OutcomeScreen
from quell.widgets.detail import PartsView
from quell.widgets.lines import LinesView
from quell_providers.model import Deleted
from quell_providers.provider import Forecast
from quell_providers.refusal import Refusal, RefusalKind
from tests.support.fake_provider import NOT_ALLOWED
from tests.support.stage import FakeStage, stage


async def ask(console: FakeStage) -> None:
    await console.pilot.press("d")
    await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
    await console.until(lambda: "finding out" not in console.text("#forecast"))


async def test_marked_messages_are_deleted_with_the_reason_and_each_row_tells_its_outcome(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.answers["m0003"] = NOT_ALLOWED
        await console.go_to("m0001")
        await console.pilot.press("a")
        await ask(console)
        assert "Delete 3 marked messages?" in console.text("#title")
        await console.pilot.press("1", "enter")
        await console.until(lambda: console.state("m0005") is State.CONFIRMED)
        await console.until(lambda: console.state("m0003") is State.REFUSED)
        assert [message_id for _, message_id, _ in console.work.deleted] == ["m0001", "m0003", "m0005"]
        assert console.state("m0001") is State.CONFIRMED
        await console.until(lambda: "✗ refused" in console.drawn())
        assert console.drawn().count("✓ deleted") == 2
        words = " ".join(console.drawn().split())
        assert "Not allowed [error-action-not-allowed] — older than 10 minutes" in words
        assert console.marked() == []
        await console.until(lambda: "2 done 1 refused" in " ".join(console.text("#status").split()))


async def test_a_confirmed_range_is_over(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("v", "k", "k")
        await ask(console)
        await console.pilot.press("enter")
        await console.until(lambda: len(console.work.deleted) == 3)
        assert "RANGE" not in console.text("#room-hints")
        await console.pilot.press("k")
        assert console.marked() == []


async def test_a_forecast_that_is_there_at_once_is_shown_to_its_last_line(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        for number, cause in enumerate(["older than 10 minutes", "not yours"]):
            console.work.forecasts[f"m{number:04}"] = Forecast(verdict="refused", cause=cause)
        await console.pilot.press("asterisk")
        await ask(console)
        await console.settle()
        forecast = console.app.screen.query_one("#forecast", Static)
        assert [" ".join(line.text.split()) for line in forecast.render_lines(Region(0, 0, *forecast.size))] == [
            "✓ 6 allowed",
            "✗ 1 will be refused: older than 10 minutes",
            "✗ 1 will be refused: not yours x drops them",
        ]


async def test_without_marks_the_dialog_says_that_it_is_the_current_row(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.go_to("m0002")
        await ask(console)
        assert "under the cursor" in console.text("#title")
        assert "see you at lunch" in console.app.screen.query_one("#rows", LinesView).lines[0].plain
        await console.pilot.press("escape")
        await console.until(lambda: not isinstance(console.app.screen, ConfirmScreen))
        assert console.work.deleted == []


async def test_the_reason_goes_where_the_service_takes_one(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.main.look_at(console.session.accounts["live"].rooms["i1"].key)
        await console.until(lambda: len(console.feed.rows) == 2)
        await ask(console)
        assert "up to 256 characters" in console.text("#effect")
        await console.pilot.press(*"rude")
        assert "4/256" in console.text("#counter")
        await console.pilot.press("enter")
        await console.until(lambda: console.live.deleted == [("i1", "m0051", "rude")])


async def test_a_held_batch_is_stopped_by_u(tmp_path: Path) -> None:
    async with stage(tmp_path, grace=5.0) as console:
        await console.pilot.press("asterisk")
        await ask(console)
        await console.pilot.press("enter")
        await console.until(lambda: "8 held" in console.text("#status"))
        assert "◔ held 5s" in console.drawn()
        await console.pilot.press("u")
        await console.until(lambda: console.state("m0000") is State.CANCELLED)
        await console.until(lambda: "– cancelled" in console.drawn())
        assert console.work.deleted == []


async def test_what_will_be_refused_can_be_dropped_before(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.forecasts["m0007"] = Forecast(
            verdict="refused", cause="older than 10 minutes", remedy="ask an owner"
        )
        await console.pilot.press("asterisk")
        await ask(console)
        assert "1 will be refused: older than 10 minutes; ask an owner" in console.text("#forecast")
        await console.pilot.press("x")
        await console.until(lambda: "Delete 7 marked messages?" in console.text("#title"))
        await console.pilot.press("enter")
        await console.until(lambda: len(console.work.deleted) == 7)
        assert "m0007" not in {message_id for _, message_id, _ in console.work.deleted}


async def test_a_policy_can_demand_a_reason(tmp_path: Path) -> None:
    async with stage(tmp_path, reason_required=True) as console:
        await ask(console)
        await console.pilot.press("enter")
        assert "reason is required" in console.text("#problem")
        await console.pilot.press("2", "enter")
        await console.until(lambda: len(console.work.deleted) == 1)


async def test_above_the_limit_the_count_must_be_typed(tmp_path: Path) -> None:
    async with stage(tmp_path, type_count_above=3) as console:
        await console.pilot.press("asterisk")
        await ask(console)
        await console.pilot.press("1", "enter", "7", "enter")
        assert "not the number" in console.text("#problem")
        assert console.work.deleted == []
        await console.pilot.press("backspace", "8", "enter")
        await console.until(lambda: len(console.work.deleted) == 8)


async def test_a_reason_that_is_too_long_is_counted_and_not_sent(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.main.look_at(console.session.accounts["live"].rooms["i1"].key)
        await console.until(lambda: len(console.feed.rows) == 2)
        await ask(console)
        console.app.screen.query_one("#reason", Input).value = "y" * 257
        await console.pilot.press("enter")
        assert "257/256" in console.text("#counter")
        assert "257 characters" in console.text("#problem")
        assert console.live.deleted == []


async def test_r_tries_again_only_what_failed(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.answers["m0006"] = NOT_ALLOWED
        await console.pilot.press("asterisk")
        await ask(console)
        await console.pilot.press("enter")
        await console.until(lambda: console.state("m0006") is State.REFUSED)
        await console.until(lambda: len(console.work.deleted) == 8)
        console.work.answers.clear()
        await console.go_to("m0006")
        await console.pilot.press("r")
        await console.until(lambda: console.state("m0006") is State.CONFIRMED)
        assert [each for _, each, _ in console.work.deleted].count("m0006") == 2
        assert len(console.work.deleted) == 9


async def test_o_shows_the_outcome_in_the_services_own_words(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.answers["m0007"] = Refusal(
            kind=RefusalKind.VETOED, code="error-app", detail="An app said \x1b[2J no", cause="an app forbids it"
        )
        await ask(console)
        await console.pilot.press("enter")
        await console.until(lambda: console.state("m0007") is State.REFUSED)
        await console.pilot.press("o")
        await console.until(lambda: isinstance(console.app.screen, OutcomeScreen))
        said = str(console.app.screen.query_one(PartsView).render())
        assert "error-app An app said ␛[2J no" in said
        assert "an app forbids it" in said


async def test_gone_before_its_turn_needs_no_call(tmp_path: Path) -> None:
    async with stage(tmp_path, grace=5.0) as console:
        await ask(console)
        await console.pilot.press("enter")
        await console.until(lambda: console.state("m0007") is State.HELD)
        console.work.tell(Deleted("r1", "m0007"))
        await console.until(lambda: console.state("m0007") is State.GONE)
        await console.until(lambda: "○ already gone" in console.drawn() or "○ gone" in console.drawn())
        assert console.work.deleted == []
