"""Regexes: what they match, what is refused, and that no pattern and no text can hang the console.

How long a search takes is bounded by the engine, which is what is shown here: every pattern is either refused before
it is used or compiled to an automaton of bounded size, and runs in an engine that has no backtracking at all.
"""

import sys

import pytest
import re2

from quell.moderation.query import QueryError, parse
from quell.moderation.query.regex import MAX_BYTES, MAX_SIZE, MAX_SPANS, MAX_STATES, Regex
from tests.unit.quell.moderation.query.support import finds, matches, message


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (r"/ni+tr[o0]/", "FREE NIITR0"),
        (r"/^free\s+nitro$/", "free  nitro"),
        (r"/free|cheap/", "Cheap skins"),
        (r"/a\/b/", "either a/b"),
        (r"/\d{3,}/", "call 1234"),
        (r"/(?-i)NITRO/", "NITRO"),
        (r"/привет/", "ПРИВЕТ"),
        (r"/[а-я]/", "nіtrо с"),
        (r"/\x{200b}/", "n\u200bitro"),
        (r"/\pL{4}/", "ціна"),
        (r"/two words/", "two words"),
        (r"/^\pL{3,12} \d{2}$/", "добрий 12"),
        (r"/[\x{41}-z]/", "b"),
        (r"/[z-я]/", "п"),
        (r"/\\\pL/", "\\x"),
        ("/" + "|".join(f"spam{number}" for number in range(100)) + "/", "spam99"),
        (r"/\(\)/", "f()"),
        (r"/👏+/", "gg 👏👏"),
        (r"/^$/", ""),
        (r"//", ""),
        (r"/^a.c$/", "a\ud800c"),
        (r"/(?s)a.b/", "a\nb"),
        (r"/(?m)^b/", "a\nb"),
    ],
)
def test_matches(line: str, text: str) -> None:
    assert finds(line, text) == [text]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (r"/(?-i)NITRO/", "nitro"),
        (r"/^nitro/", "free nitro"),
        (r"/nitro/", "ＮІТＲО"),
        (r"/a.b/", "a\nb"),
        (r"/amara/", "hello"),
    ],
)
def test_a_regex_looks_at_the_text_as_it_was_sent_and_at_nothing_else(line: str, text: str) -> None:
    assert not matches(line, message(text))


@pytest.mark.parametrize(
    ("line", "position", "problem"),
    [
        (r"a /b(?=c)/", 4, "no look-around (“(?=”)"),
        (r"/(?<!a)b/", 1, "no look-around"),
        (r"/(a)\1/", 4, "no back-references (“\\1”)"),
        (r"/(?P<n>a)(?P=n)/", 9, "no back-references"),
        (r"/(a/", 1, "not closed"),
        (r"/a)/", 1, "closes a parenthesis"),
        (r"/x[a/", 2, "“[” of this regex is not closed"),
        (r"/*a/", 1, "nothing to repeat before “*”"),
        (r"/ab++/", 3, "“++” repeats a repetition"),
        (r"/a{1001}/", 2, "{1000}"),
        (r"/(a{500}){3}/", 9, "{1000}"),
        (r"/[z-a]/", 2, "“z-a” is no range"),
        (r"/a\y/", 2, "“\\y” means nothing"),
        (r"/(?>a)/", 1, "no “(?>”"),
        (r"/\p{Klingon}/", 1, "no range or class"),
        (r"/a(?P<n b)/", 2, "This is no regex: (?P<n b)."),
        (r"from:/(/", 6, "not closed"),
        (r"/\pL{1000}/", 1, "too large"),
        (r"/(?:\pL{1,50}\s){2,5}/", 1, "too large"),
        (r"/a{600}a{600}/", 1, "too large"),
        (r"/[\x{41}-z]{600}a{600}/", 1, "too large"),
        (r"/(.?){400}z/", 1, "too large"),
        ("/" + "x" * MAX_STATES + "/", 1, "too large"),
    ],
)
def test_what_can_not_be_done_is_explained_where_it_stands(line: str, position: int, problem: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(line)
    assert problem in raised.value.problem
    assert raised.value.position == position


CATASTROPHES = [
    (r"(a+)+$", "a"),
    (r"(a|aa)+$", "a"),
    (r"(a|a?)+z", "a"),
    (r"(x+x+)+y", "x"),
    (r"(.*)*,", "a"),
    (r"(.*a){20}b", "a"),
    (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a"),
    (r"(\w+\s?)*!", "ab "),
    (r"(a|b)*a(a|b){20}c", "ab"),
    (r"(.?){200}z", "a"),
    (r"([^@]+@)*[^@]+\.example$", "a@"),
    ("a?" * 30 + "a" * 30 + "b", "a"),
]
"""Patterns on which engines that go back in the text take a time that doubles with each character."""


@pytest.mark.parametrize(("pattern", "unit"), CATASTROPHES)
def test_catastrophic_patterns_end_on_long_texts(pattern: str, unit: str) -> None:
    assert not matches(f"/{pattern}/", message(unit * (100_000 // len(unit)) + "#"))


@pytest.mark.parametrize(("pattern", "unit"), CATASTROPHES)
def test_the_engine_takes_as_many_steps_as_the_text_has_characters(pattern: str, unit: str) -> None:
    """The program has a bounded size, and its engine visits each instruction at most once per character."""
    regex = Regex(pattern, 0)
    assert isinstance(regex._compiled, re2._Regexp)
    assert 0 < regex._states <= MAX_STATES
    assert regex._states <= regex._compiled.programsize <= MAX_SIZE
    assert regex._compiled.options.max_mem == MAX_BYTES


def test_no_pattern_is_kept_when_the_next_is_typed() -> None:
    for length in range(1, 50):
        Regex("a" * length, 0)
    assert re2._Regexp._make.cache_info().currsize == 1


def test_highlights_of_a_regex_are_bounded() -> None:
    assert len(Regex("a", 0).spans("a" * 10_000)) == MAX_SPANS
    # The larger the program and the text, the fewer are looked for, down to none.
    assert len(Regex("(?:a|b){300}", 0).spans("a" * 300 * 50)) < 5
    assert Regex(r"\pL{3}c|" + r"\b", 0).spans("a b c") == []


def test_the_engine_is_loaded_with_the_first_regex_and_not_before() -> None:
    import subprocess

    script = (
        "import sys; from quell.moderation.query import parse; parse('a from:b'); assert 're2' not in sys.modules;"
        "parse('/a/'); assert 're2' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_flag_that_is_always_on_may_be_typed() -> None:
    assert finds("/NITRO/i", "nitro", "x") == ["nitro"]
    assert finds("(/a/i or /b/i) -/c/i", "a", "b", "bc") == ["a", "b"]
