"""Where a query matches in the text on the screen."""

from itertools import pairwise

import pytest

from quell.display import printable
from quell.moderation.query import parse


def lit(line: str, text: str) -> list[str]:
    """The highlighted parts of a text."""
    return [text[start:end] for start, end in parse(line).highlights(text)]


@pytest.mark.parametrize(
    ("line", "text", "parts"),
    [
        ("nitro", "free nitro, more Nitro", ["nitro", "Nitro"]),
        ("nitro free", "FREE nitro", ["FREE", "nitro"]),
        ('"free nitro"', "a free  nitro b", ["free  nitro"]),
        ("nitro", "＜ＮІТＲО＞", ["ＮІТＲО"]),
        ("nitro", "👏👏 n\u0336i\u0336t\u0336r\u0336o\u0336!", ["n\u0336i\u0336t\u0336r\u0336o\u0336"]),
        ("привет", "- ПРИВЕТ -", ["ПРИВЕТ"]),
        ("strasse", "Die Straße 5", ["Straße"]),
        ("ss", "Straße", ["ß"]),
        ("fi", "ﬁnal", ["ﬁ"]),
        ("é", "cafe\u0301 x", ["e\u0301"]),
        # Merged where they overlap or touch.
        ("abc bcd", "xabcdx", ["abcd"]),
        ("ab cd", "abcd", ["abcd"]),
        ("/b+/ abc", "abbbc", ["bbb"]),
        # Regexes: on the text as it was sent.
        ("/n.tro/", "Nitro nutro", ["Nitro", "nutro"]),
        ("/[а-я]+/", "free скины now", ["скины"]),
        ("/x*/", "axxb", ["xx"]),
        # What must not match, and what is no text, is not looked for.
        ("free -nitro", "free nitro", ["free"]),
        ("free not (nitro or now)", "free nitro now", ["free"]),
        ("free or nitro", "free nitro now", ["free", "nitro"]),
        ("from:free is:edited has:link len>2", "free nitro", []),
        ('""', "free", []),
        ("", "free", []),
        ("nitro", "", []),
    ],
)
def test_highlights(line: str, text: str, parts: list[str]) -> None:
    assert lit(line, text) == parts


@pytest.mark.parametrize(
    ("line", "sent", "parts"),
    [
        ("nitro", "a n\u200bi\u202etro b", ["n⟦U+200B⟧i⟦U+202E⟧tro"]),
        ("nitro", "ni\x1btro", ["ni␛tro"]),
        ("nitro", "ni\x7ftro", ["ni␡tro"]),
        ("nitr", "nitro" + "\u0301" * 9, ["nitr"]),
        ('"free nitro"', "free\nnitro", ["free⏎nitro"]),
        (r"/\x{200b}/", "a\u200bb", ["⟦U+200B⟧"]),
        (r"/e$/", "free\n", []),
        (r"/(?m)e$/", "free\nx", ["e"]),
        (r"/U/", "a\u200bb", []),
    ],
)
def test_stand_ins_of_the_display_count_as_what_they_stand_for(line: str, sent: str, parts: list[str]) -> None:
    assert lit(line, printable(sent)) == parts


def test_whatever_looks_like_a_stand_in_is_harmless() -> None:
    text = "⟦U+110000⟧ ⟦U+D800⟧ ⟦U+⟧ ⟦+3 marks⟧ nitro ⟦U+FFFFFF⟧"
    assert lit("nitro", text) == ["nitro"]
    assert lit("/nitro/", text) == ["nitro"]


def test_spans_are_in_order_and_within_the_text() -> None:
    text = "nitro " * 500
    spans = parse("nitro or /ro n/").highlights(text)
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))
