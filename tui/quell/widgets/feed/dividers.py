"""Lines between messages: where a day begins, where messages may be missing, and what was unread. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from quell.display import clock_time
from quell.moderation.timeline import Place, place
from quell_providers.model import Gap, Message

ROOMS_NAMED = 2
"""Rooms that are named where messages of several may be missing."""

Beginnings = Sequence[tuple[Place, str]]


class Dividers:
    """What stands above which message, kept up to date at the cost of what changed: a room may go back for years."""

    def __init__(self) -> None:
        self._lines: dict[Place, str] = {}
        self._between: tuple[Sequence[Gap], Place | None, Beginnings, str] = ((), None, (), "")

    def above(self, at: Place) -> str:
        """What stands on a line of its own above the message at a place; empty: nothing."""
        return self._lines.get(at, "")

    def renew(
        self,
        messages: Sequence[Message],
        gaps: Sequence[Gap],
        unread_from: Place | None = None,
        beginnings: Beginnings = (),
        *,
        names: Mapping[str, str] | None = None,
        top: str = "",
        since: Place | None = None,
    ) -> set[Place]:
        """Take in what changed. Returns the places above which something else stands now.

        Args:
            messages: As for `dividers`.
            gaps: As for `dividers`.
            unread_from: As for `dividers`.
            beginnings: As for `dividers`.
            names: As for `dividers`.
            top: What stands above the first message, whatever else would.
            since: All before this place are as they were; `None`: any of them may have changed.
        """
        between = (gaps, unread_from, beginnings, top)
        start = 0 if since is None or between != self._between else bisect_left(messages, since, key=place)
        self._between = between
        fresh = dividers(messages, gaps, unread_from, beginnings, start, names)
        if start > 0:
            unchanged = place(messages[start - 1])
            stale = {above: text for above, text in self._lines.items() if above > unchanged}
        else:
            stale = self._lines.copy()
            if top and messages:
                fresh[place(messages[0])] = top
        for above in stale:
            del self._lines[above]
        self._lines |= fresh
        return {above for above, _ in stale.items() ^ fresh.items()}


def dividers(
    messages: Sequence[Message],
    gaps: Sequence[Gap],
    unread_from: Place | None = None,
    beginnings: Beginnings = (),
    start: int = 0,
    names: Mapping[str, str] | None = None,
) -> dict[Place, str]:
    """What stands on a line of its own above a message, by the message's place.

    Args:
        messages: Ordered by time.
        gaps: Times in which messages may be missing; one after the last message has no line.
        unread_from: The first message that was unread, or where it would stand.
        beginnings: The oldest message of each room that goes on further back than it is loaded, and which room that is.
        start: The first of the messages that are looked at.
        names: How rooms are called, by their ids, where there are several.
    """
    lines: dict[Place, list[str]] = {}

    def say(position: int, text: str) -> None:
        if start <= position < len(messages):
            lines.setdefault(place(messages[position]), []).append(text)

    for position in _first_of_days(messages, start):
        say(position, f"{_day(messages[position]):%A, %d %B %Y}")
    # With the last message before them, to see what stands above that one and not above the first of them.
    known = max(start - 1, 0)
    missing: dict[int, list[Gap]] = {}
    for gap in gaps:
        missing.setdefault(bisect_left(messages, gap.until, known, key=_sent_at), []).append(gap)
    for position, together in missing.items():
        say(position, _missing(together, names))
    if unread_from is not None:
        say(bisect_left(messages, unread_from, known, key=place), "new since you were here")
    for oldest, room in beginnings:
        say(bisect_left(messages, oldest, known, key=place), f"{room} is not loaded further back")
    return {above: "  ·  ".join(texts) for above, texts in lines.items()}


def _missing(gaps: Sequence[Gap], names: Mapping[str, str] | None) -> str:
    """Where and when messages may be missing, of gaps with no message between them."""
    between = f"{clock_time(min(gap.since for gap in gaps))} to {clock_time(max(gap.until for gap in gaps))}"
    if names is None:
        return f"⚠ messages may be missing: {between}"
    rooms = list(dict.fromkeys(names[gap.room_id] for gap in gaps))
    more = f" and {len(rooms) - ROOMS_NAMED} more" if len(rooms) > ROOMS_NAMED else ""
    return f"⚠ messages may be missing in {', '.join(rooms[:ROOMS_NAMED])}{more}: {between}"


def _first_of_days(messages: Sequence[Message], start: int) -> Iterator[int]:
    """Positions of messages whose local day is not that of the message before, from `start` on."""
    position = max(start - 1, 0)
    while position < len(messages):
        position = bisect_right(messages, _day(messages[position]), position, key=_day)
        if position < len(messages):
            yield position


def _day(message: Message) -> date:
    return datetime.fromtimestamp(message.sent_at).date()


def _sent_at(message: Message) -> float:
    return message.sent_at
