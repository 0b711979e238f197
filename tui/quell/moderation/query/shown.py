"""A text on the screen, and which of its characters stand for which part of the text that queries look at."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from quell.moderation.query.forms import KEPT_LENGTH, form_of_word

Span = tuple[int, int]
"""The index of the first character, and that behind the last one."""

_UNIT = re.compile(r"⟦U\+([0-9A-F]{4,6})⟧|⟦\+[0-9]+ marks⟧|[␀-␟␡⏎]")
"""What the display shows in place of characters that a terminal could act on, that are invisible, or that pile up."""
_CONTROL_PICTURES = 0x2400
_CHUNK = re.compile(r"\s+|\S+")


class Mapped(NamedTuple):
    """A text made of another one."""

    text: str
    origins: list[Span] | None
    """For each character, which characters of the other text it was made of; `None` where each comes from its own."""

    def origin(self, start: int, end: int) -> Span:
        """Where the characters from `start` to before `end`, at least one, come from."""
        if self.origins is None:
            return start, end
        return self.origins[start][0], self.origins[end - 1][1]


class Shown:
    """A text as the display made it printable."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def sent(self) -> Mapped:
        """The text as it was sent; marks that the display only counted are missing."""
        text = self._text
        if text.isascii() or not _UNIT.search(text):
            return Mapped(text, None)
        characters: list[str] = []
        origins: list[Span] = []
        position = 0
        for unit in _UNIT.finditer(text):
            characters += text[position : unit.start()]
            origins += [(index, index + 1) for index in range(position, unit.start())]
            if meant := _meant(unit):
                characters.append(meant)
                origins.append(unit.span())
            position = unit.end()
        characters += text[position:]
        origins += [(index, index + 1) for index in range(position, len(text))]
        return Mapped("".join(characters), origins)

    @cached_property
    def form(self) -> Mapped:
        """The form of the sent text that words and phrases are looked for in."""
        sent = self.sent
        if sent.text.isascii() and sent.text.isprintable() and "  " not in sent.text:
            return Mapped(sent.text.lower(), sent.origins)
        form: list[str] = []
        origins: list[Span] = []
        for made, start, end in _forms(sent.text):
            form.append(made)
            origins += [sent.origin(start, end)] * len(made)
        return Mapped("".join(form), origins)


def _meant(unit: re.Match[str]) -> str:
    """The character in whose place this is shown; none for counted marks."""
    if unit[1]:
        code = int(unit[1], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
    shown = unit[0]
    if shown == "⏎":
        return "\n"
    if shown == "␡":
        return "\x7f"
    return chr(ord(shown) - _CONTROL_PICTURES) if len(shown) == 1 else ""


def _forms(text: str) -> Iterator[tuple[str, int, int]]:
    """The pieces of the form of a text, each with the characters it was made of. Words are put apart by one space."""
    space: Span | None = None
    begun = False
    for chunk in _CHUNK.finditer(text):
        if chunk[0].isspace():
            space = (space[0] if space else chunk.start(), chunk.end())
            continue
        pieces = (_kept_pieces if len(chunk[0]) <= KEPT_LENGTH else _pieces)(chunk[0])
        if not any(made for made, _, _ in pieces):
            continue
        if begun and space is not None:
            yield " ", *space
        begun, space = True, None
        for made, start, end in pieces:
            yield made, chunk.start() + start, chunk.start() + end


def _pieces(word: str) -> tuple[tuple[str, int, int], ...]:
    """The form of a word, character by character where that gives the same; else in one piece."""
    whole = form_of_word(word)
    pieces: list[tuple[str, int, int]] = []
    start = 0
    for end in range(1, len(word) + 1):
        if end == len(word) or not _belongs_to_the_one_before(word[end]):
            pieces.append((form_of_word(word[start:end]), start, end))
            start = end
    if "".join(made for made, _, _ in pieces) == whole:
        return tuple(pieces)
    return ((whole, 0, len(word)),)


_kept_pieces = lru_cache(2048)(_pieces)


def _belongs_to_the_one_before(character: str) -> bool:
    return unicodedata.combining(character) > 0 or unicodedata.category(character) == "Me"
