"""Who we are to the server."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple, Protocol

from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from quell_providers.rocketchat.refusals import RENEW_LOGIN
from quell_providers.secret import Secret

_log = logging.getLogger(__name__)


class Login(NamedTuple):
    """A user id and the token that goes with it; never one of each of two logins."""

    user_id: str
    token: Secret


SignIn = Callable[[Mapping[str, object]], Awaitable[Login]]
"""Calls the route `login` with this body; a `Secret` may stand in it. Raises `RefusedError`."""


class Credentials(Protocol):
    """A user id and a token that REST and the realtime API take."""

    user_id: str
    """Of the latest login; empty before the first one."""
    login: Login | None
    """What `unlock` gave last; `None` before, and since it was forgotten."""
    is_login: bool
    """The token came from a login of ours, so that it is for us to end it."""

    async def unlock(self, sign_in: SignIn) -> Login:
        """Get hold of the token, once. Raises `RefusedError`: there is none, or it could not be one."""
        ...

    def forget(self, token: Secret) -> bool:
        """The server no longer takes this token. Returns whether `unlock` can get another one."""
        ...

    async def renewed(self) -> bool:
        """Fetch the secret anew. Returns whether it is another one, with which `unlock` begins anew."""
        ...


class TokenCredentials:
    """A personal access token that is fetched when first needed.

    Args:
        user_id: The server's id of the user.
        token: A personal access token, or the token of a login.
    """

    is_login = False

    def __init__(self, user_id: str, token: Secret) -> None:
        self.user_id = user_id
        self.login: Login | None = None
        self._token = token
        self._lock = asyncio.Lock()

    async def unlock(self, sign_in: SignIn) -> Login:
        """Fetch the token, in a thread, so that revealing it does not block from now on. Raises `RefusedError`."""
        async with self._lock:
            if self.login is None:
                await fetch(self._token, "token")
                if not _could_be_token(self._token.reveal()):
                    cause = "What stands in place of the token is empty, or holds a space or line break."
                    raise RefusedError(_unusable("", cause, RENEW_LOGIN))
                self.login = Login(self.user_id, self._token)
            return self.login

    def forget(self, token: Secret) -> bool:
        """There is only the one, unless it is renewed outside."""
        return False

    async def renewed(self) -> bool:
        """Whether there is another token by now where the configuration says it is."""
        async with self._lock:
            if not await renewed(self._token):
                return False
            self.login = None
            return True


async def fetch(secret: Secret, what: str) -> None:
    """Reveal a secret in a thread, so that revealing it again does not block. Raises `RefusedError`."""
    refusal = await asyncio.to_thread(_problem, secret, what)
    if refusal is not None:
        raise RefusedError(refusal)


async def renewed(secret: Secret) -> bool:
    """Whether a secret that is fetched anew, in a thread, is another one; what can not be fetched is as it was."""

    def look() -> bool:
        try:
            return secret.renew()
        except Exception as error:  # noqa: BLE001 - whoever made the secret decides what fetching it may raise
            _log.info("a secret can not be fetched anew: %s", type(error).__name__)
            return False

    return await asyncio.to_thread(look)


def _problem(secret: Secret, what: str) -> Refusal | None:
    try:
        secret.reveal()
    except Exception as error:  # noqa: BLE001 - whoever made the secret decides what fetching it may raise
        cause = f"The {what} can not be fetched from where the configuration says it is."
        return _unusable(str(error), cause, f"Check this account's {what} in the configuration.")
    return None


def _could_be_token(token: str) -> bool:
    return bool(token) and token.isascii() and token.isprintable() and " " not in token


def _unusable(detail: str, cause: str, remedy: str) -> Refusal:
    return Refusal(kind=RefusalKind.LOGIN, detail=detail, cause=cause, remedy=remedy)
