"""What IVS wrote to CloudWatch Logs of one room, and how GetLogEvents pages through it."""

import bisect
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from quell_providers.sandbox.ivs.frames import Frame

PAGE_BYTES = 1024 * 1024
"""Size of a page (GetLogEvents: events count their UTF-8 length and 26 bytes each)."""
_EVENT_OVERHEAD = 26
_SEQUENCES = 10**9
"""Records get positions of milliseconds times this, plus a number that keeps equal times apart."""
END = 10**23
"""A position after every record."""


@dataclass(frozen=True, slots=True)
class Record:
    """One log event."""

    position: int
    timestamp: int
    """Unix milliseconds."""
    text: str

    @property
    def size(self) -> int:
        """Bytes that the event counts for."""
        return len(self.text.encode()) + _EVENT_OVERHEAD


@dataclass(frozen=True, slots=True)
class Page:
    """Some records in order, and the boundaries before and after them."""

    records: list[Record]
    start: int
    end: int


class ChatLog:
    """The log stream of one room."""

    def __init__(self) -> None:
        self._records: list[Record] = []
        self._numbers = count()

    def __len__(self) -> int:
        return len(self._records)

    def append(self, frame: Frame, at: float) -> None:
        """Record a frame; `at` may lie before the newest record."""
        timestamp = round(at * 1000)
        record = Record(timestamp * _SEQUENCES + next(self._numbers), timestamp, _record_text(frame, at))
        bisect.insort(self._records, record, key=lambda record: record.position)

    def before(self, boundary: int, limit: int, *, since: int, until: int) -> Page:
        """The newest records before a boundary, with times (Unix ms) in `since <= t < until`."""
        records = self._between(since * _SEQUENCES, min(boundary, until * _SEQUENCES))
        newest_first = _fitting(records[::-1][:limit])
        return self._page(newest_first[::-1], boundary)

    def after(self, boundary: int, limit: int, *, since: int, until: int) -> Page:
        """The oldest records from a boundary on, with times (Unix ms) in `since <= t < until`."""
        records = self._between(max(boundary, since * _SEQUENCES), until * _SEQUENCES)
        return self._page(_fitting(records[:limit]), boundary)

    def _between(self, start: int, end: int) -> list[Record]:
        low, high = (
            bisect.bisect_left(self._records, position, key=lambda record: record.position) for position in (start, end)
        )
        return self._records[low:high]

    def _page(self, records: list[Record], boundary: int) -> Page:
        if records:
            return Page(records, records[0].position, records[-1].position + 1)
        end = self._records[-1].position + 1 if self._records else 0
        return Page([], min(boundary, end), min(boundary, end))


def _fitting(records: list[Record]) -> list[Record]:
    left = PAGE_BYTES
    for index, record in enumerate(records):
        left -= record.size
        if left < 0:
            return records[:index]
    return records


def _record_text(frame: Frame, at: float) -> str:
    time = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    record = {
        "event_timestamp": time.replace("+00:00", "Z"),
        "type": frame["Type"],
        "payload": frame,
        "version": "1.0",
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))
