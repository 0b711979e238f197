"""What is said about a line that is no query, and where."""

import pytest

from quell.moderation.query import QueryError, parse
from quell.moderation.query.grammar import MAX_DEPTH, MAX_REGEXES, MAX_TERMS


@pytest.mark.parametrize(
    ("line", "position", "problem"),
    [
        ('free "nitro', 5, "not closed"),
        ('from:"amara', 5, "not closed"),
        ('"a \\"', 0, "not closed"),
        ('"a\\', 0, "not closed"),
        ("from:", 5, "needs a name"),
        ("nitro from: x", 11, "needs a name"),
        ("in:", 3, "needs a name"),
        ("in:#", 3, "needs a name"),
        ('from:""', 6, "needs a name"),
        ("has:cheese", 4, "“has:” takes link or file"),
        (
            "a is:gone",
            5,
            "takes deleted, refused, failed, edited, thread, mine, marked, held, queued, sent, accepted, ",
        ),
        ("a is:gone", 5, "unknown or cancelled"),
        ("is:", 3, "deleted, refused"),
        ("is:/a/", 3, "“is:” takes"),
        ("form:amara", 0, "“from:” may be meant"),
        ("-form:amara", 1, "“from:” may be meant"),
        ("hass:link", 0, "“has:” may be meant"),
        ("user:amara", 0, "“from:” may be meant"),
        ("after:10m", 0, "“since:” may be meant"),
        ("from:(a or b)", 5, "(from:a or from:b)"),
        ("nitro not", 9, "“not” needs a word after it"),
        ("nitro not not ", 14, "“not” needs a word after it"),
        ("nitro -", 6, "directly after"),
        ("- nitro", 0, "directly after"),
        ("(a -)", 3, "directly after"),
        ("or", 0, "“or” needs a word before it"),
        ("or a", 0, "“or” needs a word before it"),
        ("a or", 4, "“or” needs a word after it"),
        ("a or or b", 5, "“or” needs a word before it"),
        ("a and", 5, "“and” needs a word after it"),
        ("and a", 0, "“and” needs a word before it"),
        ("a and or b", 6, "“or” needs a word before it"),
        ("not or b", 4, "“or” needs a word before it"),
        ("(a", 0, "not closed"),
        ("a (b or (c)", 2, "not closed"),
        ("(", 1, "needs something after it"),
        ("(a or", 5, "“or” needs a word after it"),
        ("a )", 2, "closes nothing"),
        (") a", 0, "closes nothing"),
        ("(a))", 3, "closes nothing"),
        ("()", 1, "missing before"),
        ("(a or )", 6, "missing before"),
        ("(not)", 4, "missing before"),
        ("since:", 6, "needs a time"),
        ("since:soon", 6, "“soon” is no time"),
        ("since:10", 6, "no time"),
        ("before:10x", 7, "no time"),
        ("since:25:00", 6, "does not exist"),
        ("since:2026-02-30", 6, "does not exist"),
        ("since:0001-01-01", 6, "does not exist"),
        ("len>", 4, "needs a number"),
        ("len>=", 5, "needs a number"),
        ("len>many", 4, "needs a number"),
        ("len>-1", 4, "needs a number"),
        ("len>²", 4, "needs a number"),
        ("len:5", 0, "takes a comparison"),
        ("/nitro", 0, "not closed by “/”"),
        ("a /x\\/", 2, "not closed by “/”"),
        ("from:/x", 5, "not closed by “/”"),
        ("/usr/bin", 5, "regex ended before this"),
        ("/nitro/s", 7, "(?s)"),
        ("/nitro/gi", 7, "(?-i)"),
        ("a \u200b\u200d", 2, "invisible characters"),
        ('from:"\u200b"', 6, "invisible characters"),
    ],
)
def test_problems_are_placed_and_named(line: str, position: int, problem: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(line)
    assert problem in raised.value.problem
    assert raised.value.position == position


UNFINISHED = (
    *(
        "from:",
        "a in:",
        "is:",
        "is:de",
        "HAS:l",
        "since:",
        "since:1",
        "since:1h3",
        "since:12:",
        "since:9:3",
        "since:tod",
    ),
    *(
        "before:2026-",
        "before:2026-01-3",
        'since:"2026-01-31 1',
        "len>",
        "len>=",
        '"free ni',
        'from:"am',
        "/ni+",
        "in:/x",
    ),
    *("(", "(a", "-(a or", "a or", "a and", "not", "nitro -", "from:a (b"),
)
WRONG = (
    *("from: a", "is:x", "is:de a", "since:soon", "since:1 a", "since:25:00", "len>many", "len> a", "user:amara", "or"),
    *("a )", "()", "/(/", "- a", "(from: b"),
)


@pytest.mark.parametrize(
    ("line", "unfinished"), [*((line, True) for line in UNFINISHED), *((line, False) for line in WRONG)]
)
def test_what_may_come_right_by_typing_on_is_told_from_what_is_wrong(line: str, unfinished: bool) -> None:
    with pytest.raises(QueryError) as raised:
        parse(line)
    assert raised.value.unfinished is unfinished


def test_every_beginning_of_a_line_is_a_query_or_has_a_place_for_its_problem() -> None:
    line = r'-(from:"a b" or /x[y/]+\/(z)/) not is:deleted since:10m (len>=2 "q\"") in:#x :) and -"w" before:09:30'
    parse(line.replace("[y/]", "[y]"))
    places = [_place_of_the_problem(line[:end]) for end in range(len(line))]
    assert None in places
    assert all(place is None or 0 <= place <= end for end, place in enumerate(places))
    assert len(set(places)) > 5


def _place_of_the_problem(line: str) -> int | None:
    try:
        parse(line)
    except QueryError as error:
        return error.position
    return None


def test_a_line_has_bounds() -> None:
    parse("a " * MAX_TERMS)
    with pytest.raises(QueryError, match=f"at most {MAX_TERMS} words") as raised:
        parse("a " * (MAX_TERMS + 1))
    assert raised.value.position == 2 * MAX_TERMS
    parse("/a/ " * MAX_REGEXES)
    with pytest.raises(QueryError, match=f"at most {MAX_REGEXES} regexes"):
        parse("/a/ " * (MAX_REGEXES + 1))
    parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)
    with pytest.raises(QueryError, match="deep") as raised:
        parse("(" * 10_000)
    assert raised.value.position == MAX_DEPTH
    parse("not " * 10_000 + "a")
