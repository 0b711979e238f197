"""How fast the operations of the control plane may be called that only look (service quotas, each per account and
region)."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

_SLACK_SECONDS = 0.1
"""Calls may arrive closer together than they were sent, by about so much."""


class Pace:
    """At most so many calls in any one second; who comes too early waits, in the order of coming.

    Args:
        calls: Calls in a second.
        now, sleep: The clock, in seconds.
    """

    def __init__(
        self,
        calls: int,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.calls = calls
        self._turns: deque[float] = deque(maxlen=calls)
        self._now = now
        self._sleep = sleep
        self._order = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until one more call may be made."""
        async with self._order:
            if len(self._turns) == self.calls:
                early = self._turns[0] + 1.0 + _SLACK_SECONDS - self._now()
                if early > 0:
                    await self._sleep(early)
            self._turns.append(self._now())
