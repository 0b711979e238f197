"""From tokens to the tree of what they mean.

either   := all ("or" all)*
all      := negated (["and"] negated)*
negated  := ("not" | "-")* part
part     := "(" either ")" | term
"""

import difflib
import re

from quell.moderation.query.errors import QueryError
from quell.moderation.query.nodes import And, Node, Not, Or
from quell.moderation.query.terms import FLAGS, FlagTerm, LengthTerm, TimeTerm
from quell.moderation.query.texts import NameTerm, RegexTerm, TextTerm
from quell.moderation.query.tokens import FIELDS, LENGTH, TERMS, Kind, Token, tokenise

MAX_TERMS = 100
MAX_REGEXES = 8
"""Each may take `regex.MAX_BYTES`."""
MAX_DEPTH = 20
"""Parentheses within parentheses."""

_OTHER_NAMES = {
    "author": "from",
    "user": "from",
    "room": "in",
    "channel": "in",
    "after": "since",
    "until": "before",
}
_MAYBE_FIELD = re.compile(r"([a-z]+):(?!//)", re.IGNORECASE)
_FLAGS = re.compile("[dgimsuvxy]+")
"""What stands behind regexes in other languages."""
_ENDS_ALL = frozenset({Kind.OR, Kind.CLOSE})


def read(line: str) -> Node:
    """The tree of a line; an empty line means every message.

    Raises:
        QueryError: The line is no query.
    """
    tokens = list(tokenise(line))
    _check_sizes(tokens)
    if not tokens:
        return And(())
    reader = _Reader(tokens, len(line))
    node = reader.either(depth=0)
    if (left := reader.token) is not None:
        raise QueryError(left.start, "This parenthesis closes nothing; text with parentheses goes in quotes.")
    return node


def _check_sizes(tokens: list[Token]) -> None:
    terms = [token for token in tokens if token.kind in TERMS]
    if len(terms) > MAX_TERMS:
        raise QueryError(terms[MAX_TERMS].start, f"A query has at most {MAX_TERMS} words.")
    regexes = [token for token in terms if token.kind is Kind.REGEX]
    if len(regexes) > MAX_REGEXES:
        raise QueryError(regexes[MAX_REGEXES].start, f"A query has at most {MAX_REGEXES} regexes; “|” joins several.")


class _Reader:
    """Reads tokens by recursive descent.

    Args:
        tokens: Of the whole line.
        length: Of the line, where what is missing at its end is put.
    """

    def __init__(self, tokens: list[Token], length: int) -> None:
        self._tokens = tokens
        self._length = length
        self._index = 0

    @property
    def token(self) -> Token | None:
        """The next token; `None` at the end of the line."""
        return self._tokens[self._index] if self._index < len(self._tokens) else None

    def either(self, depth: int) -> Node:
        """What stands between `or`s."""
        parts = [self._all(depth, "or")]
        while self._take(Kind.OR):
            parts.append(self._all(depth, "or"))
        return parts[0] if len(parts) == 1 else Or(parts)

    def _all(self, depth: int, sign: str) -> Node:
        parts = [self._negated(depth, sign)]
        while self.token is not None and self.token.kind not in _ENDS_ALL:
            sign = "and" if self._take(Kind.AND) else sign
            parts.append(self._negated(depth, sign))
        return parts[0] if len(parts) == 1 else And(parts)

    def _negated(self, depth: int, sign: str) -> Node:
        negated = False
        while self._take(Kind.NOT):
            negated, sign = not negated, "not"
        part = self._part(depth, sign)
        return Not(part) if negated else part

    def _part(self, depth: int, sign: str) -> Node:
        token = self.token
        if token is None:
            raise QueryError(self._length, f"“{sign}” needs a word after it.", unfinished=True)
        if token.kind in TERMS:
            self._index += 1
            return self._term(token)
        if token.kind is Kind.OPEN:
            return self._group(token, depth)
        if token.kind is Kind.CLOSE and depth == 0:
            raise QueryError(token.start, "This parenthesis closes nothing; text with parentheses goes in quotes.")
        if token.kind is Kind.CLOSE:
            raise QueryError(token.start, "Something is missing before this parenthesis.")
        raise QueryError(
            token.start, f"“{token.kind.name.lower()}” needs a word before it; as a word it goes in quotes."
        )

    def _group(self, opening: Token, depth: int) -> Node:
        if depth == MAX_DEPTH:
            raise QueryError(opening.start, f"Parentheses go {MAX_DEPTH} deep and no deeper.")
        self._index += 1
        if self.token is None:
            raise QueryError(self._length, "“(” needs something after it.", unfinished=True)
        node = self.either(depth + 1)
        if not self._take(Kind.CLOSE):
            problem = "This parenthesis is not closed; text with parentheses goes in quotes."
            raise QueryError(opening.start, problem, unfinished=True)
        return node

    def _term(self, token: Token) -> Node:
        try:
            term, following = _term(token), self.token
        except QueryError as error:
            error.unfinished = error.unfinished and token.end == self._length
            raise
        if following is None or following.start != token.end or following.kind is Kind.CLOSE:
            return term
        if token.kind is Kind.REGEX:
            raise QueryError(token.end, _behind_a_regex(following))
        return term

    def _take(self, kind: Kind) -> bool:
        taken = self.token is not None and self.token.kind is kind
        self._index += taken
        return taken


def _term(token: Token) -> Node:
    _check_closed(token)
    if token.kind is Kind.WORD and token.field and token.value.startswith("("):
        problem = f"“{token.field}:” takes one value; write it before each: ({token.field}:a or {token.field}:b)."
        raise QueryError(token.value_at, problem)
    if token.field in FLAGS:
        return FlagTerm(token)
    if token.field in ("since", "before"):
        return TimeTerm(token)
    if token.field in ("from", "in"):
        return NameTerm(token)
    if token.field == LENGTH:
        return LengthTerm(token)
    if token.kind is Kind.REGEX:
        return RegexTerm(token)
    if token.kind is Kind.WORD:
        _check_word(token)
    return TextTerm(token)


def _behind_a_regex(following: Token) -> str:
    if _FLAGS.fullmatch(following.value):
        return (
            "Of the flags behind a regex there is only “i”, which is always on; (?-i), (?s), (?m) go at its beginning."
        )
    return "The regex ended before this; within a regex write “\\/” for “/”."


def _check_closed(token: Token) -> None:
    if token.closed:
        return
    problem = "This quote is not closed."
    if token.kind is Kind.REGEX:
        problem = "This regex is not closed by “/”; a word that begins with “/” goes in quotes."
    raise QueryError(token.value_at - 1, problem, unfinished=True)


def _check_word(token: Token) -> None:
    """Refuse what is most likely meant for something else."""
    if token.value == "-":
        raise QueryError(token.start, "“-” needs a word directly after it.", unfinished=True)
    if (maybe := _MAYBE_FIELD.match(token.value)) is None:
        return
    field = maybe[1].lower()
    if field == LENGTH:
        raise QueryError(token.start, "“len” takes a comparison: len>280. Text with a colon goes in quotes.")
    # Nearly every short word is near a field of two letters.
    long_fields = [each for each in FIELDS if len(each) > 2]
    nearest = [_OTHER_NAMES[field]] if field in _OTHER_NAMES else difflib.get_close_matches(field, long_fields, 1, 0.7)
    if nearest:
        problem = f"There is no “{field}:”; “{nearest[0]}:” may be meant. Text with a colon goes in quotes."
        raise QueryError(token.start, problem)
