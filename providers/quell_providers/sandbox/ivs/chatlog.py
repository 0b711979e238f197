"""What IVS wrote to CloudWatch Logs, and how it is read again: the streams of all rooms in all log groups."""

import bisect
import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from quell_providers.sandbox.clock import Clock

PAGE_BYTES = 1024 * 1024
"""Size of a page; events count their UTF-8 length and 26 bytes each."""
_EVENT_OVERHEAD = 26
_SEQUENCES = 10**9
"""Records get positions of milliseconds times this, plus a number that keeps equal times apart."""
END = 10**23
"""A position after every record."""


@dataclass(frozen=True, slots=True)
class Record:
    """One log event."""

    position: int
    """Its place among all records of all streams."""
    timestamp: int
    """Unix milliseconds."""
    ingested_at: int
    """When it could be read first; Unix milliseconds."""
    stream: str
    text: str

    @property
    def size(self) -> int:
        """Bytes that the event counts for."""
        return len(self.text.encode()) + _EVENT_OVERHEAD


class ChatLog:
    """One log stream: the records that have arrived, in order of time, and those on their way."""

    def __init__(self) -> None:
        self._records: list[Record] = []
        self._on_the_way: list[tuple[int, int, Record]] = []
        """A heap: when each arrives, its position, and itself."""

    def send(self, record: Record) -> None:
        """Let a record arrive when its time has come."""
        heapq.heappush(self._on_the_way, (record.ingested_at, record.position, record))

    def settle(self, now: int) -> None:
        """Let records arrive whose time has come (Unix ms)."""
        while self._on_the_way and self._on_the_way[0][0] <= now:
            self.append(heapq.heappop(self._on_the_way)[2])

    def append(self, record: Record) -> None:
        """Let a record arrive now; its time may lie before that of the newest one."""
        if self._records and record.position < self._records[-1].position:
            bisect.insort(self._records, record, key=lambda held: held.position)
        else:
            self._records.append(record)

    def between(self, start: int, end: int) -> Sequence[Record]:
        """The records that arrived with positions in `start <= p < end`."""
        low, high = (
            bisect.bisect_left(self._records, position, key=lambda record: record.position) for position in (start, end)
        )
        return self._records[low:high]

    @property
    def end(self) -> int:
        """The position after the last record; 0 when nothing has arrived yet."""
        return self._records[-1].position + 1 if self._records else 0


class ChatLogs:
    """Every log group with its streams.

    Args:
        clock: Tells when records arrive.
        delay: Seconds from an event until its record can be read.
    """

    def __init__(self, clock: Clock, *, delay: float) -> None:
        self._clock = clock
        self._delay = delay
        self._numbers = count()
        self._groups: dict[str, dict[str, ChatLog]] = {}

    def record(self, group: str, stream: str, kind: str, frame: bytes, at: float) -> None:
        """Record an encoded frame of a kind (`MESSAGE`, `EVENT`) that was sent at some time."""
        arrives_at = self._clock.now() + self._delay
        log, record = self._made(group, stream, kind, frame, at, arrives_at)
        # Without a delay it is there at once, even if the clock is put back afterwards.
        if self._delay:
            log.send(record)
        else:
            log.append(record)

    def record_past(self, group: str, stream: str, kind: str, frame: bytes, at: float) -> None:
        """Record a frame of long ago, which arrived then."""
        log, record = self._made(group, stream, kind, frame, at, at)
        log.append(record)

    def find(self, group: str, stream: str) -> ChatLog | None:
        """A stream; `None` while nothing has arrived in it, for it is made with its first record."""
        log = self._groups.get(group, {}).get(stream)
        if log is None:
            return None
        log.settle(self._now())
        return log if log.end else None

    def streams(self, group: str) -> dict[str, ChatLog]:
        """All streams of a group in which something has arrived, by name."""
        found = {name: self.find(group, name) for name in self._groups.get(group, {})}
        return {name: log for name, log in found.items() if log is not None}

    def has_group(self, group: str) -> bool:
        """Whether anything was ever recorded to a group."""
        return group in self._groups

    def _now(self) -> int:
        return round(self._clock.now() * 1000)

    def _made(
        self, group: str, stream: str, kind: str, frame: bytes, at: float, arrives_at: float
    ) -> tuple[ChatLog, Record]:
        log = self._groups.setdefault(group, {}).setdefault(stream, ChatLog())
        timestamp = round(at * 1000)
        position = timestamp * _SEQUENCES + next(self._numbers)
        return log, Record(position, timestamp, round(arrives_at * 1000), stream, _record_text(kind, frame, at))


def position_of(timestamp: int) -> int:
    """The position before every record of a time (Unix ms)."""
    return timestamp * _SEQUENCES


def merged(logs: Iterable[ChatLog], start: int, end: int, *, newest_first: bool) -> list[Record]:
    """The records of several streams in one order, with positions in `start <= p < end`."""
    parts = [log.between(start, end) for log in logs]
    records = list(heapq.merge(*parts, key=lambda record: record.position))
    return records[::-1] if newest_first else records


def fitting(records: Sequence[Record], most: int) -> list[Record]:
    """The first records that fit on a page of at most so many."""
    left = PAGE_BYTES
    for index, record in enumerate(records[:most]):
        left -= record.size
        if left < 0:
            return list(records[:index])
    return list(records[:most])


def _record_text(kind: str, frame: bytes, at: float) -> str:
    time = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f'{{"event_timestamp":"{time}","type":"{kind}","payload":{frame.decode()},"version":"1.0"}}'
