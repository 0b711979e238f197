import unicodedata

import pytest

from quell.display import Printable, Run, printable, runs
from quell.display.printable import plain

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


@pytest.mark.parametrize(
    "text", ["naïve café", "Привет", "مرحبا", "你好", "👩‍👩‍👧", "❤️", "5️⃣", "می‌خواهم", "한글", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇩🇪"]
)
def test_ordinary_text_of_many_scripts_is_left_alone(text: str) -> None:
    assert printable(text) == text


def test_stacked_marks_are_capped_and_counted() -> None:
    assert printable("a" + "\u0301" * 40 + "b") == "a" + "\u0301" * 4 + "⟦+36 marks⟧b"


def test_a_joiner_that_a_script_needs_stays_a_joiner() -> None:
    assert printable("ශ්\u200dරී").replace("\u200d", "") == "ශ්රී"
    assert "⟦" not in printable("ශ්\u200dරී ලංකා, क्\u200dष, ന്\u200d")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u0338leading mark", "◌\u0338leading mark"),
        ("👍\u200d" * 4 + "👍", "👍\u200d👍\u200d👍\u200d👍⟦U+200D⟧👍"),
        ("\U0001f3f4\U000e0061\U000e007f", "\U0001f3f4⟦U+E0061⟧⟦U+E007F⟧"),
        ("🏽", "⟦U+1F3FD⟧"),
        ("a\ufe0fb", "a⟦U+FE0F⟧b"),
        ("✅\ufe0e", "✅⟦U+FE0E⟧"),
        ("\u1161", "⟦U+1161⟧"),
        ("\u200b" * 4, "⟦U+200B⟧" * 4),
        ("\u200b" * 5000, "⟦U+200B ×5,000⟧"),
        ("\x00" * 9, "⟦U+0000 ×9⟧"),
        ("ab\t\tc", "ab  c"),
        ("ک\u200c\u200cب", "ک⟦U+200C⟧⟦U+200C⟧ب"),
    ],
)
def test_what_no_emoji_and_no_script_needs_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_emoji_newer_than_this_python_are_emoji() -> None:
    assert printable("\U0001fae9\U0001fac6") == "\U0001fae9\U0001fac6"


def test_runs_tell_our_stand_ins_from_typed_ones() -> None:
    assert runs("⟦U+202E⟧\u202e") == (Run(Printable("⟦U+202E⟧"), False), Run(Printable("⟦U+202E⟧"), True))
    assert runs("⏎\n") == (Run(Printable("⏎"), False), Run(Printable("⏎"), True))
    assert runs("") == ()


@pytest.mark.parametrize("text", [*ATTACKS.values(), "plain", "क्\u200dष", "a\u0301" * 9])
def test_runs_are_the_printable_text(text: str) -> None:
    assert "".join(run.text for run in runs(text)) == printable(text)


def test_a_capped_text_tells_how_much_is_missing() -> None:
    assert plain(runs("x" * 100, longest=10)) == "x" * 10 + "⟦+90 characters⟧"
    assert plain(runs("x" * 10, longest=10)) == "x" * 10
    assert plain(runs("x" * 8 + "👩\u200d👩" * 5, longest=10)) == "x" * 8 + "⟦+15 characters⟧"


@pytest.mark.parametrize("unit", ["a", "\x00", "\u202ea", "\u0301", "👍\u200d", "ک\u200d", "ᅡ", "\U000e0001b"])
def test_a_huge_text_is_cut_once_and_for_all(unit: str) -> None:
    shown = printable(unit * 1_000_000)
    assert "characters⟧" in shown
    assert len(shown) < 250_000
    assert printable(shown) == shown
