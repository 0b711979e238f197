"""How many requests may be on their way at the same time."""

import asyncio
import math

_UNTIMED = 10
"""Requests at once where the rate does not say how many it takes."""
_SPARE = 1.5
"""Answers take now longer, now shorter than on average."""
_WEIGHT = 0.2
"""How much the newest answer changes the average."""


class Slots:
    """Requests at once: as many as the allowed rate needs at the latency of the service, and no more.

    Args:
        most: No matter how slow the service is.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = min(most, _UNTIMED)
        self._latency: float | None = None
        self._taken = 0
        self._freed = asyncio.Event()

    async def acquire(self) -> None:
        """Wait for a free one, and take it. For one waiter."""
        while self._taken >= self._size:
            self._freed.clear()
            await self._freed.wait()
        self._taken += 1

    def release(self) -> None:
        """Give one back."""
        self._taken -= 1
        self._freed.set()

    def fit(self, latency: float, rate: float | None) -> None:
        """Take into account how many seconds one answer took, and how many calls a second are allowed, if steady."""
        known = self._latency
        self._latency = latency if known is None else known + _WEIGHT * (latency - known)
        needed = _UNTIMED if rate is None else math.ceil(rate * self._latency * _SPARE) + 2
        self._size = min(needed, self._most)
        self._freed.set()
