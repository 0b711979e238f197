"""Credentials that AWS takes no more, whatever call finds that out: a matter of the account, not of one room."""

import asyncio

from quell_providers.refusal import Refusal, RefusalKind


class Lockout:
    """Tells of it to whoever waits then."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[Refusal | None]] = set()

    def note(self, refusal: Refusal) -> None:
        """A call was refused; what is wrong with more than the credentials is left to whoever made it."""
        if refusal.kind is RefusalKind.LOGIN:
            self._tell(refusal)

    def close(self) -> None:
        """There will be nothing to tell any more."""
        self._tell(None)

    async def wait(self) -> Refusal | None:
        """The next refusal of the login; `None` when closed."""
        told: asyncio.Future[Refusal | None] = asyncio.get_running_loop().create_future()
        self._waiting.add(told)
        try:
            return await told
        finally:
            self._waiting.discard(told)

    def _tell(self, refusal: Refusal | None) -> None:
        for told in self._waiting:
            if not told.done():
                told.set_result(refusal)
