from pathlib import Path

import pytest
from msgspec.structs import replace

from quell.moderation.deletion import Batch, Deletion, Reason, State, Target
from quell.moderation.journal import Journal
from quell.screens.leftovers import LeftoversScreen
from tests.support.stage import FakeStage, stage

TARGETS = tuple(
    Target(account="work", provider="rocketchat", room_id="r1", room_name="general", message_id=message_id)
    for message_id in ("m0000", "m0001")
)
BATCH = Batch(id="left", moderator="mod", reason=Reason("spam", "spam"), targets=TARGETS, confirmed_at=1_767_258_000.0)


async def leave_a_batch_behind(folder: Path, **asked: str) -> None:
    """What a killed console leaves: one deletion on its way, one still waiting."""
    targets = [replace(target, **asked) for target in TARGETS]
    journal = await Journal.open(folder / "journal.sqlite3", now=lambda: 1.0)  # its lease ran out long ago
    deletions = [
        Deletion(id=f"d{number}", batch_id="left", target=target, reason=BATCH.reason, state=State.QUEUED, at=1.0)
        for number, target in enumerate(targets)
    ]
    await journal.begin(replace(BATCH, targets=tuple(targets)), deletions)
    sent = Deletion(
        id="d0", batch_id="left", target=targets[0], reason=BATCH.reason, state=State.SENT, at=2.0, attempt=1
    )
    await journal.record([sent])
    await journal.close()


async def offered(console: FakeStage) -> None:
    await console.until(lambda: isinstance(console.app.screen, LeftoversScreen))


@pytest.mark.parametrize(
    ("key", "first", "second", "deleted"),
    [
        ("r", State.CONFIRMED, State.CONFIRMED, 2),
        ("c", State.UNKNOWN, State.CANCELLED, 0),
        ("s", State.UNKNOWN, State.CANCELLED, 0),
    ],
)
async def test_what_a_killed_console_left_is_gone_on_with_or_ended(
    tmp_path: Path, key: str, first: State, second: State, deleted: int
) -> None:
    await leave_a_batch_behind(tmp_path)
    async with stage(tmp_path, ready=False) as console:
        await offered(console)
        await console.pilot.press(key)
        await console.until(lambda: not isinstance(console.app.screen, LeftoversScreen))
        await console.until(lambda: console.state("m0000") is first and console.state("m0001") is second)
        assert len(console.work.deleted) == deleted


async def test_it_can_wait(tmp_path: Path) -> None:
    await leave_a_batch_behind(tmp_path)
    async with stage(tmp_path, ready=False) as console:
        await offered(console)
        await console.pilot.press("escape")
        await console.until(lambda: not isinstance(console.app.screen, LeftoversScreen))
        assert console.work.deleted == []
    async with stage(tmp_path, ready=False) as console:
        await offered(console)
        assert len(console.session.unfinished) == 1


async def test_no_console_goes_on_elsewhere(tmp_path: Path) -> None:
    await leave_a_batch_behind(tmp_path, endpoint_host="old.example.org")
    async with stage(tmp_path, ready=False) as console:
        await offered(console)
        await console.pilot.press("r")
        await console.until(lambda: len(console.app._notifications) == 1)
        (told,) = console.app._notifications
        assert "old.example.org, but the account work leads to chat.example.org now" in told.message
        assert isinstance(console.app.screen, LeftoversScreen)
        await console.pilot.press("s")
        await console.until(lambda: not isinstance(console.app.screen, LeftoversScreen))
        assert (console.state("m0000"), console.state("m0001")) == (State.UNKNOWN, State.CANCELLED)
        assert console.work.deleted == []


async def test_going_on_as_somebody_else_is_told(tmp_path: Path) -> None:
    await leave_a_batch_behind(tmp_path, acting_account="u0")
    async with stage(tmp_path, ready=False) as console:
        await offered(console)
        await console.until(lambda: console.session.login_of("work") == "u1")
        await console.pilot.press("r")
        await console.until(lambda: console.state("m0001") is State.CONFIRMED)
        assert "the batch was confirmed as u0" in next(iter(console.app._notifications)).message
