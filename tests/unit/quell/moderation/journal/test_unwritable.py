"""No record, no deletion: a journal that can not be written stops everything before the request, and says why."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path

import pytest

from quell.moderation.deletion import State
from quell.moderation.journal import JournalError
from quell_providers.refusal import RefusalKind
from tests.unit.quell.moderation.journal import full_disk
from tests.unit.quell.moderation.simulation import IMPATIENT, Desk, desk, key

Trouble = Callable[[Desk, Path], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def locked(work: Desk, path: Path) -> AsyncIterator[None]:
    """Another program holds the file for itself."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@asynccontextmanager
async def read_only(work: Desk, path: Path) -> AsyncIterator[None]:
    """The database refuses to write."""
    await work.journal._read(lambda store: store._connection.execute("PRAGMA query_only = ON").fetchall())
    yield
    await work.journal._read(lambda store: store._connection.execute("PRAGMA query_only = OFF").fetchall())


@pytest.mark.parametrize(
    ("trouble", "words"),
    [(locked, "is locked by another program"), (read_only, "is read-only")],
)
async def test_what_waits_is_not_asked_for(path: Path, trouble: Trouble, words: str) -> None:
    async with desk(path, grace_seconds=5.0, busy_seconds=IMPATIENT) as work:
        await work.submit("m1", "m2")
        async with trouble(work, path):
            await work.until_settled()
            refused = work.deletion("m1").refusal
            with pytest.raises(JournalError, match=words) as raised:
                await work.submit("m3")
        assert work.provider.calls == []
        assert work.engine.totals() == {State.FAILED: 2}
        assert work.engine.find(key("m3")) is None
        assert refused is not None
        assert (refused.kind, refused.code) == (RefusalKind.UNAVAILABLE, "journal")
        assert words in refused.detail
        assert str(path) in refused.detail
        assert refused.remedy
        assert raised.value.remedy
        assert await work.engine.retry([key("m1")]) == 1
        await work.until_settled()
        assert [message_id for _, message_id in work.provider.calls] == ["m1"]
        assert (await work.journal.verify()).fault is None


def test_a_full_disk_stops_everything_before_the_request(path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", full_disk.__name__, str(path)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    told = json.loads(ran.stdout)
    assert told["calls"] == 0
    assert told["state"] == "failed"
    for words in (told["detail"], told["begun"]):
        assert str(path) in words
        assert "can not be read or written" in words or "does not fit on the disk" in words
    assert (told["states"], told["fault"]) == (["failed", "failed"], None)


async def test_where_only_some_records_fit_only_those_are_asked_for(path: Path) -> None:
    async with desk(path, grace_seconds=5.0, busy_seconds=IMPATIENT) as work:
        await work.submit(*(f"m{number}" for number in range(60)))
        # No page more than there are now; the least that can be set is that.
        await work.journal._read(lambda store: store._connection.execute("PRAGMA max_page_count = 1").fetchall())
        await work.until_settled()
        with pytest.raises(JournalError, match="does not fit on the disk any more"):
            await work.submit(*(f"n{number}" for number in range(60)))
        (batch,) = await work.journal.batches()
        story = await work.journal.story(batch.id)
        assert story is not None
        intended = {
            entry.deletion.target.message_id
            for entry in story.entries
            if any(step.state is State.SENT for step in story.steps[entry.deletion.id])
        }
        assert {message_id for _, message_id in work.provider.calls} <= intended
        assert len(intended) < 30
        assert work.engine.totals()[State.FAILED] > 30
        await work.journal._read(lambda store: store._connection.execute("PRAGMA max_page_count = 9999").fetchall())
