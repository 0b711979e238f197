import random
from importlib import import_module

import pytest

from quell.display import Printable, cells, fitted, printable, runs, wrapped, wrapped_runs
from quell.display.fences import FENCE

TEXTS = [
    "",
    "word",
    "some words of plain text",
    "x" * 50,
    "漢字かな交じり文と emoji 👩‍👩‍👧 together",
    "a  b",
    "ends in spaces      ",
    "🇩🇪🇫🇷🇺🇦🇬🇧🇩🇪🇫🇷🇺🇦",
    "na\u0308ive re\u0301sume\u0301 " * 4,
    "বাংলা ভাষা আন্দোলন",
    "ශ්\u200d\u200dරී ලංකා",
    "שלום עולם וברכה",
]


@pytest.mark.parametrize("width", [1, 2, 3, 7, 20])
@pytest.mark.parametrize("text", TEXTS)
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text: str, width: int) -> None:
    lines = wrapped(Printable(text), width)
    assert lines
    assert all(cells(line) <= max(width, 2) for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize("seed", range(20))
def test_plain_text_is_broken_where_any_other_is(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(seed)
    texts = [Printable("".join(source.choices("abc ", [3, 3, 3, 2], k=source.randint(0, 80)))) for _ in range(100)]
    quickly = [wrapped(text, width) for text in texts for width in (1, 4, 9, 30)]
    monkeypatch.setattr(import_module("quell.display.cells"), "_plain_breaks", lambda text, width: None)
    assert quickly == [wrapped(text, width) for text in texts for width in (1, 4, 9, 30)]


@pytest.mark.parametrize("width", [1, 3, 8])
@pytest.mark.parametrize("grapheme", ["👩‍👩‍👧", "🇩🇪", "❤️", "5️⃣", "e\u0301", "का", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👍🏽", "각"])
def test_no_grapheme_is_cut(grapheme: str, width: int) -> None:
    lines = wrapped(printable(grapheme * 9), width)
    assert all(line.replace(grapheme, "") == "" for line in lines)
    assert fitted(printable(grapheme * 9), width).strip().replace(grapheme, "") in ("…", "")


@pytest.mark.parametrize("seed", range(20))
def test_runs_wrap_as_their_text_does(seed: int) -> None:
    source = random.Random(seed)
    text = "".join(source.choice("ab  é漢\u202e\n\u200bשג") for _ in range(60))
    lines = wrapped_runs(runs(text), 12)
    assert ["".join(run.text for run in line) for line in lines] == wrapped(printable(text), 12), (seed, ascii(text))
    assert all(run.text for line in lines for run in line)
    stand_ins = [run.text for run in runs(text) if run.stand_in]
    assert "".join(run.text for line in lines for run in line if run.stand_in) == "".join(stand_ins)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ab", "ab   "),
        ("abcde", "abcde"),
        ("abcdef", "abcd…"),
        ("漢字", "漢字 "),
        ("漢字漢", "漢字…"),
        ("a漢字漢", "a漢… "),
        ("שלום", f"שלום{FENCE}"),
        ("שלום ל", f"שלו…{FENCE}"),
    ],
)
def test_a_fitted_text_fills_its_column_and_tells_what_is_cut(text: str, shown: str) -> None:
    assert fitted(printable(text), 5) == shown
    assert cells(fitted(printable(text), 5)) == 5


@pytest.mark.parametrize("width", range(4))
def test_the_narrowest_columns_are_filled_too(width: int) -> None:
    assert all(cells(fitted(printable(text), width)) == width for text in TEXTS)


def test_no_author_can_write_the_fence() -> None:
    assert FENCE not in printable(f"a{FENCE}b")
