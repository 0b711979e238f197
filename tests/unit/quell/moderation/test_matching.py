import random
import subprocess
import sys
import unicodedata
from itertools import chain

import pytest

from quell.moderation.characters import is_ignorable
from quell.moderation.matching import matching_form, skeleton

SAME = [
    ("FREE  Nitro ", "free nitro"),
    ("ＦＲＥＥ　ｎｉｔｒｏ", "free nitro"),
    ("frее nіtrо", "free nitro"),
    ("fr\u200be\u00ade ni\U000e0074tro\ufe0f", "free nitro"),
    ("fr\x00ee ni\x1btro", "free nitro"),
    ("free\r\n\tnitro\u2028", "free nitro"),
    ("ɴɪᴛʀᴏ", "nitro"),
    ("🅽🅸🆃🆁🅾", "nitro"),
    ("𝓷𝓲𝓽𝓻𝓸", "nitro"),
    ("n̴̛i̵t̶r̷o̸", "nitro"),
    ("ΝITRO", "nitro"),
    ("“it’s”…", '"it\'s"...'),
    ("\u0661\u0662\u0663", "123"),
    ("ﬁsh", "fish"),
    ("e\u200b\u0301", "é"),
    ("İstanbul", "istanbul"),
    ("STRASSE", "straße"),
    ("Привет", "ПРИВЕТ"),
    ("Νέα", "ΝΈΑ".lower()),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_that_read_the_same_match(one: str, other: str) -> None:
    assert matching_form(one) == matching_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "l"),
        ("m", "rn"),
        ("0", "o"),
        ("|", "l"),
        ("naïve", "naive"),
        ("año", "ano"),
        ("مرحبا", "مرحا"),
        ("б", "6"),
    ],
)
def test_what_reads_differently_stays_apart(one: str, other: str) -> None:
    assert matching_form(one) != matching_form(other)


@pytest.mark.parametrize("text", ["مرحبا", "한글", "ไทย", "कर्म", "漢字かな"])
def test_scripts_unlike_latin_are_left_alone(text: str) -> None:
    assert matching_form(text) == text


def test_every_character_alone_matches_itself_in_every_case() -> None:
    for code in chain(range(0x3400), range(0xA000, 0xAC00), range(0xF900, 0x17000), range(0x1B000, 0x20000)):
        character = chr(code)
        form = matching_form(character)
        assert matching_form(form) == form, hex(code)
        if character.upper() != character.lower():
            assert matching_form(character.upper()) == matching_form(character.lower()), hex(code)


@pytest.mark.parametrize("seed", range(20))
def test_a_matching_form_matches_itself(seed: int) -> None:
    source = random.Random(seed)
    for _ in range(50):
        text = "".join(
            chr(source.randrange(0x110000))
            if source.random() < 0.5
            else source.choice("abAB ΝΥІ\u0301\u0308\u200b\u0345")
            for _ in range(source.randint(1, 8))
        )
        assert matching_form(matching_form(text)) == matching_form(text), (seed, ascii(text))


def test_the_ignorable_code_points_are_those_of_unicode() -> None:
    ignorable = [code for code in range(sys.maxunicode + 1) if is_ignorable(chr(code))]
    assert len(ignorable) == 4174, "the count that DerivedCoreProperties.txt gives, unchanged since Unicode 13"
    assert not any(unicodedata.category(chr(code)) in ("Zs", "Cc") for code in ignorable)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Admin", "Аdmin"),
        ("Admin", "Adrnin"),
        ("lena", "1ena"),
        ("Ivan", "lvan"),
        ("O’Neil", "0'Neil"),
        ("bob", "b\u200bob"),
    ],
)
def test_names_that_can_be_mistaken_share_a_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("Admin", "Admins"), ("lena", "lana"), ("Сергій", "Сергей")])
def test_names_that_look_different_do_not(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_plain_text_needs_no_table() -> None:
    script = (
        "import sys; from quell.moderation.matching import matching_form; matching_form('plain text');"
        "assert 'confusable_homoglyphs' not in sys.modules; matching_form('é');"
        "assert 'confusable_homoglyphs' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
