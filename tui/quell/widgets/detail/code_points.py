"""A text code point by code point: number, name, what each one does to its neighbours or passes for. Pure.

Lines are made when they are asked for, so a long text costs nothing until it is scrolled through.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import overload

from rich.cells import cell_len
from textual.content import Content

from quell.display import printable
from quell.display.wording import plural
from quell.moderation.matching import matching_form

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANK = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Invisible, although their category does not tell it."""
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_KINDS = {
    "Cc": "control",
    "Cf": "invisible",
    "Cs": "half a surrogate pair",
    "Co": "private use",
    "Cn": "not assigned",
    "Mn": "combining",
    "Mc": "combining",
    "Me": "combining",
    "Zl": "line break",
    "Zp": "line break",
}
_SUSPICIOUS = frozenset({"bidi", "invisible", "control", "half a surrogate pair", "private use", "not assigned"})
_WORD = re.compile(r"\w+")
_ASCII_LETTER = re.compile("[A-Za-z]")
_CONTROLS = (
    "NULL",
    "START OF HEADING",
    "START OF TEXT",
    "END OF TEXT",
    "END OF TRANSMISSION",
    "ENQUIRY",
    "ACKNOWLEDGE",
    "ALERT",
    "BACKSPACE",
    "CHARACTER TABULATION",
    "LINE FEED",
    "LINE TABULATION",
    "FORM FEED",
    "CARRIAGE RETURN",
    "SHIFT OUT",
    "SHIFT IN",
    "DATA LINK ESCAPE",
    "DEVICE CONTROL ONE",
    "DEVICE CONTROL TWO",
    "DEVICE CONTROL THREE",
    "DEVICE CONTROL FOUR",
    "NEGATIVE ACKNOWLEDGE",
    "SYNCHRONOUS IDLE",
    "END OF TRANSMISSION BLOCK",
    "CANCEL",
    "END OF MEDIUM",
    "SUBSTITUTE",
    "ESCAPE",
    "INFORMATION SEPARATOR FOUR",
    "INFORMATION SEPARATOR THREE",
    "INFORMATION SEPARATOR TWO",
    "INFORMATION SEPARATOR ONE",
)
"""Unicode's aliases of the controls from U+0000; as characters these have no names."""
_MORE_CONTROLS = {
    0x7F: "DELETE",
    0x84: "INDEX",
    0x85: "NEXT LINE",
    0x8D: "REVERSE LINE FEED",
    0x90: "DEVICE CONTROL STRING",
    0x98: "START OF STRING",
    0x9B: "CONTROL SEQUENCE INTRODUCER",
    0x9C: "STRING TERMINATOR",
    0x9D: "OPERATING SYSTEM COMMAND",
    0x9E: "PRIVACY MESSAGE",
    0x9F: "APPLICATION PROGRAM COMMAND",
}


def kind(character: str) -> str:
    """What is special about a character, in a word or two; empty for most."""
    if character in _BIDI:
        return "bidi"
    if character in _BLANK or any(ord(character) in each for each in _SELECTORS):
        return "invisible"
    category = unicodedata.category(character)
    if category == "Zs" and character != " ":
        return "other space"
    return _KINDS.get(category, "")


def name(character: str) -> str:
    """The Unicode name, or the alias of a control; `<no name>` where there is neither."""
    code = ord(character)
    if code < len(_CONTROLS):
        return _CONTROLS[code]
    return unicodedata.name(character, _MORE_CONTROLS.get(code, "<no name>"))


def is_suspicious(character: str) -> bool:
    """Whether it can hide or reorder its neighbours, or act on a terminal."""
    return kind(character) in _SUSPICIOUS


def look_alikes(text: str) -> dict[int, str]:
    """The letters of other scripts that pass for ASCII ones beside them, by their positions, and for which they do."""
    found: dict[int, str] = {}
    if not text.isascii():
        for word in _WORD.finditer(text):
            if not word[0].isascii() and _ASCII_LETTER.search(word[0]):
                likes = {position: _like(character) for position, character in enumerate(word[0], word.start())}
                found |= {position: like for position, like in likes.items() if like}
    return found


@lru_cache(1 << 10)
def _like(character: str) -> str:
    if character.isascii() or not character.isalpha() or unicodedata.name(character, "").startswith("LATIN"):
        return ""
    form = matching_form(character)
    return form if len(form) == 1 and form.isascii() else ""


def summary(text: str) -> str:
    """How many code points there are, and how many of each special kind."""
    counts: Counter[str] = Counter()
    for character, count in Counter(text).items():
        if found := kind(character):
            counts[found] += count
    likes = len(look_alikes(text))
    told = [plural(len(text), "code point"), *(f"{count:,} {each}" for each, count in counts.items())]
    return " · ".join([*told, plural(likes, "look-alike")] if likes else told)


class CodePointLines(Sequence[Content]):
    """The lines that spell texts out: for each one its title, its summary, and a line for every code point.

    Args:
        texts: Title and raw text of each.
    """

    def __init__(self, texts: Sequence[tuple[str, str]]) -> None:
        self._texts = [(title, text, summary(text), look_alikes(text)) for title, text in texts]

    def __len__(self) -> int:
        return sum(len(text) + _AROUND for _, text, _, _ in self._texts)

    @overload
    def __getitem__(self, index: int) -> Content: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Content]: ...
    def __getitem__(self, index: int | slice) -> Content | Sequence[Content]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at = range(len(self))[index]
        for title, text, counts, likes in self._texts:
            if at < len(text) + _AROUND:
                return _line(title, text, counts, likes, at)
            at -= len(text) + _AROUND
        raise IndexError(index)

    def suspicious(self) -> Iterator[int]:
        """The lines of characters that hide or reorder others, act on a terminal, or pass for others."""
        start = 0
        for _, text, _, likes in self._texts:
            for at, character in enumerate(text):
                if at in likes or is_suspicious(character):
                    yield start + at + _BEFORE
            start += len(text) + _AROUND


_BEFORE = 1
"""Lines above the code points of a text: its title."""
_AROUND = 2
"""All lines of a text that are no code point: its title, and an empty one at the end."""


def _line(title: str, text: str, counts: str, likes: Mapping[int, str], at: int) -> Content:
    if at < _BEFORE:
        return Content.assemble((printable(f"{title}: "), "bold $primary"), printable(counts))
    if at >= len(text) + _BEFORE:
        return Content("")
    return code_point_line(at - _BEFORE, text[at - _BEFORE], likes.get(at - _BEFORE, ""))


def code_point_line(position: int, character: str, like: str = "") -> Content:
    """One code point: where it stands, how it is shown, its number, its name, and what is special about it.

    Args:
        position: Where it stands.
        character: The code point.
        like: What it passes for there; empty where it does not.
    """
    special = f"passes for {like}" if like else kind(character)
    shown = printable(f"◌{character}" if special == "combining" else character)
    # A stand-in says no more than the number beside it.
    glyph = "·" if shown.startswith("⟦") else shown
    style = "bold $warning" if like or is_suspicious(character) else ""
    return Content.assemble(
        (f"{position:>6}  ", "$foreground-muted"),
        f"{glyph}{' ' * max(4 - cell_len(glyph), 1)}",
        (f"U+{ord(character):04X}".ljust(10), "$accent"),
        (printable(name(character)), style),
        (printable(f"  ← {special}") if special else "", style or "$foreground-muted"),
    )
