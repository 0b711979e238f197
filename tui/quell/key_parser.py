"""Keys as terminals send them: `esc` with a key right after it is those two keys."""

from collections.abc import Iterable
from typing import Final

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.events import Key

ESC: Final = "\x1b"
_INTRODUCERS = frozenset("[OP]X^_")
"""What may go on after `ESC`: CSI, SS3, DCS, OSC, SOS, PM and APC of ECMA-48."""


class KeyParser(XTermParser):
    """Textual's own parser, but for `esc` and a key that arrive together, as they do on a slow connection.

    Terminals send the same for `alt` and a key. Textual takes that for one key, and forgets `esc` where it has no name
    for it: `esc` and `enter` would be `enter`. No key of this console has `alt`.
    """

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        if alt:  # a character after `ESC`, where nothing came of what an introducer seemed to begin
            yield Key("escape", ESC)
        elif _is_escape_and_key(sequence):
            yield Key("escape", ESC)
            sequence = sequence[1]
        yield from super()._sequence_to_key_events(sequence)


def _is_escape_and_key(sequence: str) -> bool:
    """Whether these are two keys, and no beginning of more. Those that Textual knows as one are left: `alt+backspace`,
    some terminals' `shift+tab`, and their moves by words, `ESC b` and `ESC f`.
    """
    if len(sequence) != 2 or sequence[0] != ESC or sequence[1] in _INTRODUCERS:
        return False
    return not isinstance(ANSI_SEQUENCES_KEYS.get(sequence), tuple)
