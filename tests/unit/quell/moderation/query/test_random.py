"""Random queries, written out, read back, and compared with the plainest way of asking what they mean."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest

from quell.moderation.deletion import State
from quell.moderation.matching import matching_form
from quell.moderation.query import parse
from quell.moderation.query.forms import text_form
from quell.moderation.query.grammar import MAX_REGEXES
from quell_providers.model import Author, Message
from tests.unit.quell.moderation.query.support import NOW, Known, message

WORDS = [
    "nitro",
    "free",
    "ＮІТＲО",
    "n\u200bitro",
    "привет",
    "ß",
    "or",
    "not",
    "and",
    "-x",
    ":)",
    "(a)",
    "a b",
    "/x",
    "👏",
]
NAMES = ["Vlad_1998", "Ｖlad", "Amara Okafor", "привет", 'say "hi"', "not"]
ROOMS = ["general", "Mods room", "фінал"]


@dataclass(frozen=True)
class Case:
    """A query as text, and what it means."""

    text: str
    means: Callable[[Message, Known], bool]
    binds: int
    """How tightly its parts hang together: 0 `or`, 1 side by side, 2 alone."""


def _quoted(random: Random, word: str) -> str:
    if random.random() < 0.5 and re.fullmatch(r"\w+", word) and word not in ("or", "and", "not"):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _word(random: Random) -> Case:
    word = random.choice(WORDS)
    wanted = matching_form(word)

    def means(each: Message, facts: Known) -> bool:
        return any(wanted in matching_form(where) for where in (each.text, each.author.name, each.author.username))

    return Case(_quoted(random, word), means, 2)


def _name(random: Random) -> Case:
    name = random.choice(NAMES)
    wanted = matching_form(name)

    def means(each: Message, facts: Known) -> bool:
        return wanted in matching_form(each.author.name) or wanted in matching_form(each.author.username)

    return Case(f"from:{_quoted(random, name)}", means, 2)


def _room(random: Random) -> Case:
    name = random.choice(ROOMS)
    return Case(
        f"in:{_quoted(random, name)}",
        lambda each, facts: matching_form(name) in matching_form(facts.room_name(each)),
        2,
    )


def _regex(random: Random) -> Case:
    pattern = random.choice(["ni+tro", "^free", r"\d+", "o$", "a|b", "[а-я]", "(x y)?z"])
    compiled = re.compile(pattern, re.IGNORECASE)
    return Case(f"/{pattern}/", lambda each, facts: compiled.search(each.text) is not None, 2)


def _flag(random: Random) -> Case:
    flags: dict[str, Callable[[Message, Known], bool]] = {
        "has:file": lambda each, facts: each.attachments != (),
        "is:deleted": lambda each, facts: each.deleted,
        "is:edited": lambda each, facts: each.edited_at is not None,
        "is:thread": lambda each, facts: each.thread_id is not None,
        "is:refused": lambda each, facts: facts.states.get(each.id) is State.REFUSED,
        "is:mine": lambda each, facts: each.id in facts.mine,
        "is:marked": lambda each, facts: each.id in facts.marked,
        "since:10m": lambda each, facts: each.sent_at >= facts.clock - 600,
        "before:1h": lambda each, facts: each.sent_at < facts.clock - 3600,
        "len>8": lambda each, facts: len(each.text) > 8,
        "len<=5": lambda each, facts: len(each.text) <= 5,
    }
    text = random.choice(list(flags))
    return Case(text, flags[text], 2)


def _case(random: Random, depth: int) -> Case:
    shape = random.random()
    if depth == 0 or shape < 0.3:
        return random.choice([_word, _word, _name, _room, _regex, _flag])(random)
    if shape < 0.5:
        inner = _case(random, depth - 1)
        text = _within(random, inner, 2)
        # Two signs are no double negation: `--force` is a word.
        sign = random.choice(["not ", "NOT  ", "not " if text.startswith("-") else "-"])
        return Case(sign + text, lambda each, facts: not inner.means(each, facts), 2)
    parts = [_case(random, depth - 1) for _ in range(random.randint(2, 3))]
    if shape < 0.75:
        joined = random.choice([" ", " and ", "  AND "]).join(_within(random, part, 1) for part in parts)
        return Case(joined, lambda each, facts: all(part.means(each, facts) for part in parts), 1)
    joined = random.choice([" or ", " OR "]).join(_within(random, part, 0) for part in parts)
    return Case(joined, lambda each, facts: any(part.means(each, facts) for part in parts), 0)


def _within(random: Random, case: Case, binds: int) -> str:
    """In parentheses where it would fall apart otherwise, and sometimes where it would not."""
    return f"({case.text})" if case.binds < binds or random.random() < 0.1 else case.text


def _message(random: Random, number: int) -> Message:
    pieces = [*WORDS, "123", "x y z", "bye", "  ", "\n", "e\u0301", "Straße", "п"]
    return message(
        random.choice([" ", "", "  "]).join(random.choices(pieces, k=random.randint(0, 4))),
        id=f"m{number}",
        room_id=f"r{random.randrange(len(ROOMS))}",
        author=Author(f"u{number}", random.choice([*NAMES, "", "Lena"]), random.choice(["", "vlad.1", "amara"])),
        sent_at=NOW - random.choice([1, 500, 700, 4000]),
        edited_at=random.choice([None, NOW]),
        thread_id=random.choice([None, "m0"]),
        attachments=random.choice([(), ("a.png",)]),
        deleted=random.random() < 0.3,
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_query_means_what_it_says(seed: int) -> None:
    random = Random(seed)
    messages = [_message(random, number) for number in range(60)]
    ids = [each.id for each in messages]
    facts = Known(
        states=dict.fromkeys(random.sample(ids, 20), State.REFUSED),
        marked=set(random.sample(ids, 20)),
        mine=set(random.sample(ids, 20)),
        rooms={f"r{number}": name for number, name in enumerate(ROOMS)},
    )
    for _ in range(30):
        case = _case(random, depth=random.randint(0, 4))
        if case.text.count("/") > 2 * MAX_REGEXES:
            continue
        match = parse(case.text).matcher(facts)
        for each in messages:
            assert match(each) is case.means(each, facts), f"seed {seed}: {case.text!r} on {each!r}"


@pytest.mark.parametrize("seed", range(5))
def test_a_form_made_word_by_word_is_the_form(seed: int) -> None:
    random = Random(seed)
    letters = [
        *map(chr, range(0x250)),
        *map(chr, range(0x300, 0x530)),
        *map(chr, range(0x2000, 0x2070)),
        *"\u3000\u2800ＮＴ",
    ]
    for _ in range(2_000):
        text = "".join(random.choices([*" ab", random.choice(letters)], k=random.randint(1, 12)))
        text += "".join(random.choices(letters, k=3))
        assert text_form(text) == matching_form(text), f"seed {seed}: {text!a}"
