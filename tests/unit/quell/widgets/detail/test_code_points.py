import pytest

from quell.widgets.detail.code_points import CodePointLines, code_point_line, kind, name, summary


@pytest.mark.parametrize(
    ("character", "words"),
    [
        ("a", "a   U+0061    LATIN SMALL LETTER A"),
        ("\u202e", "·   U+202E    RIGHT-TO-LEFT OVERRIDE  ← bidi"),
        ("\u200b", "·   U+200B    ZERO WIDTH SPACE  ← invisible"),
        ("\u3164", "·   U+3164    HANGUL FILLER  ← invisible"),
        ("\ufe0f", "·   U+FE0F    VARIATION SELECTOR-16  ← invisible"),
        ("\U000e0041", "·   U+E0041   TAG LATIN CAPITAL LETTER A  ← invisible"),
        ("\x1b", "␛   U+001B    ESCAPE  ← control"),
        ("\x9b", "·   U+009B    CONTROL SEQUENCE INTRODUCER  ← control"),
        ("\x81", "·   U+0081    <no name>  ← control"),
        ("\ud800", "·   U+D800    <no name>  ← half a surrogate pair"),
        ("\ue000", "·   U+E000    <no name>  ← private use"),
        ("\u0301", "◌\u0301   U+0301    COMBINING ACUTE ACCENT  ← combining"),
        ("\u00a0", "\u00a0   U+00A0    NO-BREAK SPACE  ← other space"),
        ("\u2028", "⏎   U+2028    LINE SEPARATOR  ← line break"),
        ("\n", "⏎   U+000A    LINE FEED  ← control"),
        ("👍", "👍  U+1F44D   THUMBS UP SIGN"),
    ],
)
def test_a_code_point_has_a_number_a_name_and_a_warning(character: str, words: str) -> None:
    assert str(code_point_line(7, character)) == f"     7  {words}"


def test_every_control_has_the_name_that_unicode_gives_it() -> None:
    import unicodedata

    named = [chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)] if name(chr(code)) != "<no name>"]
    assert len(named) == 32 + 11
    for character in named:
        assert unicodedata.lookup(name(character)) == character


def test_lines_spell_out_each_text_under_its_title() -> None:
    lines = CodePointLines([("Text", "hi\u202e"), ("Author", "V")])
    assert [str(line) for line in lines] == [
        "Text: 3 code points · 1 bidi",
        *(str(code_point_line(at, character)) for at, character in enumerate("hi\u202e")),
        "",
        "Author: 1 code point",
        str(code_point_line(0, "V")),
        "",
    ]
    assert list(lines.suspicious()) == [3]
    with pytest.raises(IndexError):
        lines[len(lines)]


def test_a_long_text_is_read_only_where_it_is_looked_at() -> None:
    lines = CodePointLines([("Text", "x" * 1_000_000 + "\u200b")])
    assert len(lines) == 1_000_003
    assert "ZERO WIDTH SPACE" in str(lines[1_000_001])
    assert [str(line) for line in lines[1:3]] == [str(code_point_line(at, "x")) for at in range(2)]


def test_the_summary_counts_what_is_special() -> None:
    assert summary("a\u200b\u200b\u202e\x1b") == "5 code points · 2 invisible · 1 bidi · 1 control"
    assert kind("a") == ""


def test_letters_that_pass_for_others_are_told_where_they_do() -> None:
    lines = CodePointLines([("Text", "frее Привет été ν ｂe"), ("Author", "Lеna")])
    assert str(lines[0]) == "Text: 20 code points · 3 look-alikes"
    assert str(lines[3]) == "     2  е   U+0435    CYRILLIC SMALL LETTER IE  ← passes for e"
    assert "passes" not in str(lines[9])
    assert [str(lines[at])[-1] for at in lines.suspicious()] == ["e", "e", "b", "e"]
