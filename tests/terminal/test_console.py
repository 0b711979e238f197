"""The console as a moderator starts and leaves it: a real process in a real pseudo-terminal."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.commands import QUELL, SandboxCommand
from tests.support.terminal import Terminal

DEMO = [sys.executable, "-m", "quell", "demo", "--rate", "0"]
LEAVE_ALTERNATE_SCREEN = b"\x1b[?1049l"
SHOW_CURSOR = b"\x1b[?25h"


def children(process_id: int) -> list[int]:
    """The processes that a process started and that still run."""
    listed = Path(f"/proc/{process_id}/task/{process_id}/children").read_text()
    return [int(child) for child in listed.split()]


def is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0]
    return state != "Z"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the demo puts its folder."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_the_demo_shows_both_services_and_leaves_the_terminal_as_it_was(temporary: Path) -> None:
    with Terminal(DEMO) as terminal:
        terminal.wait_for(b"finals")
        terminal.wait_for(b"general")
        terminal.type("\x11")
        assert terminal.wait_for_exit() == 0
        assert LEAVE_ALTERNATE_SCREEN in terminal.output
        assert SHOW_CURSOR in terminal.output.rsplit(LEAVE_ALTERNATE_SCREEN, 1)[1] + terminal.output[-200:]
        assert terminal.modes == terminal.modes_before
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_restores_the_terminal_and_stops_the_sandbox(number: signal.Signals, temporary: Path) -> None:
    with Terminal(DEMO) as terminal:
        terminal.wait_for(b"finals")
        sandboxes = children(terminal.process.pid)
        assert sandboxes
        terminal.process.send_signal(number)
        assert terminal.wait_for_exit() == 130
        assert terminal.modes == terminal.modes_before
        assert LEAVE_ALTERNATE_SCREEN in terminal.output
    assert not any(is_running(process_id) for process_id in sandboxes)


@pytest.mark.parametrize("controlling", [True, False], ids=["told by the kernel", "seen by a failed write"])
def test_a_closed_terminal_ends_everything(temporary: Path, controlling: bool) -> None:
    with Terminal([*DEMO[:-1], "100"], controlling=controlling) as terminal:
        terminal.wait_for(b"finals")
        sandboxes = children(terminal.process.pid)
        terminal.hang_up()
        terminal.process.wait(timeout=20)
    assert not any(is_running(process_id) for process_id in sandboxes)
    assert list(temporary.iterdir()) == []


def test_ctrl_c_leaves_too(temporary: Path) -> None:
    with Terminal(DEMO) as terminal:
        terminal.wait_for(b"finals")
        terminal.type("\x03")
        assert terminal.wait_for_exit() == 0
        assert terminal.modes == terminal.modes_before


def test_a_signal_during_the_grace_period_sends_nothing_and_the_journal_tells(tmp_path: Path) -> None:
    with SandboxCommand(tmp_path) as sandbox:
        with Terminal([*QUELL, "--config", str(sandbox.config)]) as terminal:
            terminal.wait_for(b"can delete")
            terminal.type("d")
            terminal.wait_for(b"Enter")
            terminal.type("1\r")
            terminal.wait_for(b" 1 held")
            terminal.process.send_signal(signal.SIGTERM)
            assert terminal.wait_for_exit() == 130
        [batch] = json.loads(f"[{sandbox.run('audit', 'list', '--json').stdout}]")
        assert batch["states"] == {"cancelled": 1}
