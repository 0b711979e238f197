"""Service text made printable: it shows what it finds instead of dropping it.

Chat text, names, topics, links and server errors were written by someone who may want to move the cursor, fill the
clipboard or forge a status. A moderator must see such an attempt, so every character a terminal could act on, or that
hides or reorders its neighbours, is replaced by a visible stand-in.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, NewType

from quell.display.graphemes import graphemes
from quell.display.kinds import kinds_of

Printable = NewType("Printable", str)
"""One line of text that holds no control, bidi or zero-width character but those a script or an emoji needs."""

MARKS_PER_BASE = 4
"""Combining marks kept on one character; the rest are counted, so that stacked marks can not leave their row."""

LONGEST = 20_000
"""Characters that are shown of a text far longer than that; of the rest, their number."""
_FAR_LONGER = 12 * LONGEST
"""Twelve times, because no stand-in is longer than ten characters: what was cut once is never cut again."""

JOINED_EMOJI = 4
"""Emoji that joiners may make one of, as many as the largest families need; further joiners are shown."""

JOINED_LETTERS = 6
"""Letters that viramas and joiners may make one of, more than any language needs; more could pile up in a cell."""

REPEATED = 4
"""Equal stand-ins in a row that are written out; more are counted."""


class Run(NamedTuple):
    """A piece of printable text.

    The same characters may be typed by an author; only a run tells which of them Quell put there.
    """

    text: Printable
    stand_in: bool
    """Whether it stands for something that can not be shown itself."""


def plain(pieces: Iterable[Run]) -> Printable:
    """The text of runs, all in one."""
    return Printable("".join([run.text for run in pieces]))


_MARKS = "[mkqK]"
_EMOJI = "(?:[eEf]v?s?|w[vt]?|W(?:s|[vt]?))"
_JOINING = f"(?<=[lkK])(?<!{_MARKS}{{{MARKS_PER_BASE + 1}}})"
"""After a letter of a script with joiners, or a mark on one that is kept."""
_FOUND = re.compile(
    rf"""
    (?P<kept> (?: [.zula]+ | p(?=[.l]) | Y+(?!y) | L(?![LYy]) | d(?!v)
            | (?<=[^mkqKzxhrbp]){_MARKS}{{1,{MARKS_PER_BASE}}}
            | {_EMOJI} (?: j {_EMOJI} ){{0,{JOINED_EMOJI - 1}}}(?!g) # emoji, joined or not
            | dvq                                                # keycaps
            | ii                                                 # flags of countries
            | [LY]y{{1,{MARKS_PER_BASE}}}                        # Hangul letters of one syllable
            | {_JOINING}(?: n(?=l) | (?<=[kK])n(?!{_MARKS}|[jn]) ) )++ )
  | (?P<flag> fg{{6}} )                                          # flags of parts of a country, if it is one
  | (?P<joiner> {_JOINING}(?<=[kK])jj?(?=l) )
  | (?P<last> {_JOINING}(?<=[kK])j[jn]?(?!{_MARKS}|[jnl]) )       # a joiner that makes the letter before it a half one
  | (?P<bare> (?: \A | (?<=[zxhrbp]) )(?={_MARKS}) )
  | (?P<marks> (?<={_MARKS}{{{MARKS_PER_BASE}}}) {_MARKS}+ )
  | (?P<line> rb | [rb] )
  | (?P<letter> i )                                              # half a flag
  | (?P<unsafe> [xhjnvtsgy]+ | L+(?=[LY]) | p+(?![.l]) )
    """,
    re.VERBOSE,
)
_COUNTRY_PARTS = frozenset(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in part) + "\U000e007f"
    for part in ("gbeng", "gbsct", "gbwls")
)
_CONTROL_PICTURES = 0x2400
_REGIONAL_A = 0x1F1E6


def printable(text: str) -> Printable:
    """One line of text in a form that is safe to print anywhere. Total, and idempotent."""
    if text.isascii() and text.isprintable() and len(text) <= _FAR_LONGER:
        return Printable(text)
    return Printable("".join([piece for piece, _ in _pieces(text)]))


def is_cut(text: str) -> bool:
    """Whether `printable` shows but the beginning of a text."""
    return len(text) > _FAR_LONGER


def runs(text: str, longest: int | None = None) -> tuple[Run, ...]:
    """What `printable` makes of a text, with the stand-ins apart. Without empty runs.

    Args:
        text: As a service told it.
        longest: Characters of it that are shown; of more, their number is told.
    """
    if longest is not None and len(text) > longest:
        head = text[: _end_of_grapheme(text, longest)]
        return (*runs(head), Run(_more(len(text) - len(head)), stand_in=True))
    if text.isascii() and text.isprintable() and len(text) <= _FAR_LONGER:
        return (Run(Printable(text), stand_in=False),) if text else ()
    return tuple([Run(Printable(piece), stand_in) for piece, stand_in in _pieces(text)])


def _more(characters: int) -> Printable:
    return Printable(f"⟦+{characters:,} characters⟧")


def _end_of_grapheme(text: str, end: int) -> int:
    """The last place up to `end` at which nothing is cut in two, if there is one nearby."""
    for place in range(end, max(end - 16, 0), -1):
        if kinds_of(text[place]) in ".zulLYeEdwWpx" and kinds_of(text[place - 1]) not in "jipK":
            return place
    return end


def _pieces(text: str) -> list[tuple[str, bool]]:
    """Pieces of text, and whether each is a stand-in."""
    if len(text) > _FAR_LONGER:
        return [*_pieces(text[:LONGEST]), (_more(len(text) - LONGEST), True)]
    pieces: list[tuple[str, bool]] = []
    done = 0
    kinds = kinds_of(text)
    for found in _FOUND.finditer(kinds):
        kind = found.lastgroup
        if kind == "kept":
            continue
        start, end = found.span()
        if kind == "flag":
            if text[start:end] in _COUNTRY_PARTS:
                continue
            start, kind = start + 1, "unsafe"
        if start > done:
            pieces.append((text[done:start], False))
        joiner = _JOINERS.get(kind or "")
        pieces.append((joiner, False) if joiner else (_stand_in(kind or "", text[start:end]), True))
        done = end
    if done < len(text):
        pieces.append((text[done:], False))
    tied = ("K" in kinds or "j" in kinds) and _TIED.search(kinds)
    return list(_untied(pieces)) if tied else pieces


def _untied(pieces: list[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """The pieces, with a stand-in where too many letters would become one."""
    joined, last = _JOINERS.values()
    for stand_in, same in groupby(pieces, key=itemgetter(1)):
        text = "".join([piece for piece, _ in same])
        if stand_in:
            yield text, True
            continue
        done = 0
        for start, end, _ in graphemes(text):
            kinds = kinds_of(text[start:end])
            letters = [place for place, kind in enumerate(kinds) if kind not in _BETWEEN and place]
            for place in letters[JOINED_LETTERS - 1 :: JOINED_LETTERS]:
                tied = text[done : start + place]
                yield tied.removesuffix(joined) + last if tied.endswith(joined) else tied, False
                yield _BASE, True
                done = start + place
        yield text[done:], False


_TYING = f"[Kj][mkqKj]{{0,{MARKS_PER_BASE}}}"
_TIED = re.compile(rf"{_TYING}(?:[l.][mkqj]{{0,{MARKS_PER_BASE}}}{_TYING}){{{JOINED_LETTERS - 1}}}")
"""A run of letters with viramas and joiners that may be too long. It begins with what is rare."""
_BETWEEN = "mkqKjn"
"""Kinds of what may stand between letters that are one."""
_BASE = "◌"
"""What marks without a letter stand on."""
_JOINERS = {"joiner": "\u200d\u200d", "last": "\u200d\u200c"}
"""A joiner is never alone, as `rich.cells` takes the character after one for a part of the one before, as with emoji,
and so would count one cell too few. The last one is followed by a non-joiner, because tmux draws the next character
that is not ASCII into the cell of the joiner, wherever on the screen it belongs."""


def _stand_in(kind: str, text: str) -> str:
    match kind:
        case "bare":
            return _BASE
        case "letter":
            return f"⟦{chr(ord(text) - _REGIONAL_A + ord('A'))}⟧"
        case "marks":
            return f"⟦+{len(text):,} marks⟧"
        case "line":
            return "⏎"
    if len(text) == 1:
        return _named(text, 1)
    return "".join([_named(character, len(list(same))) for character, same in groupby(text)])


@lru_cache(4096)
def _named(character: str, times: int) -> str:
    code = ord(character)
    if character == "\t":
        return " " * times
    if times > REPEATED:
        return f"⟦U+{code:04X} ×{times:,}⟧"
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code) * times
    return "␡" * times if code == 0x7F else f"⟦U+{code:04X}⟧" * times
