"""Text from right to left stays in its column, also where a terminal reorders whole lines."""

from random import Random

import pytest

from quell.display import Printable, fitted, printable
from quell.display.cells import FENCE
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
