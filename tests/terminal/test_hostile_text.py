"""Hostile text in a real terminal: nothing acts on it, nothing moves, and nothing is missing."""

import json
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from wcwidth import iter_graphemes, wcswidth

from quell.display import cells
from quell.display.cells import FENCE
from quell.display.printable import Printable
from tests.support.hostile import ATTACKS, generated
from tests.support.hostile_console import SENTINEL, Plan, written
from tests.support.terminal import Terminal
from tests.support.wire import Screen, sequences, text_of, unsafe_characters, wild_styles_and_moves

SIZE = (140, 40)
PASTED = "\x1b[200~one\ntwo\u202e\x9b2J\x1b[201~"
SEED = 7
GENERATED = 31
MOST_PAGES = 60
PATIENCE = 20.0
"""Seconds after which a screen that is not as it should be will never be."""
ESCAPE, PAGE_UP, BACK_TAB = "\x1b", "\x1b[5~", "\x1b[Z"
CLICKS = "".join(f"\x1b[<0;60;{row}M\x1b[<0;60;{row}m" for row in range(4, 36))
"""A click on the text of every message in view: text that could act would do it now."""
OURS = set("◼✓✗○◔→·–│▏▕▁▂▃▄▅▆▇█▔▊▎─━┃▸…⬡◈»●↻└▼┐┌┘╭╮╰╯▐▌▝▘▗▖▀▉")
"""Narrow characters of our own, one cell wide on every terminal."""


class Watching:
    """A console on a plan, and two emulated terminals that show what it draws."""

    def __init__(self, plan: Plan, terminal: Terminal) -> None:
        self.plan = plan
        self.terminal = terminal
        self._screens = [Screen(SIZE, clusters=clusters) for clusters in (True, False)]
        self._fed = 0

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
        self._until(lambda: not self.shows(text), lambda: "\n".join([f"still {text} in", *self._text()]))
        self.look()

    def look(self) -> list[list[tuple[int, str]]]:
        """What is drawn, once it is what the renderer meant to draw."""
        deadline = time.monotonic() + PATIENCE
        while True:
            lines = self._drawn()
            if not (differences := self._differences(lines)):
                return lines
            assert time.monotonic() < deadline, "\n".join(differences[:8])

    def see(self, text: str) -> None:
        """Wait until the screen shows a text."""
        self._until(lambda: self.shows(text), lambda: "\n".join([f"no {text} in", *self._text()]))

    def shows(self, text: str) -> bool:
        """Whether the screen shows a text."""
        return any(text in line for line in self._text())

    def _text(self) -> list[str]:
        return ["".join(self._screens[0].cells(0, y, SIZE[0])) for y in range(SIZE[1])]

    def _drawn(self) -> list[list[tuple[int, str]]]:
        """What the renderer means to draw, as the console tells when it is asked."""
        known = len(self._told())
        self.terminal.process.send_signal(signal.SIGUSR1)
        self._until(lambda: len(self._told()) > known)
        lines: list[list[tuple[int, str]]] = json.loads(self._told()[-1])
        return lines

    def _told(self) -> list[str]:
        return self.plan.screens.read_text().split("\n")[:-1] if self.plan.screens.exists() else []

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
                if (shown := [each.replace(FENCE, " ") for each in together.cells(x, y, len(meant))]) != meant:
                    found.append(f"line {y}, column {x}: {shown!r} in place of {meant!r}")
                certain, marked = _certain(text)
                shown = apart.cells(x, y, len(certain))
                if "".join(shown) != certain and not (marked and _but_for_the_last(shown) == certain):
                    found.append(f"line {y}, column {x}: {shown!r} in place of {certain!r}")
        return found

    def _until(self, condition: Callable[[], object], problem: Callable[[], str] = str) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            self.terminal.read()
            for screen in self._screens:
                screen.feed(self.terminal.output[self._fed :])
            self._fed = len(self.terminal.output)
            if condition():
                return
            assert self.terminal.process.poll() is None, self.terminal.output[-3000:]
            assert time.monotonic() < deadline, problem()


def in_cells(text: str) -> list[str]:
    """A text as cells of a screen hold it; of wide graphemes, the second cell holds nothing."""
    shown: list[str] = []
    for grapheme in iter_graphemes(text.replace(FENCE, " ")):
        width = min(wcswidth(grapheme), 2)
        shown += [grapheme, ""][:width]
    return shown


def _certain(text: str) -> tuple[str, bool]:
    """The beginning of a text of which every character is ASCII or our own, and whether a mark follows on it."""
    for place, character in enumerate(text):
        if not character.isascii() and character not in OURS:
            return text[:place], not cells(Printable(character))
    return text, False


def _but_for_the_last(shown: list[str]) -> str:
    """The text of some cells, the last of them without its marks."""
    return "".join([*shown[:-1], shown[-1][:1]]) if shown else ""


def visit(texts: list[str], folder: Path) -> tuple[str, list[str]]:
    """Every part of the console, with these texts in all of them: what reached the terminal, and what was deleted."""
    folder.mkdir()
    plan = Plan(texts, str(folder))
    command = [sys.executable, "-m", "tests.support.hostile_console", "console", str(written(plan))]
    with Terminal(command, size=SIZE) as terminal:
        watching = Watching(plan, terminal)
        last = f"{SENTINEL} {len(texts) - 1:04}"
        watching.see(last)
        pages = 0
        while not watching.shows(f"{SENTINEL} 0000"):
            watching.press(CLICKS, PAGE_UP)
            assert (pages := pages + 1) < MOST_PAGES
        watching.open("G", last)
        for key, text in (("?", "Next message"), ("\x10", "Search for commands")):
            watching.open(key, text)
            watching.press("\x1b[B")
            watching.close(text)
        watching.open("/", 'words "phrase"')
        watching.open(PASTED, "U+202E RIGHT")
        watching.close("one two")
        watching.press("k")
        watching.open("d", "Enter deletes")
        watching.press("1")
        watching.open("\r", "1 done")
        watching.press("j")
        watching.open("d", "Enter deletes")
        watching.press("1")
        watching.open("\r", "1 refused")
        for key, text in (("o", "Esc closes"), ("b", "pause or go on"), ("J", "every deletion and disconnection")):
            watching.open(key, text)
            watching.close(text)
        watching.press("k")
        for key, text in (("I", "topic"), ("P", "that you have not joined"), ("c", "Code points")):
            watching.open(key, text)
            watching.press("\x1b[B")
            watching.close("Esc closes")
        watching.open("D", "Disconnect the author")
        watching.press("1")
        watching.open("\r", "ended every")
        watching.press(BACK_TAB, "j", "j")
        watching.open("\r", "can not be followed")
        terminal.type("\x11")
        assert terminal.wait_for_exit() == 0, terminal.output[-3000:]
        assert terminal.modes == terminal.modes_before
        return text_of(terminal.output), json.loads(plan.deleted.read_text())


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """The same visit with texts that nobody could mind."""
    return visit([f"plain words {number}" for number in range(21)], tmp_path_factory.mktemp("plain") / "plan")


def test_the_console_shows_hostile_text_and_nothing_happens(tmp_path: Path, plain: tuple[str, list[str]]) -> None:
    texts = [*ATTACKS.values(), *generated(SEED, GENERATED)]
    assert len(texts) % 2, "the last one is to be refused"
    output, deleted = visit(texts, tmp_path / "plan")
    assert sequences(output) == sequences(plain[0])
    assert not wild_styles_and_moves(output, SIZE)
    assert not unsafe_characters(output)
    assert deleted == [f"p{len(texts) - 1:04}", f"h{len(texts) - 1:04}"]
    assert "Traceback" not in output
    assert "⟦U+202E⟧" in output


def test_widths() -> None:
    assert all(cells(Printable(each)) == 1 for each in OURS)


COMMANDS = [
    ["rooms"],
    ["rooms", "--json"],
    ["watch", "work/r1", "--history", "500", "--for", "0.5"],
    ["watch", "work/r1", "--history", "500", "--for", "0.5", "--json"],
    ["watch", "work/r2", "--for", "0.5"],
    ["delete", "work/r1", "h0000", "h0001", "h0003", "--reason", "spam", "--dry-run"],
    ["delete", "work/r1", "h0000", "h0001", "h0002", "--reason", "spam", "--yes", "--grace", "0"],
    ["watch", "work/\x1b[2Jno such room\u202e"],
]


@pytest.fixture
def hostile_plan(tmp_path: Path, home: Path) -> Plan:
    """Commands find an account that says every attack there is."""
    folder = home / "config" / "quell"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('moderator = "Mo"\n[accounts.work]\nprovider = "fake"\n')
    return Plan([*ATTACKS.values(), *generated(SEED + 1, GENERATED)], str(tmp_path))


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda words: " ".join(words[:1] + words[-1:]))
def test_commands_print_no_attack(hostile_plan: Plan, tmp_path: Path, arguments: list[str]) -> None:
    log = tmp_path / "quell.log"
    command = [sys.executable, "-m", "tests.support.hostile_console", "command", str(written(hostile_plan))]
    with Terminal([*command, "--log-file", str(log), *arguments], size=SIZE) as terminal:
        assert terminal.wait_for_exit() in (0, 1, 2), terminal.output[-3000:]
        output = text_of(terminal.output)
    assert set(sequences(output)) <= {"\x1b[K"}, "but for the progress bar, nothing is drawn"
    assert not unsafe_characters(output)
    assert "Traceback" not in output
    assert output.strip()
    assert not unsafe_characters(log.read_text())
    assert not sequences(log.read_text())


def test_tables_and_records_of_the_journal_print_no_attack(hostile_plan: Plan) -> None:
    command = [sys.executable, "-m", "tests.support.hostile_console", "command", str(written(hostile_plan))]
    ids = [f"h{number:04}" for number in range(len(hostile_plan.texts))]
    with Terminal([*command, "delete", "work/r1", *ids, "--reason", "spam", "--yes", "--grace", "0"]) as terminal:
        assert terminal.wait_for_exit() == 1
    for arguments in (["list"], ["export"], ["export", "--format", "csv"], ["verify"]):
        with Terminal([*command, "audit", *arguments], size=SIZE) as terminal:
            assert terminal.wait_for_exit() == 0, terminal.output[-3000:]
            output = text_of(terminal.output)
        assert not sequences(output)
        assert not unsafe_characters(output)
