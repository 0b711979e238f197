"""What belongs to what: side by side, `or`, `not`, parentheses, quotes and escapes."""

import pytest

from quell.moderation.query import parse
from tests.unit.quell.moderation.query.support import Known, finds, matches, message

TEXTS = ("a", "b", "c", "a b", "a c", "b c", "a b c", "")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", TEXTS),
        ("  ", TEXTS),
        ("a", ("a", "a b", "a c", "a b c")),
        ("a b", ("a b", "a b c")),
        ("a and b", ("a b", "a b c")),
        ("a AND b", ("a b", "a b c")),
        ("a or b", ("a", "b", "a b", "a c", "b c", "a b c")),
        ("a OR b", ("a", "b", "a b", "a c", "b c", "a b c")),
        # Side by side binds tighter than `or`, `not` tighter than both.
        ("a b or c", ("c", "a b", "a c", "b c", "a b c")),
        ("c or a b", ("c", "a b", "a c", "b c", "a b c")),
        ("a (b or c)", ("a b", "a c", "a b c")),
        ("(b or c) a", ("a b", "a c", "a b c")),
        ("a and b or c", ("c", "a b", "a c", "b c", "a b c")),
        ("a -b", ("a", "a c")),
        ("-a b", ("b", "b c")),
        ("not a b", ("b", "b c")),
        ("a not b", ("a", "a c")),
        ("a and not b", ("a", "a c")),
        ("not a or b", ("b", "c", "a b", "b c", "a b c", "")),
        ("not (a or b)", ("c", "")),
        ("not(a or b)", ("c", "")),
        ("-(a or b)", ("c", "")),
        ("-(a b)", ("a", "b", "c", "a c", "b c", "")),
        ("not not a", ("a", "a b", "a c", "a b c")),
        ("not -a", ("a", "a b", "a c", "a b c")),
        ("-not a", ("a", "a b", "a c", "a b c")),
        ("not not not a", ("b", "c", "b c", "")),
        ("((a))", ("a", "a b", "a c", "a b c")),
        ("( a )", ("a", "a b", "a c", "a b c")),
        ("(a)(b)", ("a b", "a b c")),
        ("(a or(b))", ("a", "b", "a b", "a c", "b c", "a b c")),
        ("(a or b) (b or c)", ("b", "a b", "a c", "b c", "a b c")),
        ("a or b or c", ("a", "b", "c", "a b", "a c", "b c", "a b c")),
        ('"a b" or "b c"', ("a b", "b c", "a b c")),
        ('"a""b"', ("a b", "a b c")),
        ("-/^a/", ("b", "c", "b c", "")),
        ("(/^a/)", ("a", "a b", "a c", "a b c")),
    ],
)
def test_what_belongs_to_what(line: str, found: tuple[str, ...]) -> None:
    assert finds(line, *TEXTS) == list(found)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("12:30", "see you at 12:30"),
        ("note:", "note: none"),
        ("re:zero", "watching Re:Zero"),
        ("this:that", "this:that"),
        ("https://discord", "https://discord.example"),
        ("in://x", "in://x"),
        ("not-a-word", "not-a-word"),
        ("nothing", "nothing here"),
        ("order", "in order"),
        ("android", "android"),
        ('"not"', "do not"),
        ('"or"', "this or that"),
        ('"and"', "this and that"),
        ('"-x"', "rm -x"),
        ("--force", "git push --force"),
        (":)", "well :)"),
        ("foo(bar)", "call foo(bar) now"),
        ("(foo(bar))", "call foo(bar) now"),
        ("(foo(bar) or zzz)", "call foo(bar) now"),
        ('"(a)"', "(a)"),
        ("a/b", "either a/b"),
        ('"/me"', "/me waves"),
        ('"two\nlines"', "two\nlines"),
        ('"" a', "a"),
        (r'"say \"hi\""', 'they say "hi"'),
        (r'"C:\dir"', r"in C:\dir"),
        (r'"a\\b"', r"a\b"),
        (r'"\\\""', r"\""),
        ('say"hi', 'say"hi'),
        ("→", "a → b"),
        ("lens", "camera lens"),
        ("len", "len"),
        ("👏", "well done 👏"),
    ],
)
def test_words_that_could_be_taken_for_something_else(line: str, text: str) -> None:
    assert finds(line, text, "quite other") == [text]


def test_fields_may_be_in_capitals_and_stand_in_parentheses() -> None:
    spam = message("free https://x.example")
    assert matches("FROM:amara HAS:Link", spam)
    assert matches("(from:amara or from:lena) has:link", spam)
    assert matches("(from:lena or has:link)", spam)
    assert not matches("-(from:amara)", spam)


def test_a_query_remembers_its_line() -> None:
    assert parse(" a  or b ").source == " a  or b "
    assert "a or b" in repr(parse("a or b"))


@pytest.mark.parametrize(
    ("line", "volatile"),
    [
        ("", False),
        ('nitro "free nitro" /x/ from:vlad in:general has:link has:file', False),
        ("is:edited is:thread is:mine len>3", False),
        ("since:09:30 before:2026-01-31", False),
        ("is:deleted", True),
        ("is:refused", True),
        ("is:failed", True),
        ("is:marked", True),
        ("since:10m", True),
        ("before:2h", True),
        ("a or (b -is:marked)", True),
    ],
)
def test_what_can_change_while_the_message_stays(line: str, volatile: bool) -> None:
    assert parse(line).volatile is volatile


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("nitro is:marked since:today", float("inf")),
        ("since:30s", 1),
        ("before:4m", 6),
        ("since:1d", 15),
        ("a or not (b since:2m) before:1h", 3),
    ],
)
def test_how_soon_the_passing_of_time_is_seen(line: str, due: float) -> None:
    assert parse(line).due == due


def test_cheap_parts_are_asked_first_and_expensive_ones_not_at_all() -> None:
    class Counting(Known):
        asked = 0

        def state(self, message: object) -> None:
            self.asked += 1

    facts = Counting()
    assert not matches("is:refused len>100", message("short"), facts)
    assert facts.asked == 0
    assert matches("is:refused or len<100", message("short"), facts)
    assert facts.asked == 0
