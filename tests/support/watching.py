"""A console in a terminal, and whether the screen shows what it means to show."""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache

import msgspec
from wcwidth import iter_graphemes, wcswidth

from quell.display import cells
from quell.display.fences import FENCE
from quell.display.printable import Printable
from tests.support.hostile_console import TELL, Plan, Told
from tests.support.terminal import Terminal
from tests.support.wire import Screen

PATIENCE = 20.0
"""Seconds after which a screen that is not as it should be will never be."""
ASK_AGAIN = 2.0
"""Seconds after which a console that did not tell what it draws is asked once more."""
LOOKS = 3
"""How often it is looked at the screen until the console is asked anew: what it told of is on its way there."""
ESCAPE = "\x1b"
ACTION = re.compile("(press|open_link)\\([0-9]+\\)")
"""What a click on a cell may run: what a key does that is shown there, and telling where a link leads."""
OURS = set("◼✓✗○◔→·–│▏▕▁▂▃▄▅▆▇█▔▊▎─━┃▸…⬡◈»●↻└▼┐┌┘╭╮╰╯▐▌▝▘▗▖▀▉")
"""Narrow characters of our own, one cell wide on every terminal."""


def click(x: int, y: int) -> str:
    """What a terminal sends for a click on a cell, counted from 0."""
    return f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m"


class Watching:
    """A console on a plan, and two emulated terminals that show what it draws."""

    def __init__(self, plan: Plan, terminal: Terminal) -> None:
        self.plan = plan
        self.terminal = terminal
        self._size = terminal.size
        self._screens = [Screen(terminal.size, clusters=clusters) for clusters in (True, False)]
        self._fed = 0
        self._told_to = 0

    def press(self, *keys: str) -> None:
        """Press keys one after the other, and look at the screen after each."""
        for key in keys:
            self.terminal.type(key)
            self.look()

    def open(self, key: str, text: str) -> None:
        """Press a key until the screen shows a text, and look at it."""
        self.terminal.type(key)
        self.see(text)
        self.look()

    def close(self, text: str) -> None:
        """Escape from what shows a text. Until that is gone, the next key could be taken for a part of this one."""
        self.terminal.type(ESCAPE)
        self.gone(text)
        self.look()

    def look(self) -> None:
        """Wait until what is drawn is what the renderer meant to draw; none of it acts but on our own behalf."""
        deadline = time.monotonic() + PATIENCE
        while True:
            meant = self._drawn()
            assert all(ACTION.fullmatch(action) for action in meant.actions), meant.actions
            assert not meant.links
            for _ in range(LOOKS):
                if not (differences := self._differences(meant.lines)):
                    return
                self._read()
            assert time.monotonic() < deadline, "\n".join(differences[:8])

    def see(self, text: str, *, column: int = 0) -> None:
        """Wait until the screen shows a text, from some column on."""
        self.until(lambda: self.shows(text, column=column), lambda: "\n".join([f"no {text} in", *self.lines()]))

    def gone(self, text: str) -> None:
        """Wait until the screen does not show a text any more."""
        self.until(lambda: not self.shows(text), lambda: "\n".join([f"still {text} in", *self.lines()]))

    def shows(self, text: str, *, column: int = 0) -> bool:
        """Whether the screen shows a text, from some column on."""
        return any(text in line for line in self.lines(column))

    def line_of(self, text: str, *, column: int = 0) -> int:
        """The first line of the screen that has this text, from some column on."""
        found = [y for y, line in enumerate(self.lines(column)) if text in line]
        assert found, "\n".join([f"no {text} in", *self.lines(column)])
        return found[0]

    def lines(self, column: int = 0) -> list[str]:
        """The lines of the screen, from some column on."""
        return ["".join(self._screens[0].cells(column, y, self._size[0])) for y in range(self._size[1])]

    def column_of(self, text: str, y: int) -> int:
        """The column of a line that holds this character."""
        return self._screens[0].cells(0, y, self._size[0]).index(text)

    def click_on(self, columns: Iterable[int], lines: Iterable[int]) -> None:
        """Click on every one of these cells, and look at the screen."""
        self.press("".join(click(x, y) for y in lines for x in columns))

    def _drawn(self) -> Told:
        """What the renderer means to draw, as the console tells when it is asked."""
        asked, told = 0.0, self._newly_told()[:0]

        def is_told() -> bool:
            nonlocal asked, told
            if time.monotonic() - asked > ASK_AGAIN:
                asked = time.monotonic()
                self.terminal.type(TELL)
            told = self._newly_told()
            return bool(told)

        self.until(is_told)
        return msgspec.json.decode(told[-1], type=Told)

    def _newly_told(self) -> list[bytes]:
        """What the console told since this was asked last."""
        if not self.plan.screens.exists():
            return []
        with self.plan.screens.open("rb") as file:
            file.seek(self._told_to)
            told, end, _ = file.read().rpartition(b"\n")
        self._told_to += len(told) + len(end)
        return told.split(b"\n") if end else []

    def _differences(self, lines: Sequence[Sequence[tuple[int, str]]]) -> list[str]:
        """Parts of the screen that are not as meant.

        A terminal that keeps graphemes together shows every cell as meant; for one that does not, the beginnings count,
        up to the first character of somebody else's.
        """
        together, apart = self._screens
        found = []
        for y, parts in enumerate(lines):
            for x, text in parts:
                meant = in_cells(text)
                if (shown := _unfenced(together.cells(x, y, len(meant)))) != meant:
                    found.append(f"line {y}, column {x}: {shown!r} in place of {meant!r}")
                certain, marked = _certain(text)
                shown = _unfenced(apart.cells(x, y, len(certain)))
                if "".join(shown) != certain and not (marked and _but_for_the_last(shown) == certain):
                    found.append(f"line {y}, column {x}: {shown!r} in place of {certain!r}")
        return found

    def until(self, condition: Callable[[], object], problem: Callable[[], str] = str) -> None:
        """Read what is drawn until this holds."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self._read()
            if condition():
                return
            assert self.terminal.process.poll() is None, self.terminal.output[-3000:]
            assert time.monotonic() < deadline, problem()

    def _read(self) -> None:
        """Let both terminals draw what was written since."""
        self.terminal.read()
        written = bytes(self.terminal.output[self._fed :])
        self._fed += len(written)
        for screen in self._screens:
            screen.feed(written)


@cache
def in_cells(text: str) -> list[str]:
    """A text as cells of a screen hold it; of wide graphemes, the second cell holds nothing."""
    shown: list[str] = []
    for grapheme in iter_graphemes(text.replace(FENCE, " ")):
        width = min(wcswidth(grapheme), 2)
        shown += [grapheme, ""][:width]
    return shown


def _unfenced(shown: list[str]) -> list[str]:
    return [each.replace(FENCE, " ") for each in shown]


def _certain(text: str) -> tuple[str, bool]:
    """The beginning of a text of which every character is ASCII or our own, and whether a mark follows on it."""
    for place, character in enumerate(text):
        if not character.isascii() and character not in OURS:
            return text[:place], not cells(Printable(character))
    return text, False


def _but_for_the_last(shown: list[str]) -> str:
    """The text of some cells, the last of them without its marks."""
    return "".join([*shown[:-1], shown[-1][:1]]) if shown else ""
