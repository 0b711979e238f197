"""Whose claim to a batch is over: of consoles that are gone, or have not been heard of for too long."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from quell.moderation.journal.lease import LEASE_SECONDS, Lease

HOST = socket.gethostname()
NOW = 1_800_000_000.0


@pytest.fixture
def process() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def outlived(pid: int, host: str = HOST, lasts: float = 1.0) -> bool:
    return Lease(lambda: NOW).outlived("another", host, pid, NOW + lasts)


def test_a_console_that_runs_keeps_its_claim_until_it_runs_out(process: "subprocess.Popen[bytes]") -> None:
    assert not outlived(process.pid)
    assert outlived(process.pid, lasts=0.0)


def test_a_console_that_was_killed_loses_it_at_once(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    assert outlived(process.pid)
    assert not outlived(process.pid, host="elsewhere")


def test_so_does_one_whose_parent_never_asked_how_it_ended(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert outlived(process.pid)


def test_nobody_outlives_its_own_claim() -> None:
    lease = Lease(lambda: NOW)
    owner, host, pid, expires_at = lease.row()
    assert (host, pid, expires_at) == (HOST, os.getpid(), NOW + LEASE_SECONDS)
    assert not lease.outlived(owner, host, pid, NOW - 1)
