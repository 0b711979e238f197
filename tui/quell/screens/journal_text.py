"""The words of the journal screen, and the line that narrows it down. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime

from textual.content import Content

from quell.display import COLOURS, GLYPHS, WORDS, Printable, printable
from quell.display.wording import in_a_row, with_files
from quell.moderation.deletion import Reason, State, Target
from quell.moderation.disconnection import Disconnection
from quell.moderation.journal import DisconnectionEntry
from quell.moderation.journal.filters import JournalFilter
from quell.moderation.journal.moments import parse_moment
from quell.moderation.journal.search import JournalEntry, Step, Story
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
    author = target.author_name or target.author_id or "–"
    said = printable(with_files(target.text, target.attachments)) or "(text not kept)"
    return _line(entry.confirmed_at, deletion.state, _room(target), author, said, deletion.reason)


def disconnection_line(entry: DisconnectionEntry) -> Content:
    """One disconnection on one line."""
    each = entry.disconnection
    return _line(entry.decided_at, each.state, _room(each), each.author_id, "disconnect from the room", each.reason)


def disconnection_lines(entry: DisconnectionEntry) -> Content:
    """All that is written down of a disconnection."""
    each = entry.disconnection
    told = _said(each.refusal)
    lines = [
        *_head(f"Disconnection of {each.author_id}", entry.decided_at, each.moderator, each.reason),
        Content(f"room {_room(each)}"),
        *_origins([each]),
        Content(""),
        Content.assemble(
            (f"{_stamp(each.at)}  ", "$foreground-muted"),
            f"{GLYPHS[each.state]} {WORDS[each.state]}",
            (f"  {told}" if told else "", "$foreground-muted"),
        ),
    ]
    return Content("\n").join(lines)


def story_lines(story: Story) -> Content:
    """All that happened with a batch, a deletion after the other."""
    batch = story.batch
    lines = _head(f"Batch {batch.id}", batch.confirmed_at, batch.moderator, batch.reason)
    lines += _origins(entry.deletion.target for entry in story.entries)
    for entry in story.entries:
        lines += [Content(""), entry_line(entry)]
        lines += [_step_line(step) for step in story.steps[entry.deletion.id]]
    return Content("\n").join(lines)


def _line(at: float, state: State, room: Printable, author: str, said: str, reason: Reason) -> Content:
    """What happened on one line; `said` is printable."""
    return Content.assemble(
        (f"{_stamp(at)}  ", "$foreground-muted"),
        _standing(state),
        (f"{room}  ", "$accent"),
        (f"{printable(author)}  ", "bold"),
        said,
        (f"  {printable(reason.code)}", "$foreground-muted"),
    )


def _head(title: str, at: float, moderator: str, reason: Reason) -> list[Content]:
    """What was decided, by whom and why."""
    return [
        Content.styled(printable(title), "bold $primary"),
        Content(printable(f"{_stamp(at)}  confirmed by {moderator}")),
        Content(printable(f"reason {reason.code}: {reason.text or '–'}")),
    ]


def _origins(decided: Iterable[Target | Disconnection]) -> list[Content]:
    """Whom each account asked, and as whom, as far as that was written down."""
    told = dict.fromkeys((each.account, each.endpoint_host, each.acting_account) for each in decided)
    return [
        Content(printable(f"account {account}{f' on {host}' if host else ''}{f' as {who}' if who else ''}"))
        for account, host, who in told
        if host or who
    ]


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


def _room(of: Target | Disconnection) -> Printable:
    return printable(f"{of.account}/{of.room_name or of.room_id}")


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
