"""What reaches a terminal: its control sequences, the text between them, and the screen that it makes of both."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from bittty import Board

SEQUENCE = re.compile(
    "\x1b(?:\\[[0-?]*[ -/]*[@-~]|[\\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?|[ -/]*[0-~])|\x1b", re.DOTALL
)
_STYLE = re.compile("\x1b\\[[0-9;]*m")
_MOVE = re.compile("\x1b\\[([0-9]+);([0-9]+)H")
_POINTER = re.compile("\x1b\\]22;[a-z]*\x07")
_NEEDED = "\u200c\u200d\ufe0e\ufe0f"
"""Zero-width characters that emoji and scripts may need; `printable` decides where."""
_UNSAFE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_FILLERS = "\u115f\u1160\u3164\uffa0\u034f"
_COUNTRY_PARTS = [
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(each)) for each in part) for part in ("gbeng", "gbsct", "gbwls")
]


def text_of(output: bytes | bytearray) -> str:
    """The output as text; bytes that are no UTF-8 stay recognisable."""
    return output.decode("utf-8", "surrogateescape")


def sequences(output: str) -> Counter[str]:
    """How often each control sequence was sent, but for those that go with every text drawn and every pointer."""
    found = SEQUENCE.findall(output)
    return Counter(each for each in found if not any(kind.fullmatch(each) for kind in (_STYLE, _MOVE, _POINTER)))


def wild_styles_and_moves(output: str, size: tuple[int, int]) -> list[str]:
    """Styles with numbers that no style has, and moves to places that are not on the screen."""
    columns, rows = size
    wild = [each for each in _STYLE.findall(output) if any(int(number or 0) > 255 for number in each[2:-1].split(";"))]
    moves = ((found[0], int(found[1]), int(found[2])) for found in _MOVE.finditer(output))
    return wild + [move for move, row, column in moves if not (1 <= row <= rows and 1 <= column <= columns)]


def unsafe_characters(output: str) -> Counter[str]:
    """Characters between the sequences that a terminal could act on, or that hide or reorder their neighbours."""
    found: Counter[str] = Counter()
    for fragment in SEQUENCE.split(output):
        if not fragment.isprintable() or not fragment.isascii():
            found.update(f"U+{ord(each):04X}" for each in _unsafe(fragment))
    return found


def _unsafe(fragment: str) -> Iterator[str]:
    for part in _COUNTRY_PARTS:
        fragment = fragment.replace(f"{part}\U000e007f", "")
    before = ""
    for character in fragment:
        category = unicodedata.category(character)
        newer_emoji = category == "Cn" and "\U0001f300" <= character <= "\U0001faff"
        if character in _NEEDED:
            if not before.strip():
                yield character
        elif character in _FILLERS or (category in _UNSAFE and character not in "\r\n" and not newer_emoji):
            yield character
        before = character


class Screen:
    """An emulated terminal.

    Args:
        size: Columns and rows.
        clusters: Whether it keeps graphemes together, as newer terminals do, or gives every character its own cell.
    """

    def __init__(self, size: tuple[int, int], *, clusters: bool) -> None:
        self._board = Board(width=size[0], height=size[1])
        if clusters:
            self._board.feed_host_data(b"\x1b[?2027h")

    def feed(self, output: bytes) -> None:
        """Draw."""
        self._board.feed_host_data(output)

    @property
    def title(self) -> str:
        """What a title sequence set."""
        return str(self._board.title.title)

    def cells(self, x: int, y: int, width: int) -> list[str]:
        """What some cells of a line hold; of wide characters, the second cell holds nothing."""
        return [character for _, character in self._board.blitter.main_page.grid[y][x : x + width]]
