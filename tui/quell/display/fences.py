"""Text of the other direction kept in its place, on terminals that reorder it."""

import re
from collections.abc import Iterable, Iterator

from quell.display.printable import Printable

FENCE = Printable("\u2800")
"""A blank cell of left-to-right direction (BRAILLE PATTERN BLANK, bidirectional class L), beside text of the other one.

Terminals that reorder Hebrew and Arabic do so for the whole line of the screen: two such texts with but spaces, digits
and borders between them change places, and some terminals turn a line around that begins with one. A strong character
of the other direction keeps them apart. Isolates (FSI, PDI) would say it better, and VTE and Konsole heed them; but in
mlterm they are junk that takes a cell. This character is one cell wide everywhere, and no author can write it:
`printable` replaces it. It stands between the columns of a row and between the parts of the screen.
"""

_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff"
_OURS = f"A-Za-z{FENCE}"
"""The letters that are certain to run from left to right, and nearly always there."""
_OTHER_DIRECTION = re.compile(f"[{_RIGHT_TO_LEFT}]")
_FIRST_BLANK = re.compile(f"[^ {_OURS}{_RIGHT_TO_LEFT}]* ")
_TELLING = re.compile(rf"(?P<ours>[{_OURS}]+)|(?P<other>[{_RIGHT_TO_LEFT}]+)|(?P<gap>(?<= ) (?! )| \Z)")


def runs_right_to_left(text: str) -> bool:
    """Whether any of it does."""
    return not text.isascii() and _OTHER_DIRECTION.search(text) is not None


def with_blank(text: Printable) -> Printable:
    """The text and a blank behind it, such that a number which follows stays behind it."""
    return Printable(f"{text}{FENCE if runs_right_to_left(text) else ' '}")


def fenced(parts: Iterable[str]) -> Iterator[str]:
    """The parts of a line of the screen from left to right, each as long as it is, with fences in place of blanks.

    After text of the other direction there is one where the next gap ends, or at the next part's first blank if that
    comes earlier. Two blanks and more are a gap, and one at the end of a part. The line begins with one, too.
    """
    is_open = True
    for text in parts:
        characters = list(text)
        if is_open and (first := _FIRST_BLANK.match(text)) is not None:
            characters[first.end() - 1] = FENCE
        for found in _TELLING.finditer("".join(characters)):
            if found.lastgroup != "gap":
                is_open = found.lastgroup == "other"
            elif is_open:
                characters[found.start()] = FENCE
                is_open = False
        yield "".join(characters)
