"""Service text made printable: it shows what it finds instead of dropping it.

Chat text, names, topics, links and server errors were written by someone who may want to move the cursor, fill the
clipboard or forge a status. A moderator must see such an attempt, so every character a terminal could act on, or that
hides or reorders its neighbours, is replaced by a visible stand-in.
"""

import re
import unicodedata
from typing import NewType

from rich.cells import cell_len, chop_cells

Printable = NewType("Printable", str)
"""One line of text that holds no control, bidi or zero-width character but those a script or an emoji needs."""

MARKS_PER_BASE = 4
"""Combining marks kept on one character; the rest are counted, so that stacked marks can not leave their row."""

_CONTROL_PICTURES = 0x2400
_NEWLINES = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_ZERO_WIDTH_JOINER = "\u200d"
_ZERO_WIDTH_NON_JOINER = "\u200c"
_VARIATION_SELECTORS = "\ufe0e\ufe0f"
_JOINING_SCRIPTS = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\u0900-\u0dff\u1780-\u17ff\u1800-\u18af]")
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5")
"""Characters that are letters, marks or symbols by category and blank or default-ignorable all the same."""
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str) -> Printable:
    """One line of text in a form that is safe to print anywhere. Total, and idempotent."""
    if text.isascii() and text.isprintable():
        return Printable(text)
    return Printable("".join(_characters(_NEWLINES.sub("⏎", text))))


def _characters(text: str) -> list[str]:
    shown: list[str] = []
    marks = 0
    hidden_marks = 0
    for index, character in enumerate(text):
        category = unicodedata.category(character)
        if category in ("Mn", "Me") and character not in _VARIATION_SELECTORS and character not in _INVISIBLE_LETTERS:
            marks += 1
            if marks <= MARKS_PER_BASE:
                shown.append(character)
            else:
                hidden_marks += 1
            continue
        if hidden_marks:
            shown.append(f"⟦+{hidden_marks} marks⟧")
        marks = hidden_marks = 0
        if category in _UNSAFE_CATEGORIES or character in _VARIATION_SELECTORS or character in _INVISIBLE_LETTERS:
            shown.append(character if _is_needed(text, index) else _stand_in(character))
        else:
            shown.append(character)
    if hidden_marks:
        shown.append(f"⟦+{hidden_marks} marks⟧")
    return shown


def _is_needed(text: str, index: int) -> bool:
    """Whether an emoji or a joining script needs this invisible character where it stands."""
    character = text[index]
    before = text[index - 1] if index else ""
    after = text[index + 1] if index + 1 < len(text) else ""
    if character in _VARIATION_SELECTORS:
        return bool(before) and (_takes_selector(before) or (before in "0123456789#*" and after == "\u20e3"))
    if character == _ZERO_WIDTH_JOINER and after and _is_emoji(after):
        return bool(before) and (_is_emoji(before) or before == "\ufe0f")
    if character in (_ZERO_WIDTH_JOINER, _ZERO_WIDTH_NON_JOINER):
        return bool(_JOINING_SCRIPTS.match(before) and _JOINING_SCRIPTS.match(after))
    return False


def _takes_selector(character: str) -> bool:
    """Symbols such as ↔ and ‼ have an emoji form too, chosen by the selector."""
    return unicodedata.category(character) in ("So", "Sm") or character in "‼⁉〰ℹ"


def _is_emoji(character: str) -> bool:
    return unicodedata.category(character) == "So" or "\U0001f3fb" <= character <= "\U0001f3ff"


def _stand_in(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return " " if character == "\t" else chr(_CONTROL_PICTURES + code)
    if code == 0x7F:
        return "␡"
    return f"⟦U+{code:04X}⟧"


def wrapped(text: Printable, width: int) -> list[Printable]:
    """The text broken into lines of at most `width` cells, at spaces where there are any.

    Words longer than a line are broken between graphemes. Never returns an empty list.
    """
    width = max(width, 1)
    if len(text) <= width and (text.isascii() or cell_len(text) <= width):
        return [text]
    lines: list[str] = []
    line, cells = "", 0
    for word in re.findall(r"\s*\S+|\s+$", text):
        size = cell_len(word)
        if cells + size <= width:
            line, cells = line + word, cells + size
            continue
        if line:
            lines.append(line)
            word = word.lstrip()
        *full, line = chop_cells(word, width) or [""]  # nothing is left of spaces at the end
        lines.extend(full)
        cells = cell_len(line)
    lines.append(line)
    return [Printable(line) for line in lines]
