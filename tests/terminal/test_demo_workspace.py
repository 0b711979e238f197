"""The sandbox behind `quell demo`: there when it is needed, and gone without a trace afterwards."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from quell.cli.demo import sandbox_workspace
from quell.workspace import Workspace, WorkspaceError
from quell_providers.ivs.settings import IvsSettings
from quell_providers.rocketchat.settings import RocketChatSettings

HOLDER = """
import asyncio
from quell.cli.demo import sandbox_workspace

async def hold():
    async with sandbox_workspace(["--rate", "0"]) as workspace:
        print(workspace.config.accounts[0].settings.url, flush=True)
        await asyncio.Event().wait()

asyncio.run(hold())
"""


def addresses(workspace: Workspace) -> list[str]:
    work, live = (account.settings for account in workspace.config.accounts)
    assert isinstance(work, RocketChatSettings)
    assert isinstance(live, IvsSettings)
    assert live.endpoint_url is not None
    return [work.url, live.endpoint_url]


def answers(address: str) -> bool:
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=5):
            return True
    except ConnectionRefusedError:
        return False


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go, of which none may stay behind."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


async def test_everything_is_gone_afterwards(temporary: Path) -> None:
    async with sandbox_workspace(["--rate", "0"]) as workspace:
        assert all(map(answers, addresses(workspace)))
        assert workspace.journal_path.is_relative_to(temporary)
    assert not any(map(answers, addresses(workspace)))


@pytest.mark.usefixtures("temporary")
async def test_it_says_why_it_did_not_start() -> None:
    with pytest.raises(WorkspaceError, match="'party' is not one of"):
        async with sandbox_workspace(["--scenario", "party"]):
            pytest.fail("it did start")


def test_it_does_not_outlive_a_console_that_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # a killed process leaves its temporary files behind
    holder = subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    address = holder.stdout.readline().strip()
    assert answers(address)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    deadline = time.monotonic() + 30
    while answers(address):
        assert time.monotonic() < deadline
        time.sleep(0.01)
