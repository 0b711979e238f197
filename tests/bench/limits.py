"""A limit to delete against, and the sandbox that keeps it, as a client sees it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quell_providers.sandbox.world import Service

ROOT = Path(__file__).parents[2]
LATENCY_SECONDS = 0.02


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What the service allows, and how much there is to delete."""

    service: Service
    messages: int
    calls: int
    """In `seconds`: a rate on IVS, a fixed window on Rocket.Chat."""
    seconds: float = 1.0
    burst: int
    """Calls that may be made at once; on Rocket.Chat all of a window."""

    def least(self, deletions: int) -> float:
        """Seconds that so many deletions take at least."""
        waited = max(deletions - self.burst, 0)
        if self.service == "ivs":
            return waited * self.seconds / self.calls
        return -(-waited // self.calls) * self.seconds


@dataclass(frozen=True)
class Figures:
    """What the service saw."""

    deleted: int
    """Of the messages that were to be deleted."""
    strangers: int
    """Messages that were deleted without having been asked for."""
    throttled: int
    """Calls that its limiter refused."""


class LimitedService:
    """The running service. What it told when it was ready is in its attributes.

    Attributes:
        ready: Where it is and how to log in, as `Sandbox.describe` tells it.
        room_id: Of the room where the messages are.
        message_ids: Of the messages to delete.
    """

    def __init__(self, process: "subprocess.Popen[str]", limit: Limit) -> None:
        self.limit = limit
        self._process = process
        self.ready: dict[str, Any] = self._read()
        self.room_id: str = self.ready["room_id"]
        self.message_ids: list[str] = self.ready["message_ids"]

    def figures(self) -> Figures:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return Figures(**self._read())

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        read: dict[str, Any] = json.loads(self._process.stdout.readline())
        return read


@contextmanager
def limited_service(limit: Limit) -> Iterator[LimitedService]:
    """The sandbox with this limit; a fresh one each time, so that no run inherits what another one used up."""
    command = [sys.executable, "-m", "tests.bench.limited_service", json.dumps(asdict(limit))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield LimitedService(process, limit)
        finally:
            process.terminate()
