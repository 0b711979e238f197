"""Times and JSON, as REST and as DDP write them.

Documents hold times as `datetime`; REST writes those as ISO 8601 with milliseconds, DDP as EJSON `{"$date": ms}`.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Document = dict[str, object]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(seconds: float) -> int:
    """Unix milliseconds, the precision in which Rocket.Chat keeps and compares every time."""
    return round(seconds * 1000)


def instant(seconds: float) -> datetime:
    """A time for a document, from Unix seconds."""
    return _EPOCH + milliseconds(seconds) * _MILLISECOND


def parse_time(text: str) -> float:
    """Unix seconds from ISO 8601; without an offset it is taken as UTC. Raises `ValueError`."""
    parsed = datetime.fromisoformat(text)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def to_rest(document: Document) -> bytes:
    """The body of a REST answer."""
    return _encode(document, _iso_date)


def to_ejson(frame: Document) -> str:
    """The text of a DDP frame."""
    return _encode(frame, _ejson_date).decode()


def from_ejson(value: object) -> object:
    """What a DDP frame holds, with times as `datetime`."""
    if isinstance(value, dict):
        date = value.get("$date")
        if len(value) == 1 and isinstance(date, int | float):
            return instant(date / 1000)
        return {key: from_ejson(inner) for key, inner in value.items()}
    return [from_ejson(inner) for inner in value] if isinstance(value, list) else value


def _encode(document: Document, write_time: Callable[[object], object]) -> bytes:
    text = json.dumps(document, default=write_time, ensure_ascii=False, separators=(",", ":"))
    # Half of a surrogate pair is no UTF-8; like a JavaScript server, write it as JSON's escape.
    return text.encode(errors="backslashreplace")


def _iso_date(value: object) -> str:
    return _known_time(value).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _ejson_date(value: object) -> dict[str, int]:
    return {"$date": (_known_time(value) - _EPOCH) // _MILLISECOND}


def _known_time(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} has no place in a document")
    return value
