"""An unfinished batch whose account leads elsewhere by now, or is logged in as somebody else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from quell.moderation.deletion import State, advance
from quell.moderation.journal.resume import Unfinished
from quell.moderation.whereabouts import MovedError, OtherLogin, check_hosts, other_logins
from tests.unit.quell.moderation.simulation import START, Desk, batch_of, desk, recorded
from tests.unit.quell.moderation.test_leftovers import LATER, after_death


@asynccontextmanager
async def after_a_move(path: Path) -> AsyncIterator[tuple[Desk, Unfinished]]:
    """A console whose account leads elsewhere than that of a dead one, which left a message `sent`, one `queued`."""
    async with desk(path, concurrency=1) as dying:
        dying.provider.hangs = True
        batch = batch_of("sent", "queued")
        here = tuple(replace(each, endpoint_host="chat.example.org") for each in batch.targets)
        await dying.engine.submit(replace(batch, targets=here))
        await dying.until(lambda: len(dying.provider.calls) == 1)
        async with desk(path) as work:
            work.provider.endpoint_host = "new.example.org"
            work.clock.elapsed = LATER
            (left,) = await work.engine.leftovers.found()
            yield work, left


async def test_nothing_is_deleted_elsewhere_than_it_was_confirmed_for(path: Path) -> None:
    async with after_a_move(path) as (work, batch):
        with pytest.raises(MovedError, match=r"for chat\.example\.org.* live leads to new\.example\.org") as refused:
            await work.engine.leftovers.resume(batch.id)
        assert "settle or close" in refused.value.remedy
        assert [each.id for each in await work.engine.leftovers.found()] == [batch.id]
        assert await recorded(work.journal) == {"sent": State.SENT, "queued": State.QUEUED}
        work.provider.endpoint_host = "Chat.Example.org"
        await work.engine.leftovers.resume(batch.id)
        await work.until_settled()
        assert await recorded(work.journal) == {"sent": State.ACCEPTED, "queued": State.ACCEPTED}


async def test_nobody_else_is_asked_what_happened(path: Path) -> None:
    async with after_a_move(path) as (work, batch):
        work.provider.there["sent"] = False
        await work.engine.leftovers.settle(batch.id)
        assert await recorded(work.journal) == {"sent": State.UNKNOWN, "queued": State.CANCELLED}
        assert await work.engine.leftovers.reconcile("live") == 0
        assert work.provider.asked_about == []


async def test_of_what_is_decided_nobody_is_asked_so_it_may_be_anywhere(path: Path) -> None:
    async with after_a_move(path) as (_, batch):
        done = [advance(each, State.CANCELLED, at=START) for each in batch.deletions if each.state is State.QUEUED]
        check_hosts(done, lambda account: "new.example.org")


async def test_another_login_is_told_once_an_account_and_what_is_not_known_is_none(path: Path) -> None:
    async with after_death(path) as (_, batch):
        confirmed = [replace(each, target=replace(each.target, acting_account="AKIA1")) for each in batch.deletions]
        assert other_logins(confirmed, {"live": "AKIA2"}.__getitem__) == [OtherLogin("live", "AKIA1", "AKIA2")]
        assert other_logins(confirmed, {"live": "AKIA1"}.__getitem__) == []
        assert other_logins(confirmed, {"live": ""}.__getitem__) == []
        assert other_logins(batch.deletions, {"live": "AKIA2"}.__getitem__) == []
