import pytest

from quell.display import printable
from quell.display.pasting import pasted
from tests.support.hostile import generated
from tests.support.widths import mixtures


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("spam", "spam"),
        ("one\ntwo\r\n\n  three", "one two three"),
        ("", ""),
        ("\n", ""),
        ("a\tb", "a b"),
        ("\u0301e", "◌\u0301e"),
        ("👩\u200d👩\u200d👧 ❤\ufe0f", "👩\u200d👩\u200d👧 ❤\ufe0f"),
    ],
)
def test_a_pasted_text_is_one_line(text: str, line: str) -> None:
    assert pasted(text) == (line, [])


def test_what_can_not_be_shown_is_left_out_and_named() -> None:
    line, left_out = pasted("a\x1b[2Jb\u202ec\u202e")
    assert line == "a[2Jbc"
    assert left_out == ["U+001B", "U+202E RIGHT-TO-LEFT OVERRIDE"]


@pytest.mark.parametrize("text", ["🏽x🏽\u0301", "x" + "\u0301" * 4 + "\u202e" + "\u0301" * 4, "a\u200b\u200d\u0301"])
def test_what_is_left_can_be_shown_without_its_neighbours(text: str) -> None:
    line, _ = pasted(text)
    assert printable(line) == line
    assert "⟦" not in line


@pytest.mark.parametrize("seed", range(4))
def test_what_goes_into_a_line_of_input_can_be_shown(seed: int) -> None:
    for text in (*generated(seed, 100), *mixtures(seed, 200)):
        line, names = pasted(text)
        assert printable(line) == line, (seed, ascii(text))
        assert [printable(name) for name in names] == names, (seed, ascii(text))
