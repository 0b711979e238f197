"""Lines between messages: where a day begins, where messages may be missing, and what was unread. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from quell.display import clock_time
from quell.moderation.timeline import Place, place
from quell_providers.model import Gap, Message

ROOMS_NAMED = 2
"""Rooms that are named where messages of several may be missing."""

Beginnings = Sequence[tuple[Place, str]]


class Between(NamedTuple):
    """What stands between messages, besides the days of those."""

    gaps: Sequence[Gap] = ()
    """Times in which messages may be missing; one after the last message has no line."""
    unread_from: Place | None = None
    """The first message that was unread, or where it would stand."""
    let_go_until: Place = (0.0, "")
    """Up to here, messages were let go of; only some of those before are left."""
    let_go: str = ""
    """What is said of them."""
    beginnings: Beginnings = ()
    """The oldest message of each room that goes on further back than it is loaded, and which room that is."""
    names: Mapping[str, str] | None = None
    """How rooms are called, by their ids, where there are several."""
    today: date | None = None
    """The day that need not be named above the very first message."""


class Dividers:
    """What stands above which message, kept up to date at the cost of what changed: a room may go back for years."""

    def __init__(self) -> None:
        self._lines: dict[Place, str] = {}
        self._between = Between()

    def above(self, at: Place) -> str:
        """What stands on a line of its own above the message at a place; empty: nothing."""
        return self._lines.get(at, "")

    def renew(self, messages: Sequence[Message], between: Between, *, since: Place | None = None) -> set[Place]:
        """Take in what changed. Returns the places above which something else stands now.

        Args:
            messages: As for `dividers`.
            between: As for `dividers`.
            since: All before this place are as they were; `None`: any of them may have changed.
        """
        start = 0 if since is None or between != self._between else bisect_left(messages, since, key=place)
        self._between = between
        fresh = dividers(messages, between, start)
        if start > 0:
            unchanged = place(messages[start - 1])
            stale = {above: text for above, text in self._lines.items() if above > unchanged}
        else:
            stale = self._lines.copy()
        for above in stale:
            del self._lines[above]
        self._lines |= fresh
        return {above for above, _ in stale.items() ^ fresh.items()}


def dividers(messages: Sequence[Message], between: Between, start: int = 0) -> dict[Place, str]:
    """What stands on a line of its own above a message, by the message's place.

    Args:
        messages: Ordered by time.
        between: What else stands between them.
        start: The first of the messages that are looked at.
    """
    lines: dict[Place, list[str]] = {}

    def say(position: int, text: str) -> None:
        if start <= position < len(messages):
            lines.setdefault(place(messages[position]), []).append(text)

    # With the last message before them, to see what stands above that one and not above the first of them.
    known = max(start - 1, 0)
    if between.let_go:
        say(bisect_right(messages, between.let_go_until, known, key=place), between.let_go)
    for position in _first_of_days(messages, start, between.today):
        say(position, f"{_day(messages[position]):%A, %d %B %Y}")
    missing: dict[int, list[Gap]] = {}
    for gap in between.gaps:
        missing.setdefault(bisect_left(messages, gap.until, known, key=_sent_at), []).append(gap)
    for position, together in missing.items():
        say(position, _missing(together, between.names))
    if between.unread_from is not None:
        say(bisect_left(messages, between.unread_from, known, key=place), "new since you were here")
    for oldest, room in between.beginnings:
        say(bisect_left(messages, oldest, known, key=place), f"{room} is not loaded further back")
    return {above: "  ·  ".join(texts) for above, texts in lines.items()}


def _missing(gaps: Sequence[Gap], names: Mapping[str, str] | None) -> str:
    """Where and when messages may be missing, of gaps with no message between them."""
    times = f"{clock_time(min(gap.since for gap in gaps))} to {clock_time(max(gap.until for gap in gaps))}"
    if names is None:
        return f"⚠ messages may be missing: {times}"
    rooms = list(dict.fromkeys(names[gap.room_id] for gap in gaps))
    more = f" and {len(rooms) - ROOMS_NAMED} more" if len(rooms) > ROOMS_NAMED else ""
    return f"⚠ messages may be missing in {', '.join(rooms[:ROOMS_NAMED])}{more}: {times}"


def _first_of_days(messages: Sequence[Message], start: int, today: date | None) -> Iterator[int]:
    """Positions of messages whose local day is not that of the message before, from `start` on.

    The first message of all is among them unless it was sent today.
    """
    if start == 0 and messages and today not in (None, _day(messages[0])):
        yield 0
    position = max(start - 1, 0)
    while position < len(messages):
        position = bisect_right(messages, _day(messages[position]), position, key=_day)
        if position < len(messages):
            yield position


def _day(message: Message) -> date:
    return datetime.fromtimestamp(message.sent_at).date()


def _sent_at(message: Message) -> float:
    return message.sent_at
