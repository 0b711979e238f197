"""Which console may act on a batch: the one that confirmed it, as long as that one lives."""

import os
import socket
import time
import uuid
from collections.abc import Callable
from pathlib import Path

LEASE_SECONDS = 15.0
"""A console that has not renewed its lease for so long is dead, or as good as dead."""
RENEW_SECONDS = 5.0


class Lease:
    """One console's claim to its batches."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.owner = uuid.uuid4().hex
        self._host = socket.gethostname()
        self._pid = os.getpid()
        self._now = now

    def expires_at(self) -> float:
        """Unix seconds until which a lease lasts that is renewed now."""
        return self._now() + LEASE_SECONDS

    def row(self) -> tuple[str, str, int, float]:
        """Owner, host, process id and end of a lease taken now."""
        return self.owner, self._host, self._pid, self.expires_at()

    def outlived(self, owner: str, host: str, pid: int, expires_at: float) -> bool:
        """Whether another console's lease is over: it ran out, or its process on this machine is gone."""
        if owner == self.owner:
            return False
        return expires_at <= self._now() or (host == self._host and not _is_running(pid))


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # it runs, as somebody else
    return not _is_dead(pid)


def _is_dead(pid: int) -> bool:
    """Whether a process that still has its number has ended, and only nobody asked how; Linux tells."""
    try:
        told = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return told.rpartition(b")")[2].split()[:1] == [b"Z"]  # its name, before the bracket, may hold anything
