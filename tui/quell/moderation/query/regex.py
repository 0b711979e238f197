"""Regular expressions that can not hang the console.

RE2 takes time in proportion to the length of the text, whatever the pattern: it never goes back in the text, which is
why it has no back-references and no look-around. What a character costs grows with the size of the pattern, which is
bounded here, and so is the memory.

Case does not matter, unless the pattern says `(?-i)`. `.` matches everything but a line break. The syntax is RE2's,
where `\\d`, `\\w` and `\\b` know ASCII only, and `\\pL` is any letter.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from quell.moderation.query.errors import QueryError
from quell.moderation.query.shown import Span

if TYPE_CHECKING:
    import re2

MAX_STATES = 1_000
"""Characters, classes and operators of a pattern, with everything repeated that is repeated.

At the worst each costs some 10 ns a byte of text, where what RE2 would remember does not fit its memory.
"""
MAX_SIZE = 20_000
"""Instructions of a compiled pattern; any letter (`\\pL`) alone takes 1,200."""
MAX_BYTES = 8 << 20
"""Memory that a pattern may take, with all that it remembers while it searches; as RE2 counts it."""
_TRIAL_BYTES = 1 << 20
MAX_SPANS = 100
"""How many matches are highlighted in one text. Looking for the next one can mean to read the rest of the text."""
_MAX_WORK = 5_000_000
"""Characters times states, for each match, that are spent on the highlights of one text."""

_TOO_LARGE = "This regex is too large: it repeats too much."
_PROBLEMS = {
    "missing )": "A parenthesis of this regex is not closed.",
    "unexpected )": "This regex closes a parenthesis that it never opened.",
    "missing ]": "A “[” of this regex is not closed.",
    "no argument for repetition operator": "There is nothing to repeat before “{0}” in this regex.",
    "bad repetition operator": "“{0}” repeats a repetition; one of them is enough in this regex.",
    "invalid repetition size": "“{0}” is no repetition; at most {{1000}} is, nested ones multiplied.",
    "invalid character class range": "“{0}” is no range or class of characters.",
    "invalid escape sequence": "“{0}” means nothing in a regex; a letter that stands for itself needs no “\\”.",
    "trailing \\": "“\\” at the end of a regex needs a character after it.",
    "invalid perl operator": "Regexes have no “{0}” here.",
    "pattern too large - compile failed": _TOO_LARGE,
}
_NO_LOOK_AROUND = "Regexes have no look-around (“{0}”) here: it can take forever. Use a second regex, with “not”."
_NO_BACK_REFERENCE = "Regexes have no back-references (“{0}”) here: they can take forever."
_LOOK_AROUND = re.compile(r"\(\?<?[=!]")
_BACK_REFERENCE = re.compile(r"\\[1-9]|\(\?P=.*")
_WIDE = re.compile(r"\\[pP](?:\{[^}]*\}|.)|\\x\{[^}]*\}|(\\.)|[^\x00-\xff]", re.DOTALL)
"""What takes many instructions for one character: classes of Unicode, and characters by number; not other escapes."""


class _Found(Protocol):
    """What Quell uses of RE2's match."""

    def span(self) -> Span: ...


class _Compiled(Protocol):
    """What Quell uses of RE2's compiled pattern."""

    programsize: int

    def search(self, text: bytes) -> _Found | None: ...

    def finditer(self, text: str) -> Iterator[_Found]: ...


class Regex:
    """A pattern, ready to search.

    Args:
        pattern: In RE2's syntax.
        position: Where in the line it begins, for errors.

    Raises:
        QueryError: It is no pattern, needs something that can take forever, or is too large.
    """

    def __init__(self, pattern: str, position: int) -> None:
        self._compiled, self._states = _compile(pattern, position)

        search = self._compiled.search
        # Half a surrogate pair has no UTF-8; a question mark keeps its place.
        self.matches: Callable[[str], bool] = lambda text: search(text.encode("utf-8", "replace")) is not None
        """Whether the pattern matches anywhere in a text."""

    def spans(self, text: str) -> list[Span]:
        """Where the pattern matches, from the beginning of the text, as far as highlights go."""
        text = text.encode("utf-8", "replace").decode()
        affordable = _MAX_WORK // max(len(text) * self._states, 1)
        found: list[Span] = []
        for match in islice(self._compiled.finditer(text), min(MAX_SPANS, affordable)):
            start, end = match.span()
            if start < end:
                found.append((start, end))
        return found


def _compile(pattern: str, position: int) -> tuple[_Compiled, int]:
    # With little memory, a pattern that is much too large is given up early.
    size = _with_memory(_TRIAL_BYTES, pattern, position).programsize
    states = min(_states(pattern), size)
    if size > MAX_SIZE or states > MAX_STATES:
        raise QueryError(position, _TOO_LARGE)
    return _with_memory(MAX_BYTES, pattern, position), states


def _states(pattern: str) -> int:
    """The size of the pattern with one byte for each of its characters and classes, as far as it can be made so."""
    import re2

    options = _options(_TRIAL_BYTES)
    options.encoding = re2.Options.Encoding.LATIN1
    narrow = _WIDE.sub(lambda found: "\xff" if found[1] is None else found[0], pattern)
    try:
        states: int = re2.compile(narrow.encode("latin-1"), options).programsize
    except re2.error:  # such as a range that ends before it begins, now
        return MAX_SIZE
    return states


def _with_memory(limit: int, pattern: str, position: int) -> _Compiled:
    import re2

    # RE2 keeps patterns for later, by the hundred; each key press makes another one here.
    re2.purge()
    try:
        compiled: _Compiled = re2.compile(pattern.encode("utf-8", "replace").decode(), _options(limit))
    except re2.error as error:
        raise _explained(str(error.args[0], "utf-8", "replace"), pattern, position) from None
    return compiled


def _options(limit: int) -> "re2.Options":
    import re2

    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    options.max_mem = limit
    return options


def _explained(complaint: str, pattern: str, position: int) -> QueryError:
    """RE2's complaint in plain words, at the part of the pattern that it is about."""
    for construct, problem in ((_LOOK_AROUND, _NO_LOOK_AROUND), (_BACK_REFERENCE, _NO_BACK_REFERENCE)):
        if (found := construct.search(pattern)) and found[0].startswith(complaint.partition(": ")[2]):
            return QueryError(position + found.start(), problem.format(found[0]))
    kind, _, part = complaint.partition(": ")
    problem = _PROBLEMS.get(kind, "This is no regex: {0}.").format(part)
    return QueryError(position + max(pattern.find(part), 0), problem)
