import unicodedata

import pytest
from rich.cells import cell_len

from quell.display import Printable, printable, wrapped

ESC = "\x1b"

ATTACKS = {
    "clear the screen": f"{ESC}[2J",
    "write the clipboard": f"{ESC}]52;c;ZXZpbA==\x07",
    "set the title": f"{ESC}]0;owned\x07",
    "8-bit control sequence": "\x9b2J",
    "8-bit operating system command": "\x9d0;owned\x9c",
    "bell and delete": "\x07\x7f",
    "right-to-left override": "abc\u202edef",
    "isolates": "\u2066a\u2069",
    "zero width": "sp\u200bam",
    "byte order mark": "\ufeffspam",
    "soft hyphen": "sp\u00adam",
    "tag characters": "flag\U000e0067\U000e007f",
    "hangul filler": "\u3164",
    "line separator": "a\u2028b",
    "carriage return": "you\rme",
    "lone surrogate": "a\ud800b",
    "private use": "\ue000",
    "unassigned": "\U000effff",
    "stray joiner": "a\u200db",
    "variation selector on a letter": "a\ufe0f",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_nothing_a_terminal_could_act_on_is_left(attack: str) -> None:
    shown = printable(attack)
    assert shown.isprintable()
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") for character in shown)
    assert shown != attack


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_printing_what_is_printable_changes_nothing(attack: str) -> None:
    assert printable(printable(attack)) == printable(attack)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{ESC}[31m", "␛[31m"),
        ("a\nb", "a⏎b"),
        ("a\r\nb", "a⏎b"),
        ("a\tb", "a b"),
        ("\u202e", "⟦U+202E⟧"),
        ("\x9b", "⟦U+009B⟧"),
        ("\x7f", "␡"),
        ("[@click=app.quit]hi[/]", "[@click=app.quit]hi[/]"),
    ],
)
def test_what_is_found_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("text", ["naïve café", "Привет", "مرحبا", "你好", "👩‍👩‍👧", "❤️", "5️⃣", "می‌خواهم", "क्‍ष"])
def test_ordinary_text_of_many_scripts_is_left_alone(text: str) -> None:
    assert printable(text) == text


def test_stacked_marks_are_capped_and_counted() -> None:
    assert printable("a" + "\u0301" * 40 + "b") == "a" + "\u0301" * 4 + "⟦+36 marks⟧b"


@pytest.mark.parametrize("width", [1, 7, 20])
@pytest.mark.parametrize(
    "text", ["", "word", "some words of plain text", "x" * 50, "漢字かな交じり文と emoji 👩‍👩‍👧 together", "a  b"]
)
def test_wrapped_lines_fit_and_lose_no_word(text: str, width: int) -> None:
    lines = wrapped(Printable(text), width)
    assert lines
    assert all(cell_len(line) <= max(width, 2) for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
