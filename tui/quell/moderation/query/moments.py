"""Moments as people write them: how long ago, a time of day, a date. Local times are in the machine's time zone."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

from quell.moderation.query.errors import QueryError

EXAMPLES = ("10m", "1h", "today", "yesterday")
"""What may be offered for a moment."""
EXPECTED = "10m, 1h30m, 2d, 09:30, today, yesterday, 2026-01-31 or 2026-01-31T09:30"

Moment = Callable[[float], float]
"""Takes the present and gives the moment that is meant; both in Unix seconds."""

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(?:[0-9]{1,9}[smhdw])+", re.IGNORECASE)
_PART = re.compile(r"([0-9]+)([smhdw])", re.IGNORECASE)
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?", re.IGNORECASE)
_DAYS_AGO = {"today": 0, "yesterday": 1}
_SHAPES = ("00:00:00", "0:00:00", "0000-00-00t00:00:00", "0000-00-00 00:00:00")
"""Times of day and dates, with `0` for every digit."""


def duration(text: str) -> float | None:
    """Seconds of a length of time such as `1h30m`; `None` when the text is none."""
    if not _DURATION.fullmatch(text):
        return None
    return float(sum(int(number) * _SECONDS[unit.lower()] for number, unit in _PART.findall(text)))


def moment(text: str, position: int) -> Moment:
    """The moment that a time of day or a date means: the last time it was that time, the beginning of that day.

    Raises:
        QueryError: The text is neither; it begins at this position of the line.
    """
    lowered = text.lower()
    if lowered in _DAYS_AGO:
        return lambda now: _midnight(now, _DAYS_AGO[lowered])
    try:
        if clock := _CLOCK.fullmatch(text):
            of_day = time(int(clock[1]), int(clock[2]), int(clock[3] or 0))
            return lambda now: _last(of_day, now)
        if _DATE.fullmatch(text):
            seconds = datetime.fromisoformat(text.upper()).timestamp()
            return lambda now: seconds
    except (ValueError, OverflowError):
        raise QueryError(position, f"“{text}” is a time that does not exist.") from None
    raise QueryError(position, f"“{text}” is no time; {EXPECTED} are.", unfinished=_begins_a_moment(lowered))


def _begins_a_moment(lowered: str) -> bool:
    """Whether more of it may be a time."""
    shape = re.sub("[0-9]", "0", lowered)
    return (
        any(each.startswith(shape) for each in _SHAPES)
        or any(each.startswith(lowered) for each in _DAYS_AGO)
        or re.fullmatch(f"(?:{_DURATION.pattern})?[0-9]{{1,9}}", lowered) is not None
    )


def _midnight(now: float, days_ago: int) -> float:
    day = datetime.fromtimestamp(now).date() - timedelta(days=days_ago)
    return datetime.combine(day, time()).timestamp()


def _last(of_day: time, now: float) -> float:
    present = datetime.fromtimestamp(now)
    today = datetime.combine(present.date(), of_day)
    return (today if today <= present else today - timedelta(days=1)).timestamp()
