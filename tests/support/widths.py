"""How wide terminals show texts, and texts of which they might not agree."""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bittty import Board

from quell.display.kinds import kinds_of

SCRIPTS = [
    *((0x600, 0x6FF), (0x900, 0x97F), (0x980, 0x9FF), (0xA00, 0xA7F), (0xB80, 0xBFF), (0xC00, 0xC7F), (0xD00, 0xD7F)),
    *((0xD80, 0xDFF), (0xE00, 0xE7F), (0xF00, 0xFFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF)),
    *((0x1B00, 0x1B7F), (0xA980, 0xA9DF), (0xAC00, 0xAC1F), (0x11100, 0x1114F), (0x1F1E6, 0x1F1FF)),
    *((0x1F3F0, 0x1F4FF), (0x2600, 0x27FF), (0x200B, 0x200F), (0xFF66, 0xFF9F), (0x1CF0, 0x1CFA)),
]
"""Blocks of scripts and symbols in which neighbours make one character of several."""
_BETWEEN = "\u200d\u200d\u200c\ufe0f\ufe0e a\u0301\u094d\u09cd漢"
PATIENCE = 120.0
"""Seconds that another terminal may take to measure everything."""


class Ruler:
    """An emulated terminal that keeps graphemes together, and tells how wide a text comes out."""

    LENGTH = 5_000
    """Cells of the longest text that it can measure."""

    def __init__(self) -> None:
        self._board = Board(width=self.LENGTH + 2, height=2)
        self._board.feed_host_data(b"\x1b[?2027h")

    def width(self, text: str) -> int:
        """Cells, as the cursor tells; something has to follow a text before its last grapheme is complete.

        Raises:
            ValueError: The text is longer than the ruler.
        """
        self._board.feed_host_data(b"\x1b[H\x1b[K" + text.encode() + b"|")
        if self._board.cursor.y:
            raise ValueError(f"the text is longer than {self.LENGTH} cells")
        return int(self._board.cursor.x) - 1


def tmux_widths(texts: Sequence[str]) -> list[int]:
    """Cells that each of these texts takes in tmux, as it answers when it is asked for the cursor's place.

    Raises:
        OSError: tmux does not run here.
        TimeoutError: It does not answer.
    """
    with TemporaryDirectory() as folder:
        asked, told = Path(folder, "asked.json"), Path(folder, "told.json")
        asked.write_text(json.dumps(list(texts)))
        tmux = ["tmux", "-u", "-f", "/dev/null", "-S", f"{folder}/socket"]
        inside = [sys.executable, "-m", "tests.support.widths", str(asked), str(told)]
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        subprocess.run([*tmux, "new-session", "-d", "-x", "2000", "-y", "4", *inside], check=True, env=environment)
        try:
            deadline = time.monotonic() + PATIENCE
            while not told.exists():
                if time.monotonic() > deadline:
                    raise TimeoutError("tmux did not measure the texts")
                time.sleep(0.02)
        finally:
            subprocess.run([*tmux, "kill-server"], capture_output=True)
        widths: list[int] = json.loads(told.read_text())
        return widths


def ask_the_terminal(asked: Path, told: Path) -> None:
    """Measure texts in the terminal that this process runs in."""
    import re
    import tty

    terminal = os.open("/dev/tty", os.O_RDWR)
    tty.setraw(terminal)
    texts: list[str] = json.loads(asked.read_text())
    widths: list[int] = []
    for start in range(0, len(texts), 50):
        batch = texts[start : start + 50]
        # A letter between the texts, which ends whatever the last one left unfinished.
        os.write(terminal, b"".join(b"xx\r\x1b[2K" + text.encode() + b"\x1b[6n" for text in batch))
        answer = b""
        while answer.count(b"R") < len(batch):
            answer += os.read(terminal, 65_536)
        widths += [int(column) - 1 for column in re.findall(rb"\x1b\[\d+;(\d+)R", answer)]
    part = told.with_suffix(".part")
    part.write_text(json.dumps(widths))
    part.rename(told)


def mixtures(seed: int, count: int) -> Iterator[str]:
    """As many texts as asked for, made of characters that terminals put together, and of such that they do not."""
    source = Random(seed)
    for _ in range(count):
        match source.randrange(10):
            case 0 | 1 | 2 | 3:
                text = [source.choice(_of_each_kind()[source.choice(_kinds())]) for _ in range(source.randint(1, 14))]
            case 4 | 5 | 6:
                blocks = source.sample(SCRIPTS, 2)
                text = [_one_of(blocks, source) for _ in range(source.randint(1, 14))]
            case 7 | 8:
                block = source.choice(SCRIPTS)
                text = [chr(source.randint(*block)) for _ in range(source.randint(1, 24))]
            case _:
                text = [chr(source.randrange(0x110000)) for _ in range(source.randint(1, 9))]
        yield "".join(text)


def shrunk(text: str, fails: Callable[[str], bool]) -> str:
    """The shortest text that still fails and is what is left of this one."""
    place = 0
    while place < len(text):
        shorter = text[:place] + text[place + 1 :]
        if shorter and fails(shorter):
            text, place = shorter, 0
        else:
            place += 1
    return text


def _one_of(blocks: Sequence[tuple[int, int]], source: Random) -> str:
    return source.choice(_BETWEEN) if source.random() < 0.15 else chr(source.randint(*source.choice(blocks)))


@cache
def _of_each_kind() -> dict[str, list[str]]:
    found = defaultdict(list)
    blocks = [range(first, last + 1) for first, last in SCRIPTS]
    for code in (*range(0x250), *(code for block in blocks for code in block), *range(0x1F1E6, 0x1FB00)):
        found[kinds_of(chr(code))].append(chr(code))
    return dict(found)


@cache
def _kinds() -> tuple[str, ...]:
    return tuple(sorted(_of_each_kind()))


if __name__ == "__main__":
    ask_the_terminal(Path(sys.argv[1]), Path(sys.argv[2]))
