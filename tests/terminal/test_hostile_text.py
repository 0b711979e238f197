"""Hostile text in a real terminal: nothing acts on it, nothing moves, and nothing is missing."""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from quell.display import cells
from quell.display.printable import Printable
from tests.support.hostile import ATTACKS, CONSOLE, generated
from tests.support.hostile_console import SENTINEL, Plan, written
from tests.support.terminal import Terminal
from tests.support.watching import OURS, Watching, click
from tests.support.wire import sequences, text_of, unsafe_characters, wild_styles_and_moves

SIZE = (140, 40)
PASTED = "\x1b[200~one\ntwo\u202e\x9b2J\x1b[201~"
SEED = 7
GENERATED = 30
MOST_PAGES = 300
PAGE_UP, END, BACK_TAB = "\x1b[5~", "\x1b[F", "\x1b[Z"
TRAP, TRAP_NUMBER = "see here:", 3
"""Begins a message that is clicked all over where it is shown in full; and which one that is."""
CLICKS = "".join(click(59, y) for y in range(3, 35))
"""A click on the text of every message in view: text that could act would do it now."""


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
        click_through_the_detail(watching)
        watching.open("G", last)
        watching.close(" marked")
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


def click_through_the_detail(watching: Watching) -> None:
    """Click all over a message as the detail pane shows it, on each of its lines, and on everything about its link."""
    watching.press("g", *"j" * (2 * TRAP_NUMBER + 1))
    left = watching.column_of("▏", 1) + 1
    for text in (TRAP, "first   seen", "journal nothing"):
        watching.see(text, column=left)
    watching.gone("already deleted")  # what was told of clicks before lies over links
    watching.look()
    watching.click_on(range(left, SIZE[0] - 1, 12), lines_but_for_links(watching, left))
    watching.open(END, "user id")
    watching.click_on(range(left, SIZE[0] - 1, 12), lines_but_for_links(watching, left))
    watching.open(click(left + 10, watching.line_of("https://evil.example/x", column=left + 8)), "Open this link?")
    click_through_the_dialog(watching)
    watching.close("Open this link?")
    watching.close("← previous")


def lines_but_for_links(watching: Watching, left: int) -> list[int]:
    """The lines of the detail pane, but for those of links, which tell where they lead when they are clicked."""
    named = [(y, line) for y, line in enumerate(watching.lines(left)) if 1 < y < SIZE[1] - 1]
    kept, in_links = [], False
    for y, line in named:
        in_links = line.startswith(" link ") or (in_links and not line.startswith((" can delete", " ▎")))
        kept += [] if in_links else [y]
    return kept


def click_through_the_dialog(watching: Watching, lines: re.Pattern[str] = re.compile("[^ ]")) -> None:
    """Click all over those lines of the dialog in which this is found, but for the one that says what keys do."""
    top, bottom = watching.line_of("╭"), watching.line_of("╰")
    left, right = watching.column_of("╭", top), watching.column_of("╮", top)
    shown = enumerate(watching.lines(left + 1)[top + 1 : bottom], top + 1)
    watching.click_on(range(left + 1, right, 24), [y for y, line in shown if lines.search(line) and "Esc" not in line])


def texts_with_trap(texts: Sequence[str], trapped: Iterable[str]) -> list[str]:
    """The texts, and among them one to be clicked on, with these in it and a link."""
    trap = "\n".join([TRAP, *trapped, "https://evil.example/x"])
    return [*texts[:TRAP_NUMBER], trap, *texts[TRAP_NUMBER:]]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """The same visit with texts that nobody could mind."""
    texts = texts_with_trap([f"plain words {number}" for number in range(20)], ["words"])
    return visit(texts, tmp_path_factory.mktemp("plain") / "plan")


def test_the_console_shows_hostile_text_and_nothing_happens(tmp_path: Path, plain: tuple[str, list[str]]) -> None:
    texts = texts_with_trap([*ATTACKS.values(), *generated(SEED, GENERATED)], CONSOLE.values())
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
