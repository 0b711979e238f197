from pathlib import Path

from quell.moderation.deletion import State
from quell.moderation.journal import Journal
from quell.screens.leave import LeaveScreen
from tests.support.stage import stage


async def test_leaving_asks_while_deletions_wait_and_cancels_them_in_the_journal(tmp_path: Path) -> None:
    async with stage(tmp_path, grace=30.0) as console:
        await console.pilot.press("asterisk", "d")
        await console.until(lambda: "finding out" not in console.text("#forecast"))
        await console.pilot.press("enter")
        await console.until(lambda: console.session.engine.totals()[State.HELD] == 8)
        await console.pilot.press("ctrl+q")
        await console.until(lambda: isinstance(console.app.screen, LeaveScreen))
        await console.pilot.press("n")
        await console.until(lambda: not isinstance(console.app.screen, LeaveScreen))
        await console.pilot.press("ctrl+q")
        await console.until(lambda: isinstance(console.app.screen, LeaveScreen))
        await console.pilot.press("y")
    assert console.work.deleted == []
    journal = await Journal.open(tmp_path / "journal.sqlite3")
    [batch] = await journal.batches()
    states = {deletion.state for deletion in await journal.deletions(batch.id)}
    await journal.close()
    assert states == {State.CANCELLED}


async def test_leaving_with_nothing_waiting_does_not_ask(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("ctrl+q")
        assert console.app.return_code == 0
