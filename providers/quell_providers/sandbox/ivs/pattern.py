"""CloudWatch Logs' filter patterns, as far as chat logs need them (Filter and Pattern Syntax).

A pattern in braces compares members of JSON records: `{ $.type = "MESSAGE" && $.payload.Sender.UserId != "bot*" }`,
with `=` and `!=`, strings, whole words or numbers, `*` as a wildcard, `&&` before `||`, and parentheses. Any other
pattern is words or quoted phrases that must all stand in the record; `-word` must not, and of all `?word` one must.
"""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import msgspec

Matcher = Callable[[str], bool]
"""Tells whether a record's text matches."""
_Condition = Callable[[object], bool]

_TOKEN = re.compile(
    r'\s*(?:(?P<sign>&&|\|\||!=|=|\(|\))|(?P<path>\$(?:\.\w+)+)|"(?P<quoted>[^"]*)"|(?P<word>[\w.*:/@+-]+))\s*'
)
_TERM = re.compile(r'(?P<mark>[?-]?)(?:"(?P<quoted>[^"]*)"|(?P<word>[^\s"]+))(?:\s+|$)')
_MISSING = object()


class PatternError(ValueError):
    """A pattern that is not understood."""


def parse(pattern: str) -> Matcher:
    """Read a pattern; an empty one matches everything. Raises PatternError."""
    stripped = pattern.strip()
    if not stripped:
        return lambda text: True
    if stripped.startswith("{") and stripped.endswith("}"):
        condition = _Reader(stripped[1:-1]).read()
        return lambda text: condition(_decoded(text))
    return _terms(stripped)


def _terms(pattern: str) -> Matcher:
    found: dict[str, list[str]] = {"": [], "?": [], "-": []}
    position = 0
    while position < len(pattern):
        term = _TERM.match(pattern, position)
        if term is None:
            raise PatternError(pattern)
        found[term["mark"]].append(term["quoted"] if term["quoted"] is not None else term["word"])
        position = term.end()
    return lambda text: (
        all(word in text for word in found[""])
        and (not found["?"] or any(word in text for word in found["?"]))
        and not any(word in text for word in found["-"])
    )


class _Reader:
    """Reads the inside of a pattern in braces."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(text):
            token = _TOKEN.match(text, position)
            if token is None:
                break
            kind = token.lastgroup or ""
            self._tokens.append((kind, token[kind]))
            position = token.end()
        if text[position:].strip() or not self._tokens:
            raise PatternError(text)

    def read(self) -> _Condition:
        condition = self._either()
        if self._tokens:
            raise PatternError(self._tokens[0][1])
        return condition

    def _either(self) -> _Condition:
        parts = [self._both()]
        while self._skip("||"):
            parts.append(self._both())
        return lambda record: any(part(record) for part in parts)

    def _both(self) -> _Condition:
        parts = [self._one()]
        while self._skip("&&"):
            parts.append(self._one())
        return lambda record: all(part(record) for part in parts)

    def _one(self) -> _Condition:
        if self._skip("("):
            inner = self._either()
            if not self._skip(")"):
                raise PatternError("unclosed parenthesis")
            return inner
        path = self._take("path").split(".")[1:]
        sign = self._take("sign")
        if sign not in ("=", "!="):
            raise PatternError(sign)
        wanted = self._take("quoted", "word")
        # A record without the member matches neither.
        return lambda record: (
            (value := _member(record, path)) is not _MISSING and _equal(value, wanted) == (sign == "=")
        )

    def _skip(self, sign: str) -> bool:
        if self._tokens and self._tokens[0] == ("sign", sign):
            self._tokens.pop(0)
            return True
        return False

    def _take(self, *kinds: str) -> str:
        if not self._tokens or self._tokens[0][0] not in kinds:
            raise PatternError(f"expected {kinds[0]}")
        return self._tokens.pop(0)[1]


def _decoded(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None


def _member(record: object, path: list[str]) -> object:
    for name in path:
        if not isinstance(record, dict) or name not in record:
            return _MISSING
        record = record[name]
    return record


def _equal(value: object, wanted: str) -> bool:
    if isinstance(value, str):
        return fnmatchcase(value, re.sub(r"([\[?])", r"[\1]", wanted))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return value == float(wanted)
    except ValueError:
        return False
