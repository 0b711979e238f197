"""The words of the journal screen, and the line that narrows it down. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime

from textual.content import Content

from quell.display import COLOURS, GLYPHS, WORDS, Printable, printable
from quell.display.wording import in_a_row
from quell.moderation.deletion import State
from quell.moderation.disconnection import Disconnection
from quell.moderation.journal import DisconnectionEntry
from quell.moderation.journal.moments import parse_moment
from quell.moderation.journal.search import JournalEntry, JournalFilter, Step, Story
from quell_providers.refusal import Refusal

KEYS = ("room", "author", "moderator", "reason", "state", "since", "until")
HINT = "room:general  author:id  moderator:name  reason:spam  state:refused  since:7d  until:2026-01-31"


_WORD = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
"""Ends at a blank, unless the blank stands between quotation marks."""


class FilterError(Exception):
    """The line does not say what to look for; the text says why."""


def parse_filter(line: str, *, now: float) -> JournalFilter:
    """A filter from words such as `room:general state:refused since:7d`; a word without a key is a reason's.

    What holds blanks stands between quotation marks: `author:"Amara Okafor"`.

    Raises:
        FilterError: A key is unknown, or a state or a time is none.
    """
    found: dict[str, str] = {}
    states: set[State] = set()
    for word in (found.replace('"', "") for found in _WORD.findall(line)):
        key, colon, value = word.partition(":")
        if not colon:
            key, value = "reason", word
        if key not in KEYS:
            raise FilterError(f"{key}: is not known; there are {', '.join(KEYS)}")
        if key == "state":
            states.add(_state(value))
        else:
            found[key] = value
    return JournalFilter(
        since=_moment(found.get("since"), now),
        until=_moment(found.get("until"), now),
        room=found.get("room", ""),
        author=found.get("author", ""),
        moderator=found.get("moderator", ""),
        reason=found.get("reason", ""),
        states=frozenset(states),
    )


def entry_line(entry: JournalEntry) -> Content:
    """One deletion on one line."""
    deletion = entry.deletion
    target = deletion.target
    return Content.assemble(
        (f"{_stamp(entry.confirmed_at)}  ", "$foreground-muted"),
        _standing(deletion.state),
        (f"{printable(f'{target.account}/{target.room_name or target.room_id}')}  ", "$accent"),
        (f"{printable(target.author_name or target.author_id or '–')}  ", "bold"),
        printable(target.text) or "(text not kept)",
        (f"  {printable(deletion.reason.code)}", "$foreground-muted"),
    )


def disconnection_line(entry: DisconnectionEntry) -> Content:
    """One disconnection on one line."""
    disconnection = entry.disconnection
    return Content.assemble(
        (f"{_stamp(entry.decided_at)}  ", "$foreground-muted"),
        _standing(disconnection.state),
        (f"{_room(disconnection)}  ", "$accent"),
        (f"{printable(disconnection.author_id)}  ", "bold"),
        "disconnect from the room",
        (f"  {printable(disconnection.reason.code)}", "$foreground-muted"),
    )


def disconnection_lines(entry: DisconnectionEntry) -> Content:
    """All that is written down of a disconnection."""
    disconnection = entry.disconnection
    told = _said(disconnection.refusal)
    answer = f"{GLYPHS[disconnection.state]} {WORDS[disconnection.state]}"
    lines = [
        Content.styled(printable(f"Disconnection of {disconnection.author_id}"), "bold $primary"),
        Content(printable(f"{_stamp(entry.decided_at)}  confirmed by {disconnection.moderator}")),
        Content(printable(f"reason {disconnection.reason.code}: {disconnection.reason.text or '–'}")),
        Content(f"room {_room(disconnection)}"),
        Content(""),
        Content.assemble(
            (f"{_stamp(disconnection.at)}  ", "$foreground-muted"),
            answer,
            (f"  {told}" if told else "", "$foreground-muted"),
        ),
    ]
    return Content("\n").join(lines)


def story_lines(story: Story) -> Content:
    """All that happened with a batch, a deletion after the other."""
    batch = story.batch
    lines = [
        Content.styled(printable(f"Batch {batch.id}"), "bold $primary"),
        Content(printable(f"{_stamp(batch.confirmed_at)}  confirmed by {batch.moderator}")),
        Content(printable(f"reason {batch.reason.code}: {batch.reason.text or '–'}")),
    ]
    for entry in story.entries:
        lines += [Content(""), entry_line(entry)]
        lines += [_step_line(step) for step in story.steps[entry.deletion.id]]
    return Content("\n").join(lines)


def _step_line(step: Step) -> Content:
    moment = datetime.fromtimestamp(step.at).astimezone()
    told = in_a_row(_said(step.refusal), f"operation {step.operation_id}" if step.operation_id else "")
    return Content.assemble(
        (f"    {moment:%H:%M:%S}.{moment.microsecond // 1000:03}  ", "$foreground-muted"),
        f"{GLYPHS[step.state]} {WORDS[step.state]}",
        (f"  {told}" if told else "", "$foreground-muted"),
    )


def _standing(state: State) -> tuple[str, str]:
    """Glyph and word in a column, with their style."""
    return f"{GLYPHS[state]} {WORDS[state]:<13}", COLOURS[state]


def _room(disconnection: Disconnection) -> Printable:
    return printable(f"{disconnection.account}/{disconnection.room_name or disconnection.room_id}")


def _said(refusal: Refusal | None) -> str:
    return in_a_row(refusal.detail or refusal.code, refusal.cause, refusal.remedy) if refusal else ""


def _stamp(at: float) -> str:
    return f"{datetime.fromtimestamp(at).astimezone():%Y-%m-%d %H:%M:%S}"


def _state(value: str) -> State:
    try:
        return State(value)
    except ValueError:
        raise FilterError(f"{value} is not a state; there are {', '.join(_names(State))}") from None


def _moment(value: str | None, now: float) -> float | None:
    try:
        return None if value is None else parse_moment(value, now=now)
    except ValueError as error:
        raise FilterError(str(error)) from None


def _names(states: Iterable[State]) -> list[str]:
    return [state.value for state in states]
