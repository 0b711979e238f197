"""The service of the deletion measurements as a client sees it, and what it says of a run."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Figures:
    """What the service saw."""

    accepted: dict[str, int]
    throttled: int


class LimitedService:
    """The running service."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def reset(self, **limit: float) -> None:
        """Begin anew with this limit; see `limited_service.Limit`."""
        self._call("/reset", json.dumps(limit).encode())

    def figures(self) -> Figures:
        told = self._call("/figures", b"")
        return Figures(told["accepted"], told["throttled"])

    def _call(self, path: str, body: bytes) -> dict[str, Any]:
        with urllib.request.urlopen(urllib.request.Request(self.url + path, body, method="POST")) as answer:
            read: dict[str, Any] = json.load(answer)
            return read


@contextmanager
def limited_service() -> Iterator[LimitedService]:
    command = [sys.executable, "-m", "tests.bench.limited_service"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield LimitedService(int(process.stdout.readline()))
        finally:
            process.terminate()
