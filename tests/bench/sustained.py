"""The console under 5,000 messages a second for a minute, and at rest on a million: in tmux where it is installed.

The firehose's socket, decoding and drawing included, 200x50. Times are taken inside the console (`timed_console`).
"""

import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.bench.feed_terminal import CONFIG, SIZE, Firehose, Watched, running
from tests.bench.timed_console import SOCKET, Order, Report

HELD, RATE, SECONDS = 100_000, 5_000, 60
MILLION = 1_000_000
RESTING = 30
ARRIVING = 500
"""Messages a second that arrive while a million is filtered and marked."""


class Timed:
    """A console that can be asked how it fares.

    Args:
        watched: Its terminal.
        path: Its socket.
    """

    def __init__(self, watched: Watched, path: str) -> None:
        self._watched = watched
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)
        self._answers = self._socket.makefile("rb")

    def report(self, seconds: float, *, watch_loop: bool = False) -> Report:
        """What happens in the next seconds."""
        self._socket.sendall(msgspec.json.encode(Order(seconds, watch_loop)) + b"\n")
        return msgspec.json.decode(self._answers.readline(), type=Report)

    def typing(self, seconds: float, *, watch_loop: bool = False) -> Report:
        """The same, while somebody looks back a few messages every second, and then follows again."""
        over = threading.Event()
        typist = threading.Thread(target=self._type, args=(over,))
        typist.start()
        try:
            return self.report(seconds, watch_loop=watch_loop)
        finally:
            over.set()
            typist.join()

    def type(self, keys: str) -> None:
        """Press keys, not so fast that tmux takes them for pasted text."""
        for key in keys:
            self._watched.type(key)
            time.sleep(0.02)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        self._watched.resize(columns, lines)

    def until_rows(self, count: int) -> None:
        """Wait until the feed has so many rows."""
        deadline = time.monotonic() + 300
        while self.report(0.2).rows < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"there never were {count:,} rows")

    def _type(self, over: threading.Event) -> None:
        dice = random.Random(5)
        while True:
            for key in "kkjkkjkG":
                if over.wait(dice.uniform(0.0, 0.06)):
                    return
                self.type(key)
            if over.wait(0.4):
                return

    def close(self) -> None:
        self._socket.close()


@contextmanager
def console(firehose: Firehose, keep: int) -> Iterator[Timed]:
    """The console on the firehose's room, which keeps so many messages."""
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), f"{name}/bench.socket"
        (folder / "aws").write_text("[bench]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n")
        config = folder / "config.toml"
        kept = f"\n[console]\nkeep_messages = {keep}\n"
        config.write_text(CONFIG.format(folder=folder, port=firehose.ports["ivs"]) + kept)
        environment = {"XDG_DATA_HOME": name, "HOME": name, SOCKET: path}
        command = [sys.executable, "-m", "tests.bench.timed_console", "--config", str(config)]
        with in_tmux(command, folder) as shown, running(shown, environment, b"has no history") as watched:
            timed = Timed(watched, path)
            try:
                yield timed
            finally:
                timed.close()


@contextmanager
def in_tmux(command: list[str], folder: Path) -> Iterator[list[str]]:
    """The command to see this command in a tmux of its own, if there is one."""
    if shutil.which("tmux") is None:
        yield command
        return
    settings = folder / "tmux.conf"
    settings.write_text("set -g status off\nset -g default-terminal tmux-256color\nset -s escape-time 10\n")
    tmux = ["tmux", "-S", str(folder / "tmux.socket"), "-f", str(settings)]
    try:
        yield [*tmux, "new-session", *command]
    finally:
        subprocess.run([*tmux, "kill-server"], check=True)


def milliseconds(values: list[float]) -> str:
    if len(values) < 2:
        return f"only {len(values)} measured"
    return f"p50 {p50(values) * 1e3:.1f} ms, p99 {p99(values) * 1e3:.1f} ms, longest {max(values) * 1e3:.0f} ms"


def p50(values: list[float]) -> float:
    return statistics.median(values)


def p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[-1]


def usage(report: Report) -> str:
    """How busy the console was, and how much others on the machine were in its way: times mean little then."""
    return f"{report.cpu / report.taken:.1%} of a core, {report.queued / report.taken:.1%} waiting for one"


def verdict(what: str, value: float, allowed: float, *, least: bool = False) -> None:
    holds = value >= allowed if least else value <= allowed
    print(f"    {what}: {value:.1f}, at {'least' if least else 'most'} {allowed:g}: {'holds' if holds else 'MISSED'}")


def sustained(firehose: Firehose) -> None:
    print(f"  {RATE:,} messages/s for {SECONDS} s, {HELD:,} rows held, somebody typing")
    with console(firehose, HELD) as it:
        firehose.send("ivs", HELD)
        it.until_rows(HELD)
        before = it.report(2.0)
        began = time.monotonic()
        sender = threading.Thread(target=firehose.send, args=("ivs", RATE * SECONDS, RATE))
        sender.start()
        report = it.typing(SECONDS)
        sender.join()
        took = time.monotonic() - began
    half = len(report.lags) // 2
    earlier, later = (p50(part) for part in (report.lags[:half], report.lags[half:]))
    print(f"    {usage(report)};")
    print(f"    a key to its frame, {len(report.keys)} keys: {milliseconds(report.keys)};")
    print(f"    the newest message from its sending to its frame: {milliseconds(report.lags)};")
    print(f"    RSS {before.rss / 1e6:.0f} MB before, {report.rss / 1e6:.0f} MB after")
    verdict("sent, messages a second", RATE * SECONDS / took, 0.98 * RATE, least=True)
    verdict("frames a second", report.frames / report.taken, 20, least=True)
    verdict("key p50", p50(report.keys) * 1e3, 8)
    verdict("key p99", p99(report.keys) * 1e3, 33)
    verdict("median lag in the later half as a multiple of the one in the earlier half", later / earlier, 1.5)
    verdict("longest garbage collection, ms", report.collected * 1e3, 15)


def million(firehose: Firehose) -> None:
    print(f"  {MILLION:,} rows held")
    with console(firehose, MILLION * 11 // 10) as it:
        before = it.report(1.0)
        firehose.send("ivs", MILLION)
        it.until_rows(MILLION)
        it.report(2.0)
        resting = it.report(RESTING)
        keys = it.typing(RESTING)
        print(f"    {usage(keys)}; a key to its frame, {len(keys.keys)} keys: {milliseconds(keys.keys)}")
        verdict("RSS, bytes a message", (resting.rss - before.rss) / MILLION, 420)
        verdict("longest garbage collection, ms", max(resting.collected, keys.collected) * 1e3, 15)
        verdict("idle, % of a core", resting.cpu / resting.taken * 100, 1)
        verdict("key p50", p50(keys.keys) * 1e3, 8)
        verdict("key p99", p99(keys.keys) * 1e3, 25)
        resized(it)
        busy(it, firehose)


def resized(it: Timed) -> None:
    taken: list[float] = []
    for columns, lines in ((120, 40), SIZE) * 3:
        it.resize(columns, lines)
        taken += it.report(2.0).resizes
    verdict("resize to the first frame, median ms", p50(taken) * 1e3, 60)


def busy(it: Timed, firehose: Firehose) -> None:
    """Filter and mark, with messages arriving."""
    sender = threading.Thread(target=firehose.send, args=("ivs", ARRIVING * 50, ARRIVING))
    sender.start()
    for what, keys in (
        ("typing a filter", "/discord\r"),
        ("marking all", "*"),
        ("dropping the marks", "\x1b"),
        ("dropping the filter", "\x1b"),
    ):
        it.type(keys)
        # What is typed before the feed has the keys again belongs to the filter.
        time.sleep(0.5)
        report = it.typing(8.0, watch_loop=True)
        print(
            f"    {what}, {ARRIVING} arriving/s, {report.rows:,} rows: a key to its frame {milliseconds(report.keys)};"
        )
        print(f"      the loop away {report.away * 1e3:.0f} ms at most; garbage {report.collected * 1e3:.1f} ms")
    sender.join()


def main() -> None:
    where = "tmux" if shutil.which("tmux") else "a plain terminal: tmux is not installed"
    print(f"The console under load and at rest, {SIZE[0]}x{SIZE[1]}, in {where}")
    for part in (sustained, million):
        firehose = Firehose()
        try:
            part(firehose)
        finally:
            firehose.close()


if __name__ == "__main__":
    main()
