"""How many calls of one route are left, so that reading never runs into the server's limit.

The server counts each route by itself, in windows of fixed length, and by client address: other programs on the same
address spend from the same window. What it tells with each answer therefore counts more than what was counted here.
"""

import asyncio
import time
from collections.abc import Callable

from quell_providers.provider import Quota
from quell_providers.refusal import Refusal, RefusedError
from quell_providers.rocketchat import refusals
from quell_providers.rocketchat.quota import DEFAULT_CALLS, DEFAULT_SECONDS

_MARGIN = 0.25
"""Seconds after the end of a window by which clocks may differ, and a call may be underway."""


class Budget:
    """The calls of one route.

    Args:
        route: Its name, to tell which calls have to wait.
        now: Seconds by a clock that is never set.
    """

    def __init__(self, route: str, now: Callable[[], float] = time.monotonic) -> None:
        self._route = route
        self._now = now
        self._calls = DEFAULT_CALLS
        self._left: float = DEFAULT_CALLS
        self._ends_at: float | None = None
        """When the window ends; `None`: the server has not told yet, and what is left is a guess."""
        self._under_way = 0
        self._told = asyncio.Event()

    async def take(self) -> None:
        """Spend one call; must be followed by `give_back`.

        Before the server told of its limit, only as many calls as it usually allows are let go.

        Raises:
            RefusedError: Nothing is left; `retry_after` tells until when.
        """
        while True:
            self._begin_window()
            if self._left > 0:
                break
            if self._ends_at is not None:
                raise RefusedError(self._spent(self._ends_at - self._now()))
            self._told.clear()
            await self._told.wait()
        self._left -= 1
        self._under_way += 1

    def give_back(self) -> None:
        """A call is over, whatever came of it."""
        self._under_way -= 1
        self._told.set()
        if self._ends_at is None and not self._under_way:
            self._left = self._calls  # no answer told anything: the next ones shall not wait for those in vain

    def learn(self, quota: Quota | None) -> None:
        """Take in what a successful answer told; where it told nothing, this account is not limited."""
        if quota is None:
            self._left, self._ends_at = float("inf"), None
            return
        others = self._under_way - 1
        ends_at = self._now() + (DEFAULT_SECONDS if quota.reset_in is None else quota.reset_in) + _MARGIN
        is_new = self._ends_at is None or ends_at > self._ends_at + quota.seconds / 2
        told = (quota.calls if quota.remaining is None else quota.remaining) - others
        self._calls = max(quota.calls, 1)
        self._left = max(told, 0) if is_new else max(min(self._left, told), 0)
        self._ends_at = ends_at

    def refused(self, retry_after: float | None) -> None:
        """Take in that the server refused a call as one too many."""
        self._left = 0
        self._ends_at = self._now() + (DEFAULT_SECONDS if retry_after is None else retry_after) + _MARGIN

    def _begin_window(self) -> None:
        if self._ends_at is not None and self._now() >= self._ends_at:
            self._left, self._ends_at = self._calls - self._under_way, None

    def _spent(self, seconds: float) -> Refusal:
        detail = f"{self._route}: {self._calls} calls in {DEFAULT_SECONDS:g} s are used up"
        return refusals.explain(429, "", detail, max(seconds, 0.0))
