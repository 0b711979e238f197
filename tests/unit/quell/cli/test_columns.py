"""What commands print keeps its columns on terminals that reorder Hebrew and Arabic, and is plain everywhere else."""

import io
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from random import Random

import pytest
from msgspec.structs import replace

from quell.cli.audit_text import batch_line
from quell.cli.dry_run import _line as forecast_line
from quell.cli.events import event_line
from quell.cli.outcome import outcome_lines
from quell.cli.output import tell, write, write_json
from quell.display import printable
from quell.display.fences import FENCE
from quell.moderation.deletion import Reason, State
from quell.moderation.journal import BatchSummary
from quell_providers.model import Author, Deleted, Edited, Message, Posted
from quell_providers.provider import Forecast
from tests.support.bidi import reordered
from tests.unit.quell.cli.test_outcome import NO, REFUSED

LETTERS = "שלוםמرحباabc 123٤٥٦()-.:/,$%✓\u0301\u05b4"

AT = 1_767_258_000.0

Write = Callable[[str], None]
Line = tuple[str, list[str]]
"""A line, and the texts of others in it from left to right."""


def lines(text: Callable[[], str]) -> Iterable[Line]:
    """Lines that commands print, with such texts in them."""
    author, words, reason, other = text(), text(), text(), text()
    message = Message(id="m1", room_id="r1", author=Author("u1", author), text=words, sent_at=AT)
    yield event_line(Posted(message)), [author, words]
    yield event_line(Edited(replace(message, attachments=(other,)))), [author, words, other]
    yield event_line(Deleted("r1", "m1", reason, at=AT)), [reason]
    target = replace(REFUSED.target, author_name=author, text=words)
    refused = replace(REFUSED, target=target, refusal=replace(NO, detail=reason))
    first, why, _ = outcome_lines(refused)
    yield first, [author, words]
    yield why, [reason]
    yield forecast_line(target, Forecast(verdict="refused", cause=reason)), [reason, author, words]
    rooms = (("work", "r1", author), ("live", "r2", words))
    batch = BatchSummary(
        id="b1",
        confirmed_at=AT,
        moderator=other,
        reason=Reason("spam", reason),
        states={State.REFUSED: 2},
        rooms=rooms,
    )
    yield batch_line(batch), [other, author, words, reason]


def spans(line: str, texts: list[str]) -> list[tuple[int, int]]:
    """Where the texts stand in the line."""
    found, at = [], 0
    for text in map(printable, texts):
        start = line.index(text, at)
        at = start + len(text)
        found.append((start, at))
    return found


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def printed(put: Callable[[], None]) -> str:
    """What this prints on a terminal."""
    screen = Screen()
    with redirect_stdout(screen), redirect_stderr(screen):
        put()
    return screen.getvalue().rstrip("\n")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("put", [write, tell])
def test_each_text_stays_in_its_column_on_a_terminal(put: Write, seed: int) -> None:
    source = Random(seed)

    def text() -> str:
        letters = "".join(source.choices(LETTERS, k=source.randint(1, 12)))
        return " ".join(f"x{letters}x".split()) if source.random() < 0.2 else f"ש{' '.join(letters.split())}ם"

    for _ in range(40):
        for line, texts in lines(text):
            told = printed(partial(put, line))
            assert told.replace(FENCE, " ") == line.replace(FENCE, " "), (seed, ascii(line))
            shown, at = reordered(told), 0
            for start, end in spans(told.replace(FENCE, " "), texts):
                assert shown[at:start] == told[at:start], (seed, ascii(told), ascii(shown))
                assert sorted(shown[start:end]) == sorted(told[start:end]), (seed, ascii(told), ascii(shown))
                at = end
            assert shown[at:] == told[at:], (seed, ascii(told), ascii(shown))


def test_a_file_or_pipe_gets_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    for line, _ in lines(lambda: "שלום"):
        write(line)
    assert FENCE not in capsys.readouterr().out


def test_what_programs_read_is_left_alone() -> None:
    told = printed(lambda: write_json({"text": f"שלום  {FENCE}  12"}))
    assert told == '{"text": "\\u05e9\\u05dc\\u05d5\\u05dd  \\u2800  12"}'
