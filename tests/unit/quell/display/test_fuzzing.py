"""Properties of display text, on generated texts; a failure names the seed and the text."""

import random
import time
import unicodedata
from collections.abc import Callable

import pytest

from quell.display import cells, fitted, printable, runs, wrapped, wrapped_runs
from quell.display.fences import FENCE
from quell.display.printable import plain
from quell.moderation.matching import matching_form, skeleton
from tests.support.hostile import generated
from tests.support.widths import mixtures

SEEDS = range(8)
RUNS = 5
"""The fastest one counts: others may be held up by anything else."""
EACH = 60
SCRIPTS = [
    *("a", " ", "1", "#", "é", "漢", "\u0301", "\u0338", "\u20e3", "\u200d", "\u200c", "\ufe0f", "👍", "❤", "☝"),
    *("🏽", "🇩", "🇪", "\U0001f3f4", "م", "ی", "\u064b", "क", "ा", "ি", "ক", "ශ්", "ෂ", "한", "ก", "็", "ש", "✅", "‼"),
    *("\u202e", "\u200b", "\x1b", "\x9b", "\n", "\r", "\t", "\u2028", "\U0001fae9", "⟦", "⟧"),
    *("\ud800", "\ue000", "\u2800", "\u00ad"),
]


def texts(seed: int) -> list[str]:
    """Cut and joined attacks, mixtures of scripts, and any characters at all."""
    source = random.Random(seed)
    mixed = ["".join(source.choices(SCRIPTS, k=source.randint(1, 14))) for _ in range(EACH)]
    wild = ["".join(chr(source.randrange(0x110000)) for _ in range(source.randint(1, 9))) for _ in range(EACH)]
    return [*generated(seed, EACH), *mixed, *wild, *mixtures(seed, EACH)]


@pytest.mark.parametrize("seed", SEEDS)
def test_display_text_is_safe_and_final(seed: int) -> None:
    for text in texts(seed):
        shown = printable(text)
        assert printable(shown) == shown, (seed, ascii(text))
        assert plain(runs(text)) == shown, (seed, ascii(text))
        assert not [each for each in shown if unicodedata.category(each) in ("Cc", "Cs", "Co", "Zl", "Zp")], ascii(text)
        assert FENCE not in shown, (seed, ascii(text))
        assert matching_form(matching_form(text)) == matching_form(text), (seed, ascii(text))
        skeleton(text)


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_and_columns_are_never_too_wide(seed: int) -> None:
    for text in texts(seed):
        shown = printable(text)
        for width in (3, 12, 40):
            lines = wrapped(shown, width)
            assert all(cells(line) <= width for line in lines), (seed, ascii(text), width)
            assert cells(fitted(shown, width)) == width, (seed, ascii(text), width)
            kept = "".join("".join(lines).split())
            assert kept == "".join(shown.split()), (seed, ascii(text), width)
            assert [plain(line) for line in wrapped_runs(runs(text), width)] == lines, (seed, ascii(text), width)


UNITS = {
    "plain": "plain words ",
    "controls": "\x00\x1b",
    "overrides": "\u202ea",
    "marks": "a" + "\u0301" * 9,
    "joiners": "👍\u200d",
    "letters with joiners": "ک\u200d",
    "jamo": "가",
    "scripts": "naïve 漢字 مرحبا ",
    "spaces": "a   ",
    "no spaces": "x",
}


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS.keys())
@pytest.mark.parametrize("function", [printable, matching_form, lambda text: wrapped(printable(text), 40)])
def test_time_is_linear(function: Callable[[str], object], unit: str) -> None:
    """Eight times the text takes about eight times as long; quadratic work would take 64 times."""
    small, large = unit * (4_000 // len(unit)), unit * (32_000 // len(unit))
    function(small)
    allowed = 24 * min(_seconds(function, small) for _ in range(RUNS)) + 0.02
    assert any(_seconds(function, large) < allowed for _ in range(RUNS))


def _seconds(function: Callable[[str], object], text: str) -> float:
    """CPU time."""
    began = time.process_time()
    function(text)
    return time.process_time() - began
