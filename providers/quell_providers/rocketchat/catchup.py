"""What changed in a room while nobody listened: `chat.syncMessages`."""

import asyncio
import logging
from collections.abc import Callable
from typing import Literal

from msgspec import Raw

from quell_providers.refusal import TRANSIENT, Refusal, RefusalKind, RefusedError
from quell_providers.rocketchat import translate, wire
from quell_providers.rocketchat.rest import Rest
from quell_providers.rocketchat.server import SYNC_CURSORS, Server

Kind = Literal["UPDATED", "DELETED"]

OnWait = Callable[[Refusal, float], None]
"""Is told why catching up has to wait, and for how many seconds."""

_log = logging.getLogger(__name__)

_TRIES = 8
"""Failures after which it is given up; waiting for a turn is none."""
_PAUSE = 5.0
"""Seconds before another try, where the server does not say how long."""
_PAGE, _LARGEST_PAGE = 100, 10_000
_MOST_PAGES = 50


class CatchUp:
    """Asks what was missed.

    All of it comes with one call, because calls are few (ten a minute for all rooms together). Only where that answer
    does not come, as if it were too large to be made or sent in time, it is read page by page, if the server has pages.

    Args:
        rest: Where to ask.
        server: To know whether it has pages.
    """

    def __init__(self, rest: Rest, server: Server) -> None:
        self._rest = rest
        self._server = server

    async def since(
        self, room_id: str, time: float, on_wait: OnWait = lambda why, seconds: None, *, tries: int = _TRIES
    ) -> wire.SyncResult:
        """Everything that changed in a room since then. Raises `RefusedError` when it can not be known.

        Args:
            room_id: The room.
            time: Unix seconds by the server's clock.
            on_wait: Told of every pause.
            tries: After so many failures to get everything at once it is given up; waiting for a turn is none.
        """
        whole = {"roomId": room_id, "lastUpdate": translate.iso(time)}
        failures = 0
        while True:
            try:
                return (await self._rest.get("chat.syncMessages", wire.Synced, whole)).result
            except RefusedError as error:
                refusal = error.refusal
                failures += refusal.kind is not RefusalKind.THROTTLED
                if refusal.kind not in TRANSIENT or failures >= tries:
                    raise
            if _may_be_too_large(refusal) and await self._has_pages():
                return await self._by_pages(room_id, time, on_wait)
            await _pause(refusal, on_wait)

    async def _has_pages(self) -> bool:
        """Whether the server is known to have pages; while it does not even tell its version, it is not."""
        try:
            return await self._server.version() >= SYNC_CURSORS
        except RefusedError as error:
            _log.info("the server does not tell its version: %s", error)
            return False

    async def _by_pages(self, room_id: str, time: float, on_wait: OnWait) -> wire.SyncResult:
        updated = await self._pages(room_id, "UPDATED", time, on_wait)
        deleted = await self._pages(room_id, "DELETED", time, on_wait)
        return wire.SyncResult(updated, deleted)

    async def _pages(self, room_id: str, kind: Kind, time: float, on_wait: OnWait) -> list[Raw]:
        """All changes of one kind. A page that ends within the millisecond it began with is asked for anew, larger."""
        entries: list[Raw] = []
        after, count = round(time * 1000), _PAGE
        for _ in range(_MOST_PAGES):
            params = {"roomId": room_id, "type": kind, "next": str(after), "count": str(count)}
            page = await self._page(params, on_wait)
            entries += page.updated + page.deleted
            following = _next_page(page.cursor)
            if following is None:
                return entries
            count = _PAGE if following > after else 2 * count
            if count > _LARGEST_PAGE:
                break
            after = max(following, after)
        raise RefusedError(Refusal(kind=RefusalKind.INVALID, cause="Too much was missed to be asked for."))

    async def _page(self, params: dict[str, str], on_wait: OnWait) -> wire.SyncResult:
        failures = 0
        while True:
            try:
                return (await self._rest.get("chat.syncMessages", wire.Synced, params)).result
            except RefusedError as error:
                refusal = error.refusal
                failures += refusal.kind is not RefusalKind.THROTTLED
                if refusal.kind not in TRANSIENT or failures == _TRIES:
                    raise
            await _pause(refusal, on_wait)


def _next_page(cursor: object) -> int | None:
    """After which millisecond the next page begins; `None`: there is none.

    A page may end in the middle of a millisecond, and the server goes on after it. So the last one is asked for again.
    """
    following = cursor.get("next") if isinstance(cursor, dict) else None
    return int(following) - 1 if isinstance(following, str) and following.isdecimal() else None


def _may_be_too_large(refusal: Refusal) -> bool:
    """Whether a smaller answer may come where a large one did not."""
    return refusal.kind in (RefusalKind.UNAVAILABLE, RefusalKind.LOST)


async def _pause(refusal: Refusal, on_wait: OnWait) -> None:
    seconds = _PAUSE if refusal.retry_after is None else refusal.retry_after
    _log.info("catching up has to wait for %.1f s: %s", seconds, refusal.detail)
    on_wait(refusal, seconds)
    await asyncio.sleep(seconds)
