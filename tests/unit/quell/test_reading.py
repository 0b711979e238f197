"""What a terminal sends, in any pieces: keys are keys, and a pasted text is one text."""

from random import Random

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key, Paste
from textual.message import Message

from quell.reading import ESCAPE, STAND_IN, TerminalParser


def told(parser: XTermParser, *reads: str) -> list[Message]:
    """What comes of several reads, and of the time in which nothing follows them."""
    found = [message for read in reads for message in parser.feed(read)]
    if parser._timeout_time is not None:
        parser._timeout_time = 0.0
        found.extend(parser.tick())
    return found


def read(*pieces: str) -> list[str]:
    """The keys by their names, and pasted texts in angle brackets."""
    return [_name(event) for event in told(TerminalParser(), *pieces) if isinstance(event, Key | Paste)]


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


@pytest.mark.parametrize(
    ("key", "name"),
    [
        *((letter, letter) for letter in "adjkPXR2059é"),
        ("*", "asterisk"),
        ("/", "slash"),
        ("=", "equals_sign"),
        ("-", "minus"),
        ("?", "question_mark"),
        ("[", "left_square_bracket"),
        ("]", "right_square_bracket"),
        ("O", "O"),
        (" ", "space"),
        ("\r", "enter"),
        ("\x11", "ctrl+q"),
    ],
)
def test_esc_and_a_key_at_once_are_two_read(key: str, name: str) -> None:
    assert read("\x1b" + key) == read("\x1b", key) == ["escape", name]


def test_keys_after_those_are_kept_apart() -> None:
    assert read("\x1b*2d\r") == ["escape", "asterisk", "2", "d", "enter"]
    assert read("\x1b*\x1b/") == ["escape", "asterisk", "escape", "slash"]
    assert read("\x1b\x1b[A\x1b2") == ["escape", "up", "escape", "2"]


def test_esc_alone_is_one_key() -> None:
    assert read("\x1b") == ["escape"]
    assert read("\x1b\x1b") == ["escape", "escape"]


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b[A",
        "\x1bOA",
        "\x1b[1;2B",
        "\x1b[5~",
        "\x1bOP",
        "\x1b[27u",
        "\x1b[100;3u",
        "\x1b\x7f",
        "\x1bb",
        "\x1bf",
        "\x1b\t",
        "\x1b[<0;10;5M",
        "\x1b[I",
        "\x1b[48;40;150;800;3000t",
        "\x1b[?2026;2$y",
        "jk*/2é\r",
    ],
)
def test_everything_else_is_as_textual_reads_it(sequence: str) -> None:
    ours, theirs = told(TerminalParser(), sequence), told(XTermParser(), sequence)
    assert theirs
    assert [repr(message) for message in ours] == [repr(message) for message in theirs]
    halves = sequence[: len(sequence) // 2], sequence[len(sequence) // 2 :]
    assert [repr(message) for message in told(TerminalParser(), *halves)] == [repr(message) for message in theirs]
