"""Text from right to left stays in its column, also where a terminal reorders whole lines."""

import unicodedata
from random import Random

import pytest

from quell.display import Printable, fitted, printable
from quell.display.fences import FENCE, fenced, with_blank
from tests.support.bidi import reordered

LETTERS = "שלוםמרحباabcÀ 123٤٥٦ ()-.:/,$%+│✓ \u0301\u05b4"
COLUMNS = (("  ✓ deleted  09:41:02  ", 14), ("  ", 30), ("│▏ ", 18), (" 3/7 │", 9))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("abc", "abc"),
        ("שלום", "םולש"),
        ("a שלום b", "a םולש b"),
        ("a שלום 123 b", "a 123 םולש b"),
        ("שלום 09:41", "09:41 םולש"),
        ("a 12 שלום", "a 12 םולש"),
        ("שלום | עולם", "םלוע | םולש"),
        (f"שלום {FENCE} | עולם", f"םולש {FENCE} | םלוע"),
        ("מחיר 5$ לא", "אל 5$ ריחמ"),
        ("שלום  ", "םולש  "),
        ("مرحبا 12-34", "34-12 ابحرم"),
    ],
)
def test_lines_are_reordered_as_uax_9_says(line: str, shown: str) -> None:
    assert reordered(line) == shown


@pytest.mark.parametrize("seed", range(10))
def test_no_column_is_changed_by_the_text_of_another(seed: int) -> None:
    source = Random(seed)
    for _ in range(200):
        line, fields = "", []
        for ours, width in COLUMNS:
            text = printable("".join(source.choices(LETTERS, k=source.randint(0, 2 * width))))
            field = fitted(Printable(text), width)
            fields.append((len(line) + len(ours), len(line) + len(ours) + len(field)))
            line += f"{ours}{field}"
        shown = reordered(line)
        at = 0
        for start, end in fields:
            assert shown[at:start] == line[at:start], (seed, ascii(line))
            assert sorted(shown[start:end]) == sorted(line[start:end]), (seed, ascii(line))
            at = end


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        (["plain  text "], ["plain  text "]),
        (["a  שלום  12"], [f"a  שלום {FENCE}12"]),
        (["a  שלום 12 34"], ["a  שלום 12 34"]),
        (["  09:41  שלום  12  abc  3 "], [f"{FENCE} 09:41  שלום {FENCE}12  abc  3 "]),
        (["◈ שלום ✗ "], [f"◈{FENCE}שלום ✗{FENCE}"]),
        (["שלום"], ["שלום"]),
        ([f"a  שלום{FENCE}  12"], [f"a  שלום{FENCE}  12"]),
        (["a שלום", "  12  34"], ["a שלום", f"{FENCE} 12  34"]),
        (["a שלום", "│", "12 34"], ["a שלום", "│", f"12{FENCE}34"]),
        (["a שלום", "│", "b 34"], ["a שלום", "│", "b 34"]),
    ],
)
def test_gaps_beside_such_text_are_fences(parts: list[str], kept: list[str]) -> None:
    assert list(fenced(parts)) == kept
    assert list(fenced(kept)) == kept


@pytest.mark.parametrize("seed", range(10))
def test_fields_of_a_line_stay_in_their_order(seed: int) -> None:
    source = Random(seed)
    for _ in range(200):
        texts = [printable("".join(source.choices(LETTERS, k=source.randint(1, 12)))).strip() for _ in range(4)]
        parts = [f" {source.choice(['', '◈ ', '09:41  '])}{texts[0]}  {texts[1]}", f"│ {texts[2]}", f"  {texts[3]} "]
        line, kept = "".join(parts), "".join(fenced(parts))
        shown = reordered(kept)
        assert [len(line), line] == [len(kept), kept.replace(FENCE, " ")], (seed, ascii(line))
        at = line.rindex("".join([f"{texts[0]}  {texts[1]}│ {texts[2]}  {texts[3]} "]))
        assert shown[:at] == kept[:at], (seed, ascii(line))
        for text in texts:
            end = at + len(text)
            assert sorted(shown[at:end]) == sorted(kept[at:end]), (seed, ascii(line))
            at = end + 2
        strong = [each for each in map(unicodedata.bidirectional, kept) if each in ("L", "R", "AL")]
        assert strong[0] == "L", (seed, ascii(line))


def test_a_number_stays_behind_a_name() -> None:
    assert with_blank(Printable("Lena")) == "Lena "
    assert reordered(f"by {with_blank(Printable('שלום 3'))}12") == f"by 3 םולש{FENCE}12"
