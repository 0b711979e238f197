"""Reading a time that somebody typed to look something up."""

import re
from datetime import datetime

_SECONDS = {"m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0}
_AGO = re.compile(r"(\d{1,9})([mhdw])", re.ASCII)


def parse_moment(text: str, *, now: float) -> float:
    """Unix seconds of a date, a date with a time, or so long ago: `2026-01-31`, `2026-01-31T18:30`, `90m`, `12h`, `7d`.

    A time without an offset is one of this machine's time zone.

    Raises:
        ValueError: It is none of these; says what to write.
    """
    if ago := _AGO.fullmatch(text):
        return now - int(ago[1]) * _SECONDS[ago[2]]
    try:
        return datetime.fromisoformat(text).astimezone().timestamp()
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no time; write 2026-01-31, 2026-01-31T18:30, or 90m, 12h, 7d ago") from None
