"""What a terminal sends, read so that a pasted text is a text and `esc` is a key of its own.

Textual's parser takes what follows an ESC within a pasted text for keys, although nobody pressed any, and takes an ESC
that is followed by a key at once, as it is by quick hands and over slow lines, for `alt` and that key.
"""

from collections.abc import Iterable

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.events import Key
from textual.message import Message

ESCAPE = "\x1b"
STAND_IN = "\ufdd0"
"""In place of each ESC in a pasted text; no character, so nothing else is meant by it."""

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
_INTRODUCERS = frozenset("[OP]X^_")
"""What may go on after ESC: CSI, SS3, DCS, OSC, SOS, PM and APC of ECMA-48."""


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
    """Textual's parser, but for pasted texts, and for `esc` and a key that arrive together.

    Terminals send the same for `alt` and a key. Textual takes that for one key, and forgets `esc` where it has no name
    for it: `esc` and `enter` would be `enter`. No key of this console has `alt`.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._guard = PasteGuard()

    def feed(self, data: str) -> Iterable[Message]:
        """Read this; nothing means the end. Yields what it stands for."""
        if not data:
            yield from super().feed(data)
        elif guarded := self._guard(data):
            yield from super().feed(guarded)

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        if alt:  # a character after `ESC`, where nothing came of what an introducer seemed to begin
            yield Key("escape", ESCAPE)
        elif _is_escape_and_key(sequence):
            yield Key("escape", ESCAPE)
            sequence = sequence[1]
        yield from super()._sequence_to_key_events(sequence)


def _is_escape_and_key(sequence: str) -> bool:
    """Whether these are two keys, and no beginning of more. Those that Textual knows as one are left: `alt+backspace`,
    some terminals' `shift+tab`, and their moves by words, `ESC b` and `ESC f`.
    """
    if len(sequence) != 2 or sequence[0] != ESCAPE or sequence[1] in _INTRODUCERS:
        return False
    return not isinstance(ANSI_SEQUENCES_KEYS.get(sequence), tuple)
