"""What may come next in a half-typed line."""

import pytest

from quell.moderation.query import QueryError, completions, parse
from quell.moderation.query.completion import MAX_COMPLETIONS

NAMES = ["Vlad_1998", "Amara Okafor", 'say "hi"', "vlada", "(x)", "Vlad_1998"]
ROOMS = ["general", "mods", "#odd"]
HEADS = ["from:", "has:", "in:", "is:", "since:", "before:", "len>"]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("", HEADS),
        ("nitro ", [f"nitro {head}" for head in HEADS]),
        ("(", [f"({head}" for head in HEADS]),
        ("-", []),
        ("f", ["from:"]),
        ("-F", ["-from:"]),
        ("nitro i", ["nitro in:", "nitro is:"]),
        ("(l", ["(len>"]),
        ("zebra", []),
        ("has:", ["has:link", "has:file"]),
        ("has:f", ["has:file"]),
        ("has:file", []),
        ("IS:M", ["IS:mine", "IS:marked"]),
        ("from:vl", ["from:Vlad_1998", "from:vlada"]),
        ("from:am", ['from:"Amara Okafor"']),
        ('from:"am', ['from:"Amara Okafor"']),
        ('from:"vlad_', ['from:"Vlad_1998"']),
        ("from:say", [r'from:"say \"hi\""']),
        ("from:(", ['from:"(x)"']),
        ("in:", ["in:general", "in:mods", "in:#odd"]),
        ("not in:mo", ["not in:mods"]),
        ("since:", ["since:10m", "since:1h", "since:today", "since:yesterday"]),
        ("before:t", ["before:today"]),
        ("len>", []),
        ('"f', []),
        ('from:"Amara Okafor"', []),
        ("/f", []),
        ("from:/v", []),
        ("or", []),
    ],
)
def test_at_the_end_of_the_line(line: str, offered: list[str]) -> None:
    assert completions(line, len(line), NAMES, ROOMS) == offered


@pytest.mark.parametrize(
    ("before", "after", "offered"),
    [
        ("f", " nitro", ["from: nitro"]),
        ("has:l", ")", ["has:link)"]),
        ("h", "as", []),
        ("from:", " x", ["from:Vlad_1998 x", 'from:"Amara Okafor" x', r'from:"say \"hi\"" x', "from:vlada x"]),
    ],
)
def test_within_the_line(before: str, after: str, offered: list[str]) -> None:
    assert completions(before + after, len(before), NAMES, ROOMS)[: len(offered)] == offered
    assert bool(completions(before + after, len(before), NAMES, ROOMS)) is bool(offered)


def test_every_completed_value_is_a_query() -> None:
    for line in ("has:", "is:", "in:", "from:", "since:", "before:", 'from:"'):
        offered = completions(line, len(line), NAMES, ROOMS)
        assert offered
        for completed in offered:
            try:
                parse(completed)
            except QueryError as error:
                raise AssertionError(f"{completed}: {error}") from error


def test_a_room_full_of_people_does_not_make_an_endless_list() -> None:
    assert len(completions("from:u", 6, [f"user{number}" for number in range(10_000)], [])) == MAX_COMPLETIONS
