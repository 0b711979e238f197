"""Process start to first paint in a pseudo-terminal: `quell demo` against a minimal Textual application."""

import statistics
import sys
import time
from pathlib import Path

from tests.support.terminal import Terminal

RUNS = 11
ALLOWED_RATIO = 1.35
CONTENDERS = {
    "minimal Textual app": ([sys.executable, str(Path(__file__).with_name("minimal_app.py"))], b"painted"),
    "quell demo": ([sys.executable, "-m", "quell", "demo"], b"Quell"),
}


def first_paint(command: list[str], painted: bytes) -> float:
    """Seconds from starting the process to the first frame that shows what it should."""
    started = time.perf_counter()
    with Terminal(command) as terminal:
        terminal.wait_for(painted)
        return time.perf_counter() - started


def main() -> None:
    seconds: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for run in range(RUNS + 1):
        for name, (command, painted) in CONTENDERS.items():
            taken = first_paint(command, painted)
            if run:  # the first round only fills the disk cache
                seconds[name].append(taken)
    print(f"Process start to first paint, {RUNS} runs in turn, milliseconds")
    for name, each in seconds.items():
        print(f"  {name:<22} median {statistics.median(each) * 1e3:6.0f}   min {min(each) * 1e3:6.0f}")
    ratio = statistics.median(seconds["quell demo"]) / statistics.median(seconds["minimal Textual app"])
    verdict = "holds" if ratio <= ALLOWED_RATIO else "MISSED"
    print(f"  ratio {ratio:.2f}, at most {ALLOWED_RATIO}: {verdict}")
