"""Logging in with a name and a password, and with a second factor where the server wants one (`login`)."""

import asyncio
from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from quell_providers.rocketchat.credentials import Login, SignIn, fetch, renewed
from quell_providers.rocketchat.refusals import SKIP_SECOND_FACTOR, SecondFactorError
from quell_providers.secret import Secret

AskCode = Callable[[str], Awaitable[str]]

_TRIES = 3
_WHERE_FROM = {"totp": "the code of your authenticator app", "email": "the code that was mailed to you"}


class PasswordCredentials:
    """A login by name and password; its token lasts until the server no longer takes it, or until it is logged out.

    Args:
        user: User name or e-mail address.
        password: Fetched when first needed.
        server: The server's address, to tell which one a code is for.
        who_asks: Tells who can ask for a code just now; `None`: nobody.
    """

    is_login = True

    def __init__(self, user: str, password: Secret, server: str, who_asks: Callable[[], AskCode | None]) -> None:
        self.user_id = ""
        self.login: Login | None = None
        self._user = user
        self._password = password
        self._server = server
        self._who_asks = who_asks
        self._lock = asyncio.Lock()

    async def unlock(self, sign_in: SignIn) -> Login:
        """Log in, unless that was done already.

        Raises:
            RefusedError: Name and password are wrong, a code is due that nobody can be asked for, or the server
                can not be reached.
        """
        async with self._lock:
            if self.login is None:
                await fetch(self._password, "password")
                self.login = await self._log_in(sign_in)
                self.user_id = self.login.user_id
            return self.login

    def forget(self, token: Secret) -> bool:
        """Log in again with the next `unlock`, unless that was done since this token failed."""
        if self.login is not None and token is self.login.token:
            self.login = None
        return True

    async def renewed(self) -> bool:
        """Whether there is another password by now where the configuration says it is."""
        async with self._lock:
            if not await renewed(self._password):
                return False
            self.login = None
            return True

    async def _log_in(self, sign_in: SignIn) -> Login:
        body: dict[str, object] = {"user": self._user, "password": self._password}
        for tries_left in reversed(range(_TRIES + 1)):
            try:
                return await sign_in(body)
            except SecondFactorError as error:
                if not tries_left or not error.may_try_again:
                    raise
                body["code"] = await self._ask(error)
            except RefusedError as error:
                raise RefusedError(_in_words_for_passwords(error.refusal)) from None
        raise AssertionError("the last attempt returns or raises")

    async def _ask(self, error: SecondFactorError) -> str:
        ask = self._who_asks()
        if ask is None:
            raise RefusedError(replace(error.refusal, remedy=_NOBODY_TO_ASK))
        again = "That code is not right. " if error.was_wrong else ""
        source = _WHERE_FROM.get(error.method, "the code of your second factor")
        code = await ask(f"{again}{self._server} asks for {source} ({self._user}):")
        if not code:
            raise RefusedError(replace(error.refusal, cause="The server asks for a second factor, and none was given."))
        return code


_NOBODY_TO_ASK = f"Run Quell in a terminal, where it can ask you for the code. Or: {SKIP_SECOND_FACTOR}"


def _in_words_for_passwords(refusal: Refusal) -> Refusal:
    if refusal.kind is not RefusalKind.LOGIN:
        return refusal
    return replace(
        refusal,
        cause="The server does not take this name and password.",
        remedy="Check user and password of this account in the configuration. "
        "Where people log in through another service (SSO), make a personal access token and use that.",
    )
