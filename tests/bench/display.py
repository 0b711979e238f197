"""What display text costs: CPU time of plain and mixed messages, and of the largest texts.

Contenders, on the same texts in the same run: the standard library's `repr`, which escapes but hides every script and
emoji, and `rich.markup.escape` with `rich.cells.cell_len`, which is what an application on Rich gets by default and
which leaves every escape sequence in.
"""

import importlib.util
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.cells import cell_len
from rich.markup import escape

from quell.display import printable, wrapped
from quell.display.printable import LONGEST
from quell.moderation.matching import matching_form
from tests.bench import widths
from tests.support.hostile import ATTACKS
from tests.support.widths import mixtures

ROUNDS = 9
NUMBER = 3_000
LARGE = 10_000_000
PLAIN = "anyone coming to the stand-up? I think it is at eight"
MIXED = ("Добрий день! Хто знає, коли почнеться фінал? 👍 naïve 漢字 مرحبا sp\u200bam " * 4)[:200]
HINDI = ("नमस्ते दोस्तों, क्या कोई बता सकता है कि फाइनल कब शुरू होगा? मैं कल से इंतज़ार कर रहा हूँ और स्ट्रीम रुक रही है। " * 2)[:200]
EMOJI = ("👍🏽 👨\u200d👩\u200d👧 ❤\ufe0f 🇩🇪 ok " * 16)[:200]
LARGEST = {
    "plain": "plain words ",
    "controls": "\x1b[2J",
    "overrides": "\u202ea",
    "marks": "a\u0301\u0301\u0301\u0301\u0301\u0301",
    "joined emoji": "👍\u200d",
    "mixed": MIXED,
}
FUZZ_SECONDS = 15
SEEDS = 300
LONGEST_INPUT = 480
"""Bytes."""


def microseconds(call: Callable[[str], object], text: str) -> float:
    """CPU time of one call, the median of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(NUMBER):
            call(text)
        taken.append((time.process_time() - began) / NUMBER * 1e6)
    return statistics.median(taken)


def escaped_and_measured(text: str) -> object:
    """What an application on Rich does by default."""
    return cell_len(escape(text))


def measure(name: str, text: str, most: float) -> None:
    """Print what it costs to make a text printable and to break it into lines, and what the contenders do."""
    ours = microseconds(printable, text)
    print(f"  {name:<24} printable    {ours:7.2f} µs, at most {most:g}: {'holds' if ours <= most else 'MISSED'}")
    for call, what in ((wrapped_too, "wrapped too"), (repr, "repr"), (escaped_and_measured, "rich, unsafe")):
        theirs = microseconds(call, text)
        print(f"  {'':<24} {what:<12} {theirs:7.2f} µs;  ratio {ours / theirs:.2f}")


def wrapped_too(text: str) -> object:
    """What a row costs that is shown."""
    return wrapped(printable(text), 80)


def measure_largest() -> None:
    """Print how long the largest texts take, and the largest that are not cut, of the kinds that cost most."""
    for size in (LARGE, 12 * LONGEST):
        for name, unit in LARGEST.items():
            text = unit * (size // len(unit))
            began = time.process_time()
            printable(text)
            taken = time.process_time() - began
            verdict = "holds" if taken <= 1 else "MISSED"
            print(f"  {name:<22} {len(text):>10,} characters in {taken:.3f} s, at most 1: {verdict}")


def fuzz() -> None:
    """Let a coverage-guided fuzzer look for texts that break a property, where it is installed."""
    if importlib.util.find_spec("atheris") is None:
        print("  atheris is not installed: left out (pip install atheris)")
        return
    with TemporaryDirectory() as folder:
        for number, text in enumerate([*ATTACKS.values(), *mixtures(widths.SEED, SEEDS)]):
            Path(folder, str(number)).write_bytes(text.encode("utf-8", "surrogatepass"))
        options = [f"-max_total_time={FUZZ_SECONDS}", f"-artifact_prefix={folder}/", f"-max_len={LONGEST_INPUT}"]
        command = [sys.executable, "-m", "tests.bench.display_fuzzer", *options, folder]
        found = subprocess.run(command, capture_output=True, text=True)
    done = [line for line in found.stderr.splitlines() if line.startswith("Done")]
    verdict = f"{done[0]}: holds" if found.returncode == 0 and done else f"MISSED\n{found.stderr[-2000:]}"
    print(f"  atheris, {FUZZ_SECONDS} s, {SEEDS + len(ATTACKS)} texts to start with: {verdict}")


def main() -> None:
    print(f"Display text, CPU time, median of {ROUNDS} runs over {NUMBER:,} calls")
    measure("plain message", PLAIN, 3.0)
    measure("200 mixed characters", MIXED, 25.0)
    measure("200 characters of Hindi", HINDI, 25.0)
    measure("200 characters of emoji", EMOJI, 25.0)
    measure("the longest attack", max(ATTACKS.values(), key=len), 25.0)
    print("Texts in the form in which they are compared, CPU time")
    for name, text in (("plain message", PLAIN), ("200 mixed characters", MIXED)):
        print(f"  {name:<22} {microseconds(matching_form, text):7.2f} µs")
    print("The largest texts")
    measure_largest()
    widths.main()
    print("Fuzzing")
    fuzz()


if __name__ == "__main__":
    main()
