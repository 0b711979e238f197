import sqlite3
from contextlib import closing
from pathlib import Path

from textual.widgets import OptionList

from quell.moderation.deletion import Batch, Reason, State
from quell.moderation.journal import Journal
from quell.screens.batches import BatchesScreen
from quell.screens.confirm import ConfirmScreen
from tests.support.fake_provider import NOT_ALLOWED
from tests.support.stage import NOW, FakeStage, stage


async def delete_all(console: FakeStage) -> None:
    await console.pilot.press("asterisk", "d")
    await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
    await console.until(lambda: "finding out" not in console.text("#forecast"))
    await console.pilot.press("1", "enter")
    await console.until(lambda: console.session.engine.batches.progress())


async def open_panel(console: FakeStage) -> OptionList:
    await console.pilot.press("b")
    await console.until(lambda: isinstance(console.app.screen, BatchesScreen))
    return console.app.screen.query_one(OptionList)


def shown(listed: OptionList) -> str:
    return "\n".join(str(option.prompt) for option in listed.options)


async def test_the_panel_counts_what_became_of_a_batch_and_leads_to_what_failed(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.answers["m0002"] = NOT_ALLOWED
        await delete_all(console)
        await console.until(lambda: console.state("m0002") is State.REFUSED)
        await console.until(lambda: console.session.engine.totals()[State.CONFIRMED] == 7)
        listed = await open_panel(console)
        assert "8 messages in work/general" in shown(listed)
        assert "8 of 8" in shown(listed)
        assert "✓ 7 deleted" in shown(listed)
        assert "✗ 1 refused" in shown(listed)
        await console.pilot.press("enter")
        await console.until(lambda: not isinstance(console.app.screen, BatchesScreen))
        assert console.feed.cursor_message is not None
        assert console.feed.cursor_message.id == "m0002"


async def test_a_batch_is_paused_and_goes_on(tmp_path: Path) -> None:
    async with stage(tmp_path, grace=30.0) as console:
        await delete_all(console)
        listed = await open_panel(console)
        [batch] = console.session.engine.batches.progress()
        await console.pilot.press("p")
        assert "‖ paused" in shown(listed)
        assert console.session.engine.batches.paused == {batch.id}
        await console.pilot.press("p")
        assert "paused" not in shown(listed)
        assert console.session.engine.batches.paused == set()


async def test_the_rest_of_a_batch_is_cancelled_and_nothing_more_is_sent(tmp_path: Path) -> None:
    async with stage(tmp_path, grace=30.0) as console:
        await delete_all(console)
        listed = await open_panel(console)
        await console.pilot.press("c")
        await console.until(lambda: console.session.engine.totals()[State.CANCELLED] == 8)
        await console.until(lambda: "– 8 cancelled" in shown(listed))
        assert console.work.deleted == []


async def test_refusals_that_are_dropped_are_not_tried_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.answers["m0002"] = console.work.answers["m0003"] = NOT_ALLOWED
        await delete_all(console)
        await console.until(lambda: console.session.engine.totals()[State.REFUSED] == 2)
        await console.until(lambda: len(console.work.deleted) == 8)
        await open_panel(console)
        await console.pilot.press("x", "r")
        await console.pilot.press("escape")
        assert len(console.work.deleted) == 8
        assert console.session.engine.totals()[State.REFUSED] == 2


async def test_an_urgent_batch_is_marked_as_such(tmp_path: Path) -> None:
    async with stage(tmp_path, grace=30.0) as console:
        await console.pilot.press("d")
        await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
        await console.pilot.press("exclamation_mark", "1", "enter")
        await console.until(lambda: console.session.engine.batches.progress())
        assert console.session.engine.batches.progress()[0].urgent


async def test_a_batch_becomes_urgent_and_stays_so_after_a_crash(tmp_path: Path) -> None:
    async with stage(tmp_path, grace=30.0) as console:
        await delete_all(console)
        listed = await open_panel(console)
        await console.pilot.press("exclamation_mark")
        await console.until(lambda: "» urgent" in shown(listed))
        [batch] = console.session.engine.batches.progress()
        with closing(sqlite3.connect(tmp_path / "journal.sqlite3")) as journal:
            await console.until(lambda: journal.execute("SELECT batch_id FROM urgent").fetchall() == [(batch.id,)])


async def test_a_batch_that_makes_way_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path, grace=30.0) as console:
        await delete_all(console)
        other = await Journal.open(tmp_path / "journal.sqlite3")
        await other.begin(Batch(moderator="x", reason=Reason("spam", ""), targets=(), confirmed_at=NOW), [])
        await other.press({"work"})
        listed = await open_panel(console)
        await console.until(lambda: "an urgent batch of another quell goes first" in shown(listed))
        await other.release()
        await console.until(lambda: "goes first" not in shown(listed))
        await other.close()


async def test_without_a_batch_the_panel_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        listed = await open_panel(console)
        assert not listed.display
        assert "Nothing was deleted yet" in console.text("#none")
