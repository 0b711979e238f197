"""Messages per second over the last seconds."""

from collections import deque

SECONDS = 12
"""How far back the meter remembers."""


class Meter:
    """Counts what arrives, second by second. Times are Unix seconds."""

    def __init__(self) -> None:
        self._counts: deque[tuple[int, int]] = deque(maxlen=SECONDS + 1)

    def add(self, count: int, *, now: float) -> None:
        """Count arrivals."""
        second = int(now)
        if self._counts and self._counts[-1][0] == second:
            count += self._counts.pop()[1]
        self._counts.append((second, count))

    def history(self, *, now: float) -> list[int]:
        """Arrivals in each of the last whole seconds, oldest first."""
        counts = dict(self._counts)
        return [counts.get(second, 0) for second in range(int(now) - SECONDS, int(now))]

    def rate(self, *, now: float) -> float:
        """Messages a second, averaged over the last five whole seconds."""
        recent = self.history(now=now)[-5:]
        return sum(recent) / len(recent)
