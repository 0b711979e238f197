"""A line of the filter language, cut into its words and signs. Total: every line has tokens, also a half-typed one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

FIELDS = ("from", "has", "in", "is", "since", "before")
"""What may stand before a colon."""
REGEX_FIELDS = frozenset({"", "from", "in"})
"""Where a value between slashes is a regex; the empty name is text without a field."""
LENGTH = "len"
"""The field that takes a comparison instead of a colon."""

_FIELD = re.compile(rf"({'|'.join(FIELDS)}):(?!//)|{LENGTH}(?=[<>=])", re.IGNORECASE)
_KEYWORD = re.compile(r"(and|or|not)(?=[\s()]|\Z)", re.IGNORECASE)
_MINUS = re.compile(r"-(?=[^\s)-])")
_PHRASE = re.compile(r'"((?:[^"\\]|\\.)*+)("?)', re.DOTALL)
_REGEX = re.compile(r"/((?:[^/\\]|\\.)*+)(/?)(?:(?<=/)i(?=[\s)]|\Z))?", re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_SPACES = re.compile(r"\s*")


class Kind(Enum):
    """What a token does."""

    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    """The word `not`, and the sign `-` directly before what it negates."""
    WORD = auto()
    PHRASE = auto()
    REGEX = auto()


TERMS = frozenset({Kind.WORD, Kind.PHRASE, Kind.REGEX})
"""The kinds that say what to look for; each may have a field."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the line. Positions are indices of its characters."""

    kind: Kind
    start: int
    end: int
    """Behind the last character."""
    field: str = ""
    """In lower case; empty where there is none."""
    value: str = ""
    """Without the quotes or slashes around it, and with the comparison sign for `len`."""
    value_at: int = 0
    """Where the value begins, behind its quote."""
    closed: bool = True
    """Whether the quote or the regex ends in this line."""


def tokenise(line: str) -> Iterator[Token]:
    """The tokens of a line, in order, without the spaces between them."""
    depth = position = 0
    while (position := _skip_spaces(line, position)) < len(line):
        token = _sign(line, position) or _term(line, position, grouped=depth > 0)
        if token.kind is Kind.OPEN:
            depth += 1
        elif token.kind is Kind.CLOSE:
            depth = max(depth - 1, 0)
        yield token
        position = token.end


def _skip_spaces(line: str, position: int) -> int:
    spaces = _SPACES.match(line, position)
    assert spaces is not None
    return spaces.end()


def _sign(line: str, start: int) -> Token | None:
    """The parenthesis, negation or keyword that begins here."""
    if line[start] in "()":
        return Token(Kind.OPEN if line[start] == "(" else Kind.CLOSE, start, start + 1)
    if _MINUS.match(line, start):
        return Token(Kind.NOT, start, start + 1)
    if keyword := _KEYWORD.match(line, start):
        return Token(Kind[keyword[1].upper()], start, keyword.end())
    return None


def _term(line: str, start: int, *, grouped: bool) -> Token:
    head = _FIELD.match(line, start)
    field = (head[1] or LENGTH).lower() if head else ""
    position = head.end() if head else start
    if field != LENGTH and (phrase := _PHRASE.match(line, position)):
        value = _ESCAPED.sub(r"\1", phrase[1])
        return Token(Kind.PHRASE, start, phrase.end(), field, value, phrase.start(1), closed=bool(phrase[2]))
    if field in REGEX_FIELDS and (regex := _REGEX.match(line, position)):
        return Token(Kind.REGEX, start, regex.end(), field, regex[1], regex.start(1), closed=bool(regex[2]))
    end = _word_end(line, position, grouped=grouped)
    return Token(Kind.WORD, start, end, field, line[position:end], position)


def _word_end(line: str, position: int, *, grouped: bool) -> int:
    """A word ends at a space; within parentheses also at the one that closes them, so that `:)` can be typed."""
    open_within = 0
    for index in range(position, len(line)):
        character = line[index]
        if character.isspace():
            return index
        if character == "(":
            open_within += 1
        elif character == ")" and grouped:
            if not open_within:
                return index
            open_within -= 1
    return len(line)
