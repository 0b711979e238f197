"""Bytes of a terminal, and the keys that they are."""

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

from quell.driver import TerminalDriver
from quell.key_parser import KeyParser


def told(parser: XTermParser, *reads: str) -> list[Message]:
    """What comes of several reads, and of the time in which nothing follows them."""
    found = [message for read in reads for message in parser.feed(read)]
    if parser._timeout_time is not None:
        parser._timeout_time = 0.0
        found.extend(parser.tick())
    return found


def keys(*reads: str) -> list[str]:
    """The names of the keys."""
    return [
        message.key if isinstance(message, events.Key) else type(message).__name__
        for message in told(KeyParser(), *reads)
    ]


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
def test_esc_and_a_key_at_once_are_two_keys(key: str, name: str) -> None:
    assert keys("\x1b" + key) == keys("\x1b", key) == ["escape", name]


def test_keys_after_those_are_kept_apart() -> None:
    assert keys("\x1b*2d\r") == ["escape", "asterisk", "2", "d", "enter"]
    assert keys("\x1b*\x1b/") == ["escape", "asterisk", "escape", "slash"]
    assert keys("\x1b\x1b[A\x1b2") == ["escape", "up", "escape", "2"]


def test_esc_alone_is_one_key() -> None:
    assert keys("\x1b") == ["escape"]
    assert keys("\x1b\x1b") == ["escape", "escape"]


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
        "\x1b[200~a\x1b*b\x1b[201~",
        "\x1b[<0;10;5M",
        "\x1b[I",
        "\x1b[48;40;150;800;3000t",
        "\x1b[?2026;2$y",
        "jk*/2é\r",
    ],
)
def test_everything_else_is_as_textual_reads_it(sequence: str) -> None:
    ours, theirs = told(KeyParser(), sequence), told(XTermParser(), sequence)
    assert theirs
    assert [repr(message) for message in ours] == [repr(message) for message in theirs]
    halves = sequence[: len(sequence) // 2], sequence[len(sequence) // 2 :]
    assert [repr(message) for message in told(KeyParser(), *halves)] == [repr(message) for message in theirs]


def test_the_console_reads_its_terminal_so() -> None:
    assert issubclass(TerminalDriver, linux_driver.LinuxDriver)
    assert vars(linux_driver)["XTermParser"] is KeyParser
