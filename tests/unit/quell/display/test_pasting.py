import pytest

from quell.display.pasting import pasted


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("spam", "spam"),
        ("one\ntwo\r\n\n  three", "one two three"),
        ("", ""),
        ("\n", ""),
        ("👩\u200d👩\u200d👧 ❤\ufe0f", "👩\u200d👩\u200d👧 ❤\ufe0f"),
    ],
)
def test_a_pasted_text_is_one_line(text: str, line: str) -> None:
    assert pasted(text) == (line, [])


def test_what_can_not_be_shown_is_left_out_and_named() -> None:
    line, left_out = pasted("a\x1b[2Jb\u202ec\u202e")
    assert line == "a[2Jbc"
    assert left_out == ["U+001B", "U+202E RIGHT-TO-LEFT OVERRIDE"]
