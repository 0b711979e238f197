"""What a terminal sends, read so that a pasted text is a text and `esc` is a key of its own.

Textual's parser takes what follows an ESC within a pasted text for keys, although nobody pressed any, and swallows an
ESC that is followed by a sign at once, as it is by quick hands and over slow lines.
"""

import re
from collections.abc import Iterator

from textual._xterm_parser import XTermParser
from textual.message import Message

ESCAPE = "\x1b"
STAND_IN = "\ufdd0"
"""In place of each ESC in a pasted text; no character, so nothing else is meant by it."""

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
_BEHIND_ESCAPE = re.compile(r"(?<=\x1b)(?=[0-9 \r!\"#$%&'()*+,\-./:;<=>?@`{|}~])")
"""Between an ESC and what no sequence of a terminal has behind one. Letters are told apart from `esc` later on."""


class PasteGuard:
    """Keeps each ESC inside pasted texts from being read as one."""

    def __init__(self) -> None:
        self._inside = False
        self._last = ""
        """The end of what was read, where a sign of a beginning or an end may go on."""

    def __call__(self, data: str) -> str:
        """What is to be read instead of this; what may be the sign of an end is kept back until more comes."""
        out = []
        while data:
            if self._inside:
                data, self._last = self._last + data, ""
                text, end, data = data.partition(_END)
                if not end:
                    kept = next((size for size in range(len(_END) - 1, 0, -1) if text.endswith(_END[:size])), 0)
                    text, self._last = text[: len(text) - kept], text[len(text) - kept :]
                out += [text.replace(ESCAPE, STAND_IN), end]
                self._inside = not end
            else:
                joined = self._last + data
                begin = joined.find(_BEGIN)
                read = len(data) if begin < 0 else begin + len(_BEGIN) - len(self._last)
                out.append(data[:read])
                self._inside, self._last = begin >= 0, "" if begin >= 0 else joined[1 - len(_BEGIN) :]
                data = data[read:]
        return "".join(out)


class TerminalParser(XTermParser):
    """Textual's parser of what a terminal sends, without those two defects."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._guard = PasteGuard()
        self._escaped = False
        """Whether what was read ended with an ESC."""

    def feed(self, data: str) -> Iterator[Message]:
        """Read this; nothing means the end. Yields what it stands for."""
        if not data:
            yield from super().feed(data)
            return
        pieces = _BEHIND_ESCAPE.split((ESCAPE if self._escaped else "") + self._guard(data))
        if self._escaped:
            pieces[0] = pieces[0][1:]
        for number, piece in enumerate(pieces):
            if number and self._timeout_time is not None:
                self._timeout_time = 0.0  # the ESC before this stands alone
                yield from self.tick()
            if piece:
                yield from super().feed(piece)
                self._escaped = piece.endswith(ESCAPE)
