"""The journal's file: private, and refused in plain words where it can not be used."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from quell.moderation.deletion import State, advance
from quell.moderation.journal import Journal, JournalError
from quell.moderation.journal.schema import VERSION
from tests.unit.quell.moderation.journal import unprivileged
from tests.unit.quell.moderation.journal.support import begun, opened
from tests.unit.quell.moderation.journal.unprivileged import NOBODY
from tests.unit.quell.moderation.simulation import IMPATIENT, START


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)


def content_of(path: Path) -> bytes:
    return path.read_bytes()


async def test_nobody_else_may_read_it(path: Path) -> None:
    async with opened(path) as journal:
        await begun(journal, "m1")
        assert [mode(Path(f"{path}{suffix}")) for suffix in ("", "-wal", "-shm")] == [0o600] * 3
        assert mode(path.parent) == 0o700


async def test_a_file_that_was_readable_by_others_is_closed_to_them(path: Path) -> None:
    async with opened(path):
        pass
    os.chmod(path, 0o644)
    async with opened(path):
        assert mode(path) == 0o600


async def test_a_locked_file(path: Path) -> None:
    async with opened(path, IMPATIENT) as journal:
        _, (deletion,) = await begun(journal, "m1")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(JournalError, match="is locked by another program") as raised:
                await journal.record([advance(deletion, State.CANCELLED, at=START + 2)])
            assert str(path) in raised.value.problem
            assert raised.value.remedy
            other.execute("ROLLBACK")
        await journal.record([advance(deletion, State.CANCELLED, at=START + 2)])


async def test_a_locked_file_can_be_read(path: Path) -> None:
    async with opened(path) as journal:
        batch, _ = await begun(journal, "m1")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert [each.id for each in await journal.batches()] == [batch.id]
            other.execute("ROLLBACK")


async def test_a_file_that_is_locked_when_opened(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(JournalError, match="is locked by another program"):
            await Journal.open(path, busy_seconds=IMPATIENT)


async def test_a_full_disk(path: Path) -> None:
    async with opened(path) as journal:
        await journal._read(lambda store: store._connection.execute("PRAGMA max_page_count = 1"))
        with pytest.raises(JournalError, match="does not fit on the disk"):
            await begun(journal, *(f"m{number}" for number in range(500)))
        assert await journal.batches() == []


async def test_a_file_that_became_read_only(path: Path) -> None:
    async with opened(path) as journal:
        await journal._read(lambda store: store._connection.execute("PRAGMA query_only = ON").fetchall())
        with pytest.raises(JournalError, match="is read-only"):
            await begun(journal, "m1")
        assert await journal.batches() == []


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that belongs to a user without rights, and that this user can reach."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield folder


def opened_without_rights(tmp_path: Path, path: Path) -> str:
    """What comes of opening this journal for somebody who is not root."""
    if os.geteuid() == 0:
        for file in path.parent.iterdir():
            os.chown(file, NOBODY, NOBODY)
    command = [sys.executable, "-m", unprivileged.__name__, str(tmp_path / "spare.sqlite3"), str(path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("bits", [0o400, 0o000])
async def test_a_file_that_may_not_be_written(tmp_path: Path, open_folder: Path, bits: int) -> None:
    path = open_folder / "journal.sqlite3"
    async with opened(path):
        pass
    os.chmod(path, bits)
    told = opened_without_rights(tmp_path, path)
    assert told == (
        f"The journal {path} can not be opened: Permission denied. "
        "Make the file and its folder readable and writable for you.\n"
    )


async def test_a_folder_that_may_not_be_written(tmp_path: Path, open_folder: Path) -> None:
    path = open_folder / "journal.sqlite3"
    async with opened(path):
        pass
    os.chmod(open_folder, 0o500)
    told = opened_without_rights(tmp_path, path)
    os.chmod(open_folder, 0o700)
    assert "can not be opened" in told or "is read-only" in told
    assert "Make the file and its folder" in told


async def test_somebody_who_may_write_it_opens_it(tmp_path: Path, open_folder: Path) -> None:
    path = open_folder / "journal.sqlite3"
    async with opened(path):
        pass
    assert opened_without_rights(tmp_path, path) == "opened\n"


async def test_a_path_that_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="Is a directory"):
        await Journal.open(tmp_path)


async def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(JournalError, match="can not be opened") as raised:
        await Journal.open(tmp_path / "data" / "journal.sqlite3")
    assert raised.value.remedy


async def test_a_file_that_is_no_database(path: Path) -> None:
    content = b"This is not a database, and it is longer than a header is.\n" * 100
    put(path, content)
    with pytest.raises(JournalError, match="is not a Quell journal"):
        await Journal.open(path)
    assert content_of(path) == content


async def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text)")
        connection.commit()
    before = content_of(path)
    with pytest.raises(JournalError, match="another program"):
        await Journal.open(path)
    assert content_of(path) == before


async def test_the_journal_of_a_newer_quell_is_left_alone(path: Path) -> None:
    async with opened(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(JournalError, match=f"newer Quell .format {VERSION + 1}; this one knows {VERSION}"):
        await Journal.open(path)


async def test_two_consoles_may_make_it_at_the_same_time(path: Path) -> None:
    journals = await asyncio.gather(*(Journal.open(path) for _ in range(4)))
    for journal in journals:
        await begun(journal, "m1")
    assert len(await journals[0].batches()) == 4
    for journal in journals:
        await journal.close()
