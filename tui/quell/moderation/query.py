"""The filter language: which messages a line of text means.

Words and "phrases" must all occur, in the text or in the author's name, whatever their case. `from:NAME`, `has:link`,
`has:file`, `is:deleted` and `is:edited` narrow further; `-` or `not` before any of these turns it around.
"""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass

from quell_providers.model import Message

_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_TOKEN = re.compile(r"\s*(?P<minus>-(?=[^\s-]))?(?:(?P<field>[a-z]+):(?!//))?(?P<quote>\")?", re.IGNORECASE)
_WORD = re.compile(r"\S*")

_FLAGS: dict[str, dict[str, Callable[[Message], bool]]] = {
    "has": {
        "link": lambda message: _LINK.search(message.text) is not None,
        "file": lambda message: bool(message.attachments),
    },
    "is": {
        "deleted": lambda message: message.deleted,
        "edited": lambda message: message.edited_at is not None,
    },
}
_FIELDS = ("from", *_FLAGS)


class QueryError(Exception):
    """The line is not a query."""

    def __init__(self, position: int, problem: str) -> None:
        super().__init__(problem)
        self.position = position
        """Index of the character where the problem begins; the length of the line where something is missing."""
        self.problem = problem
        """What is wrong and what would be right, in one sentence."""


@dataclass(frozen=True, slots=True)
class _Term:
    matches: Callable[[Message, str], bool]
    """Takes the message and its casefolded author and text."""
    negated: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed line."""

    source: str
    terms: tuple[_Term, ...]

    volatile: bool = False

    def matcher(self, facts: object) -> Callable[[Message], bool]:
        """A test."""
        return self.matches

    def highlights(self, text: str) -> list[tuple[int, int]]:
        """Nothing."""
        return []

    def matches(self, message: Message) -> bool:
        """Whether the message is meant; a query without terms means every message."""
        # A line break between the parts keeps a phrase from matching across them.
        content = f"{message.author.name}\n{message.author.username}\n{message.text}".casefold()
        return all(term.matches(message, content) is not term.negated for term in self.terms)


def parse(text: str) -> Query:
    """Read a line of the filter language.

    Raises:
        QueryError: A quote is not closed, a negation or a field lacks its word, or a field has no such value.
    """
    terms: list[_Term] = []
    negations: list[int] = []
    position = 0
    while (start := _skip_spaces(text, position)) < len(text):
        term, position = _read_term(text, start)
        if term is None:
            negations.append(start)
            continue
        terms.append(_Term(term.matches, term.negated is not (len(negations) % 2 == 1)))
        negations.clear()
    if negations:
        raise QueryError(len(text), f"“{text[negations[-1] :].strip()}” needs a word after it.")
    return Query(text, tuple(terms))


def _skip_spaces(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _read_term(text: str, start: int) -> tuple[_Term | None, int]:
    """The term that begins at `start`, or `None` for a bare negation, and where it ends."""
    head = _TOKEN.match(text, start)
    assert head is not None
    field = (head["field"] or "").lower()
    if field and field not in _FIELDS:
        _reject_misspelt(field, head.start("field"))
        field, value_at = "", head.start("field")
        quoted = False
    else:
        quoted = head["quote"] is not None
        value_at = head.end()
    value, end = _read_value(text, value_at, quoted)
    if not field and not quoted and not head["minus"]:
        if value == "-":
            raise QueryError(start, "“-” needs a word directly after it.")
        if value.lower() == "not":
            return None, end
    return _Term(_matcher(field, value, value_at), negated=head["minus"] is not None), end


def _reject_misspelt(field: str, position: int) -> None:
    nearest = difflib.get_close_matches(field, _FIELDS, n=1, cutoff=0.7)
    if nearest:
        problem = f"There is no “{field}:”; “{nearest[0]}:” may be meant. Text with a colon goes in quotes."
        raise QueryError(position, problem)


def _read_value(text: str, position: int, quoted: bool) -> tuple[str, int]:
    if not quoted:
        word = _WORD.match(text, position)
        assert word is not None
        return word[0], word.end()
    end = text.find('"', position)
    if end < 0:
        raise QueryError(position - 1, "This quote is not closed.")
    return text[position:end], end + 1


def _matcher(field: str, value: str, position: int) -> Callable[[Message, str], bool]:
    wanted = value.casefold()
    if field in _FLAGS:
        return _flag(field, wanted, position)
    if field == "from":
        if not wanted:
            raise QueryError(position, "“from:” needs a name.")
        return lambda message, content: (
            wanted in message.author.name.casefold() or wanted in message.author.username.casefold()
        )
    return lambda message, content: wanted in content


def _flag(field: str, value: str, position: int) -> Callable[[Message, str], bool]:
    flag = _FLAGS[field].get(value)
    if flag is None:
        choices = " or ".join(f"“{field}:{name}”" for name in _FLAGS[field])
        raise QueryError(position, f"“{field}:{value}” is not known; it may be {choices}.")
    return lambda message, content: flag(message)
