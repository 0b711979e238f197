"""Who we are to the server."""

import asyncio

from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from quell_providers.rocketchat.refusals import RENEW_LOGIN
from quell_providers.secret import Secret


class Credentials:
    """A user id and a token that is fetched when first needed.

    Args:
        user_id: The server's id of the user.
        token: A personal access token, or the token of a login.
    """

    def __init__(self, user_id: str, token: Secret) -> None:
        self.user_id = user_id
        self.token = token
        self._lock = asyncio.Lock()
        self._unlocked = False

    async def unlock(self) -> None:
        """Fetch the token, in a thread, so that revealing it does not block from now on.

        Raises:
            RefusedError: It can not be fetched, or could not be a token.
        """
        async with self._lock:
            if self._unlocked:
                return
            refusal = await asyncio.to_thread(self._problem)
            if refusal is not None:
                raise RefusedError(refusal)
            self._unlocked = True

    def _problem(self) -> Refusal | None:
        try:
            token = self.token.reveal()
        except Exception as error:  # noqa: BLE001 - whoever made the secret decides what fetching it may raise
            return _unusable(str(error), "The token can not be fetched from where the configuration says it is.", "")
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            return _unusable(
                "", "What stands in place of the token is empty, or holds a space or line break.", RENEW_LOGIN
            )
        return None


def _unusable(detail: str, cause: str, remedy: str) -> Refusal:
    return Refusal(
        kind=RefusalKind.LOGIN,
        detail=detail,
        cause=cause,
        remedy=remedy or "Check this account's token in the configuration.",
    )
