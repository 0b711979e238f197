"""What may come next in a half-typed line."""

import re
from collections.abc import Iterable, Sequence

from quell.moderation.query.moments import EXAMPLES
from quell.moderation.query.terms import FLAGS
from quell.moderation.query.tokens import FIELDS, LENGTH, Kind, Token, tokenise

MAX_COMPLETIONS = 20
_NEEDS_QUOTES = re.compile(r'[\s()"]|^/')
_ESCAPED = re.compile(r'(["\\])')


def completions(text: str, cursor: int, names: Sequence[str], rooms: Sequence[str]) -> list[str]:
    """Lines in which the word before the cursor is completed, or begun.

    Args:
        text: The line.
        cursor: Index of the character that would be typed next.
        names: Authors that may be meant by `from:`, the likeliest first.
        rooms: Names that may be meant by `in:`, the likeliest first.

    Returns:
        Whole lines, the likeliest first, at most `MAX_COMPLETIONS`; each has what stands behind the cursor, too. None
        within a word, a phrase without a field, or a regex.
    """
    after = text[cursor:]
    if after and not after[0].isspace() and after[0] != ")":
        return []
    tokens = list(tokenise(text[:cursor]))
    last = tokens[-1] if tokens and tokens[-1].end == cursor else None
    if last is None or last.kind is Kind.OPEN:
        return [f"{text[:cursor]}{head}{after}" for head in _heads()]
    if not _may_go_on(last):
        return []
    choices = _values(last, names, rooms) if last.field else _heads()
    typed = last.value.casefold()
    begin = text[: last.start] + text[last.start : last.value_at].removesuffix('"')
    fitting = (choice for choice in choices if choice.casefold().startswith(typed) and choice.casefold() != typed)
    return [f"{begin}{_written(choice, last)}{after}" for choice in list(fitting)[:MAX_COMPLETIONS]]


def _heads() -> list[str]:
    return [*(f"{field}:" for field in FIELDS), f"{LENGTH}>"]


def _may_go_on(token: Token) -> bool:
    return token.kind is Kind.WORD or (token.kind is Kind.PHRASE and token.field != "" and not token.closed)


def _values(token: Token, names: Iterable[str], rooms: Iterable[str]) -> Iterable[str]:
    if token.field in FLAGS:
        return FLAGS[token.field]
    if token.field in ("since", "before"):
        return EXAMPLES
    if token.field == LENGTH:
        return ()
    return dict.fromkeys(names if token.field == "from" else rooms)


def _written(choice: str, token: Token) -> str:
    """The choice as it is typed: in quotes where it must be, or where they were begun."""
    if token.field and (token.kind is Kind.PHRASE or _NEEDS_QUOTES.search(choice)):
        return '"' + _ESCAPED.sub(r"\\\1", choice) + '"'
    return choice
