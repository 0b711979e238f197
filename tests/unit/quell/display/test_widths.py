"""The width that is computed for a text is the one that a terminal gives it."""

import unicodedata

import pytest
from rich.cells import cell_len

from quell.display import Printable, cells, fitted, printable, wrapped
from quell.display.graphemes import graphemes
from quell.display.kinds import disputed, kinds_of
from tests.support.hostile import ATTACKS
from tests.support.widths import SCRIPTS, Ruler, mixtures, shrunk

SEEDS = range(8)
EACH = 400
RULER = Ruler()
LANGUAGES = {
    "Hindi": ("हिन्दी में क्षत्रिय विश्वविद्यालय, स्त्री, मन्त्र", 32),
    "Bengali": ("বাংলা ভাষা আন্দোলন", 15),
    "Tamil": ("தமிழ் மொழி", 9),
    "Malayalam": ("മലയാളം ന്\u200d", 8),
    "Sinhala": ("ශ්\u200dරී ලංකා", 7),
    "Thai": ("ภาษาไทย น้ำ กำ", 13),
    "Lao": ("ພາສາລາວ ນ້ຳ", 10),
    "Burmese": ("မြန်မာဘာသာ", 6),
    "Khmer": ("ភាសាខ្មែរ", 7),
    "Arabic": ("اللُّغَة العَرَبِيّة", 13),
    "Persian": ("می\u200cخواهم", 7),
    "Hebrew": ("עִבְרִית", 5),
    "Korean": ("한국어 각", 9),
    "Korean, decomposed": (unicodedata.normalize("NFD", "한국어"), 6),
    "Japanese": ("日本語 (｀ﾟДﾟ)", 13),
    "Vietnamese, decomposed": (unicodedata.normalize("NFD", "tiếng Việt"), 10),
    "families and flags": ("👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 🇩🇪 👍🏽 ❤\ufe0f 5\ufe0f\u20e3", 17),
}


def is_measured(text: str) -> bool:
    shown = printable(text)
    return cells(shown) == RULER.width(shown)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_text_is_as_wide_as_computed(seed: int) -> None:
    for text in mixtures(seed, EACH):
        if not is_measured(text):
            pytest.fail(f"seed {seed}: {shrunk(text, lambda shorter: not is_measured(shorter))!a}")


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_every_attack_is_as_wide_as_computed(attack: str) -> None:
    assert cells(printable(attack)) == RULER.width(printable(attack))


def test_every_character_of_the_scripts_that_join_is_as_wide_as_computed() -> None:
    for first, last in SCRIPTS:
        for character in map(chr, range(first, last + 1)):
            for text in (character, f"क{character}क", f"漢{character}", f"{character}👍"):
                assert is_measured(text), ascii(text)


@pytest.mark.parametrize(("text", "width"), LANGUAGES.values(), ids=LANGUAGES.keys())
def test_languages_stay_as_they_are_and_are_measured(text: str, width: int) -> None:
    shown = printable(text)
    assert shown.replace("\u200d\u200d", "\u200d").replace("\u200d\u200c", "\u200d") == text
    assert cells(shown) == RULER.width(shown) == width


@pytest.mark.parametrize("seed", SEEDS)
def test_what_terminals_do_not_dispute_textual_does_not_either(seed: int) -> None:
    undisputed = [shown for shown in map(printable, mixtures(seed, EACH)) if not disputed(shown)]
    assert len(undisputed) > EACH / 10
    for shown in undisputed:
        assert cells(shown) == cell_len(shown), (seed, ascii(shown))


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_and_columns_fit_for_the_terminal_and_for_textual(seed: int) -> None:
    for text in mixtures(seed, EACH // 4):
        shown = printable(text)
        for line in wrapped(shown, 9):
            assert RULER.width(line) <= 9, (seed, ascii(text), ascii(line))
            assert cell_len(line) <= 9, (seed, ascii(text), ascii(line))
            assert not line or kinds_of(line[0]) not in "mkKq", (seed, ascii(text), ascii(line))
        assert RULER.width(fitted(shown, 9)) == 9, (seed, ascii(text))


def test_graphemes_are_the_whole_text() -> None:
    for text, width in LANGUAGES.values():
        spans = list(graphemes(printable(text)))
        assert sum(wide for _, _, wide in spans) == width
        assert [start for start, _, _ in spans[1:]] == [end for _, end, _ in spans[:-1]]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("🇳 🇮🇹 🇷", "⟦N⟧ 🇮🇹 ⟦R⟧"),
        ("ᄀᄀ가", "⟦U+1100⟧⟦U+1100⟧가"),
        ("a \u0301b", "a ◌\u0301b"),
        ("\u202e\u0301", "⟦U+202E⟧◌\u0301"),
        ("\u0d4eക \u0d4e", "\u0d4eക ⟦U+0D4E⟧"),
        ("☰\u200d☰", "☰⟦U+200D⟧☰"),
        ("क्" * 8, "क्" * 6 + "◌" + "क्" * 2),
        ("क्\u200d" * 8, "क्\u200d\u200d" * 5 + "क्\u200d\u200c◌" + "क्\u200d\u200dक्\u200d\u200c"),
        ("ක්\u200d" * 8, "ක්\u200d\u200d" * 5 + "ක්\u200d\u200c◌" + "ක්\u200d\u200d" + "ක්\u200d\u200c"),
        ("ک\u200dب", "ک⟦U+200D⟧ب"),
    ],
)
def test_what_would_hide_in_its_neighbours_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable(Printable(shown)) == shown


@pytest.mark.parametrize("text", ["ක්\u200d", "क्\u200d", "ශ්\u200dक्\u200d", "\u094d\u200dශ්\u200dक्ष", "👍\u200d"])
def test_no_chain_of_joiners_keeps_a_line_from_being_broken(text: str) -> None:
    for line in wrapped(printable(text * 40), 12):
        assert cells(line) == RULER.width(line) <= 12
