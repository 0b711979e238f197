"""Leaving the reason of a deletion on the server, which takes none with the deletion itself.

The message is reported with the reason, deleted, and its reports are dismissed with the reason: the server keeps who
dismissed a report, when, and why (`chat.reportMessage`, `moderation.dismissReports`).
"""

import asyncio
import logging

from quell_providers.newest import newest_of
from quell_providers.refusal import TRANSIENT, RefusalKind, RefusedError
from quell_providers.rocketchat.rest import Rest
from quell_providers.rocketchat.rights import Rights

PERMISSION = "manage-moderation-actions"
ACTION = "DELETE Messages"
"""What the server's own console writes beside the reason."""

_log = logging.getLogger(__name__)

_TRIES = 3
_PAUSE = 60.0
_REMEMBERED = 1_000


class Trail:
    """The reports of one account.

    Args:
        rest: Where to report.
        rights: To know whether reports may be dismissed; where they may not, none is made.
    """

    def __init__(self, rest: Rest, rights: Rights) -> None:
        self._rest = rest
        self._rights = rights
        self._reported: dict[str, None] = {}
        self._dismissals: set[asyncio.Task[None]] = set()

    async def begin(self, message_id: str, reason: str) -> None:
        """Report a message that is about to be deleted; once, however often its deletion is tried.

        Raises:
            RefusedError: Only because of too many calls: then the deletion can wait as well.
        """
        if message_id in self._reported or not await self._rights.holds(PERMISSION):
            return
        try:
            await self._rest.post("chat.reportMessage", {"messageId": message_id, "description": reason})
        except RefusedError as error:
            if error.refusal.kind is RefusalKind.THROTTLED:
                raise
            _log.info("message %s could not be reported: %s", message_id, error)
            if error.refusal.kind is not RefusalKind.LOST:
                return
        self._reported[message_id] = None
        self._reported = newest_of(self._reported, _REMEMBERED)

    def finish(self, message_id: str, reason: str) -> None:
        """Dismiss the reports of a message that was deleted, in the background."""
        if message_id in self._reported:
            dismissal = asyncio.create_task(self._dismiss(message_id, reason), name="rocketchat dismissal")
            self._dismissals.add(dismissal)
            dismissal.add_done_callback(self._dismissals.discard)

    async def settled(self) -> None:
        """Wait until every dismissal is over."""
        await asyncio.gather(*self._dismissals)

    async def aclose(self) -> None:
        """Give up what is not dismissed yet."""
        for dismissal in self._dismissals:
            dismissal.cancel()
        await asyncio.gather(*self._dismissals, return_exceptions=True)

    async def _dismiss(self, message_id: str, reason: str) -> None:
        body = {"msgId": message_id, "reason": reason, "action": ACTION}
        for _ in range(_TRIES):
            try:
                await self._rest.post("moderation.dismissReports", body)
            except RefusedError as error:
                _log.info("the report of %s could not be dismissed: %s", message_id, error)
                if error.refusal.kind not in TRANSIENT:
                    return
                await asyncio.sleep(_PAUSE if error.refusal.retry_after is None else error.refusal.retry_after)
            else:
                self._reported.pop(message_id, None)
                return
