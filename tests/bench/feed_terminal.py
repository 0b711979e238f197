"""The feed in a real pseudo-terminal of 200x50, socket and decoding included, against irssi on the same lines."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.terminal import Terminal

SIZE = (200, 50)
BURST = 100_000
STEADY_RATE, STEADY_SECONDS = 500, 10
LEAST_FRAMES = 20

CONFIG = """
[accounts.live]
provider = "ivs"
region = "us-west-2"
profile = "bench"
credentials_file = "{folder}/aws"
endpoint_url = "http://127.0.0.1:{port}"
messaging_url = "ws://127.0.0.1:{port}"
logs_endpoint_url = "http://127.0.0.1:{port}"
"""

IRSSI = """
servers = ( {{ address = "127.0.0.1"; chatnet = "bench"; port = "{port}"; autoconnect = "yes"; }} );
chatnets = {{ bench = {{ type = "IRC"; }}; }};
settings = {{
  core = {{ real_name = "m"; user_name = "m"; nick = "moderator"; }};
  "fe-text" = {{ scrollback_lines = "0"; scrollback_time = "999days"; }};
}};
"""


class Firehose:
    """A running `tests.bench.firehose`."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.bench.firehose"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ports: dict[str, int] = self._answer()

    def send(self, to: str, count: int, rate: float = 0) -> None:
        """Send messages, and return when all are on their way."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"to": to, "count": count, "rate": rate}) + "\n")
        self._process.stdin.flush()
        self._answer()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


class Watched:
    """A program in a terminal that is read all the time."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._stop = False
        self._thread = threading.Thread(target=self._read)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop = True
        self._thread.join()

    def type(self, keys: str) -> None:
        """Press keys."""
        self._terminal.type(keys)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        self._terminal.resize(columns, lines)

    def cpu(self) -> float:
        """Seconds of processor time of the program so far."""
        # Counted in nanoseconds by the scheduler; the clock ticks of `stat` miss or overrate work in short bursts.
        tasks = Path(f"/proc/{self._terminal.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def rss(self) -> int:
        """Bytes of memory of the program."""
        pages = int(Path(f"/proc/{self._terminal.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def until(self, expected: bytes, timeout: float = 120.0) -> None:
        """Wait until the output contains this."""
        deadline = time.monotonic() + timeout
        while expected not in self._terminal.output[-200_000:]:
            if time.monotonic() > deadline:
                raise AssertionError(f"{expected!r} never appeared")
            time.sleep(0.02)

    def mark(self) -> int:
        """Bytes of output so far."""
        return len(self._terminal.output)

    def frames(self, since: int) -> int:
        """How often the place that was drawn most often was drawn: some line of the list, once with every frame."""
        moves = Counter(re.findall(rb"\x1b\[(\d+;\d+)H", self._terminal.output[since:]))
        del moves[b"1;1"]  # where the cursor rests
        return max(moves.values(), default=0)

    def _read(self) -> None:
        while not self._stop:
            self._terminal._read(0.05)


@contextmanager
def quell(port: int, folder: Path) -> Iterator[Watched]:
    """The console on the firehose's room."""
    (folder / "aws").write_text("[bench]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n")
    config = folder / "config.toml"
    config.write_text(CONFIG.format(folder=folder, port=port))
    environment = {"XDG_DATA_HOME": str(folder), "HOME": str(folder)}
    command = [sys.executable, "-m", "quell", "--config", str(config)]
    with running(command, environment, b"has no history") as watched:
        yield watched


@contextmanager
def irssi(port: int, folder: Path) -> Iterator[Watched]:
    """The IRC client in the firehose's channel."""
    (folder / "config").write_text(IRSSI.format(port=port))
    with running(["irssi", f"--home={folder}"], {}, b"Act: ") as watched:
        watched.type("/window 2\r")
        watched.until(b"#firehose")
        yield watched


@contextmanager
def running(command: list[str], environment: dict[str, str], ready: bytes) -> Iterator[Watched]:
    with Terminal(command, size=SIZE, environment=environment) as terminal:
        watched = Watched(terminal)
        watched.start()
        try:
            watched.until(ready)
            time.sleep(1.0)
            yield watched
        finally:
            watched.stop()


CLIENTS = {"quell": ("ivs", quell), "irssi": ("irc", irssi)}


def measure(name: str) -> tuple[float, float, float, float]:
    """Microseconds of CPU a message in a burst and at a steady rate, bytes a message, and frames a second."""
    service, client = CLIENTS[name]
    firehose = Firehose()
    try:
        with tempfile.TemporaryDirectory() as folder, client(firehose.ports[service], Path(folder)) as watched:
            cpu, rss, began = watched.cpu(), watched.rss(), time.monotonic()
            firehose.send(service, BURST)
            watched.until(f"last-{BURST}".encode())
            shown = time.monotonic() - began
            burst = (watched.cpu() - cpu) / BURST * 1e6
            size = (watched.rss() - rss) / BURST
            print(f"    {name}: the last line shows after {shown:.1f} s")
            cpu, mark, began = watched.cpu(), watched.mark(), time.monotonic()
            count = STEADY_RATE * STEADY_SECONDS
            firehose.send(service, count, STEADY_RATE)
            watched.until(f"last-{count}".encode())
            steady = (watched.cpu() - cpu) / count * 1e6
            return burst, steady, size, watched.frames(mark) / (time.monotonic() - began)
    finally:
        firehose.close()


def main() -> None:
    print(f"Messages in a terminal of {SIZE[0]}x{SIZE[1]}: a burst of {BURST:,}, then {STEADY_RATE}/s, following")
    results = {name: measure(name) for name in CLIENTS if name == "quell" or shutil.which(name)}
    for name, (burst, steady, size, frames) in results.items():
        print(f"  {name:<6} {burst:7.1f} µs CPU a message in the burst   {steady:7.1f} at the steady rate", end="")
        print(f"   {size:5.0f} B RSS a message" + (f"   {frames:.1f} frames/s" if name == "quell" else ""))
    fast_enough = results["quell"][3] >= LEAST_FRAMES
    print(f"  at least {LEAST_FRAMES} frames/s: {'holds' if fast_enough else 'MISSED'}")
    if "irssi" not in results:
        print("  irssi is not installed: no ratio")
        return
    mine, theirs = results["quell"], results["irssi"]
    for what, index, allowed in (("burst", 0, 0.5), ("steady", 1, 2.0)):
        ratio = mine[index] / theirs[index]
        print(f"  {what}: {ratio:.2f} x irssi, at most {allowed}: {'holds' if ratio <= allowed else 'MISSED'}")


if __name__ == "__main__":
    main()
