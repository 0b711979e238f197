"""What a terminal sends, in any pieces: keys are keys, and a pasted text is one text."""

from random import Random

import pytest
from textual.events import Key, Paste
from textual.message import Message

from quell.reading import ESCAPE, STAND_IN, TerminalParser


def read(*pieces: str) -> list[str]:
    """The keys by their names, and pasted texts in angle brackets."""
    parser = TerminalParser()
    events: list[Message] = [event for piece in pieces for event in parser.feed(piece)]
    if parser._timeout_time is not None:
        parser._timeout_time = 0.0  # an ESC at the end stands alone after a while
    events += parser.tick()
    return [_name(event) for event in events if isinstance(event, Key | Paste)]


def _name(event: Key | Paste) -> str:
    return event.key if isinstance(event, Key) else f"<{event.text}>"


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("/ab", ["slash", "a", "b"]),
        ("\x1b", ["escape"]),
        ("\x1b/", ["escape", "slash"]),
        ("\x1b=\x1b*\x1b!", ["escape", "equals_sign", "escape", "asterisk", "escape", "exclamation_mark"]),
        ("\x1b\r", ["escape", "enter"]),
        ("\x1b\x1b/", ["escape", "escape", "slash"]),
        ("\x1b[A\x1bOB\x1b[1;2A", ["up", "down", "shift+up"]),
        ("\x1bd", ["alt+d"]),  # told apart later on
        ("\x1b[200~nitro\x1b[201~d", ["<nitro>", "d"]),
        ("\x1b[200~one\x1b\r*d1\r two\x1b[201~j", [f"<one{STAND_IN}\r*d1\r two>", "j"]),
        (
            "\x1b[200~\x1b[A\x1b[200~\x1b\x1b[201~\x1b[200~x\x1b[201~",
            [f"<{STAND_IN}[A{STAND_IN}[200~{STAND_IN}>", "<x>"],
        ),
        ("a\x1b[200~\x1b[201~b", ["a", "<>", "b"]),
    ],
)
def test_what_is_sent_is_read_the_same_in_any_pieces(sent: str, keys: list[str]) -> None:
    assert read(sent) == keys
    assert read(*sent) == keys
    for seed in range(30):
        random = Random(seed)
        cuts = sorted(random.choices(range(len(sent) + 1), k=random.randint(1, 4)))
        pieces = [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
        assert read(*filter(None, pieces)) == keys, f"seed {seed}: {pieces}"


def test_the_end_of_what_is_sent_ends_it() -> None:
    parser = TerminalParser()
    assert [event.key for event in parser.feed("a") if isinstance(event, Key)] == ["a"]
    assert list(parser.feed("")) == []
    assert parser.is_eof


def test_nothing_pasted_stands_for_escape_by_chance() -> None:
    assert not STAND_IN.isprintable()
    assert STAND_IN != ESCAPE
