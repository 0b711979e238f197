"""What was learned of rates lies in a file, for a day; a file that can not be used costs a line in the log."""

import asyncio
import logging
import stat
from pathlib import Path

import pytest

from quell.moderation.engine import Engine
from quell.moderation.journal import Journal
from quell.moderation.learned import Learned
from quell.paces import REMEMBERED_SECONDS, paces_path, recall, remember, remembering

NOW = 1_800_000_000.0
SLOW = Learned(shape="bucket", rate=48.5, burst=10.0)
TOLD = Learned(shape="window", calls=4, seconds=30.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return paces_path(tmp_path / "journal.sqlite3")


def test_what_was_learned_comes_back_for_each_account(path: Path) -> None:
    remember(path, {"live": SLOW}, lambda: NOW)
    remember(path, {"work": TOLD}, lambda: NOW + 1)
    assert recall(path, lambda: NOW + 2) == {"live": SLOW, "work": TOLD}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["paces.json"]


def test_nothing_learned_leaves_no_file(path: Path) -> None:
    remember(path, {}, lambda: NOW)
    assert not path.exists()
    assert recall(path) == {}


def test_a_rate_that_nobody_met_for_a_day_is_forgotten(path: Path) -> None:
    remember(path, {"live": SLOW}, lambda: NOW)
    assert recall(path, lambda: NOW + REMEMBERED_SECONDS - 1) == {"live": SLOW}
    assert recall(path, lambda: NOW + REMEMBERED_SECONDS) == {}
    remember(path, {"work": TOLD}, lambda: NOW + REMEMBERED_SECONDS)
    assert "live" not in path.read_text()


def test_a_time_that_is_still_to_come_proves_nothing(path: Path) -> None:
    remember(path, {"live": SLOW}, lambda: NOW)
    assert recall(path, lambda: NOW - 60) == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[]",
        b'{"live": 1}',
        b'{"live": {"delete": {"learned": {"shape": "bucket", "rate": -1}, "at": 1800000000}}}',
        b'{"live": {"delete": {"learned": {"shape": "bucket", "rate": 1e999}, "at": 1800000000}}}',
        b'{"live": {"delete": {"learned": {"shape": "window", "calls": 0, "seconds": 60}, "at": 1800000000}}}',
        b'{"live": {"delete": {"learned": {"shape": "\xed\xa0\x80"}, "at": 1800000000}}}',
    ],
)
def test_a_damaged_file_is_told_of_and_written_anew(
    path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert recall(path, lambda: NOW) == {}
    assert caplog.messages == ["paces.json is damaged; rates are learned anew"]
    remember(path, {"live": SLOW}, lambda: NOW)
    assert recall(path, lambda: NOW) == {"live": SLOW}


def test_a_folder_that_can_not_be_written_is_told_of(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    nowhere = path.parent / "missing" / path.name
    with caplog.at_level(logging.WARNING):
        remember(nowhere, {"live": SLOW}, lambda: NOW)
    assert caplog.messages == ["the rates that were learned can not be written down: No such file or directory"]


def test_a_file_that_can_not_be_read_is_told_of(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.mkdir()
    with caplog.at_level(logging.WARNING):
        assert recall(path) == {}
        remember(path, {"live": SLOW})
    assert "the rates that were learned earlier can not be read: Is a directory" in caplog.messages
    assert "the rates that were learned can not be written down: Is a directory" in caplog.messages
    assert [each.name for each in path.parent.iterdir()] == ["paces.json"]


class LearningEngine(Engine):
    """Learned this, whatever it did."""

    def learned(self) -> dict[str, Learned]:
        return {"live": SLOW}


@pytest.mark.parametrize("killed", [False, True])
async def test_it_is_written_at_the_end_and_now_and_then_before(
    path: Path, killed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if killed:
        monkeypatch.setattr("quell.paces._SAVE_SECONDS", 0.0)
    journal = await Journal.open(path.with_name("journal.sqlite3"))
    async with remembering(LearningEngine(journal), path):
        async with asyncio.timeout(10):
            while killed and not recall(path):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.001)
        assert bool(recall(path)) is killed
    await journal.close()
    assert recall(path) == {"live": SLOW}
