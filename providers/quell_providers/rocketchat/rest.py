"""The REST API (`<server>/api/v1/`): one call at a time, each answered by a typed body or a refusal."""

import asyncio
import logging
import ssl
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import NamedTuple, TypeVar

import httpx

from quell_providers.provider import Quota
from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from quell_providers.rocketchat import network, quota, refusals, wire
from quell_providers.rocketchat.budget import Budget
from quell_providers.rocketchat.credentials import Credentials, Login
from quell_providers.rocketchat.settings import RocketChatSettings
from quell_providers.secret import Secret

B = TypeVar("B", bound=wire.Body)
Explain = Callable[[str], Refusal]
"""Makes the refusal of a call whose answer never came, from what happened instead."""

_TIMEOUTS = httpx.Timeout(10.0, connect=5.0)
_DEADLINE = 30.0
"""Seconds for a whole call, because a server that sends a byte now and then never trips the timeouts above."""
_SAME_CLOCK = 2.0
"""Seconds within which two clocks count as equal; the `Date` header tells whole seconds only."""
_GOODBYE = 2.0
"""Seconds that ending a login may take when the account is closed."""
_UNREADABLE = "The server's answer is not what a Rocket.Chat server answers."

_log = logging.getLogger(__name__)


class Answer(NamedTuple):
    """A successful answer, before its body is read."""

    content: bytes
    quota: Quota | None
    """What it told of the rate allowed on this route."""


class Rest:
    """Calls routes of one server as one user.

    Args:
        settings: Where the server is.
        credentials: Who calls.
        tls: What to trust.
        transport: In place of the network, for tests.
        now: Seconds by a clock that is never set, to count calls by.
    """

    def __init__(
        self,
        settings: RocketChatSettings,
        credentials: Credentials,
        tls: ssl.SSLContext,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = now
        self._credentials = credentials
        self._client = httpx.AsyncClient(
            base_url=f"{settings.base_url}/api/v1/",
            headers={"User-Agent": "Quell"},
            verify=tls,
            timeout=_TIMEOUTS,
            # No cookies: the API needs none, and one that is no ASCII would keep every later request from leaving.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            follow_redirects=False,
            trust_env=not settings.is_loopback,  # a proxy has no business between two programs on one machine
            transport=transport,
        )
        self._server = settings.base_url
        self._clock_ahead = 0.0
        self._budgets: dict[str, Budget] = {}

    def server_time(self) -> float:
        """Unix seconds by the server's clock, as far as its answers told."""
        return time.time() + self._clock_ahead

    async def get(self, route: str, kind: type[B], params: Mapping[str, str] | None = None) -> B:
        """Ask for something; nothing changes on the server.

        Args:
            route: Below `/api/v1/`; or, beginning with a slash, below the address of the server.
            kind: What the answer's body is.
            params: The query.

        Raises:
            RefusedError: Also before anything was sent, where the server would take no more calls of this route.
        """
        url = f"{self._server}{route}" if route.startswith("/") else route
        request = self._client.build_request("GET", url, params=params)
        budget = self._budgets.setdefault(route, Budget(route, self._now))
        await budget.take()
        try:
            answer = await self._call(request, refusals.unavailable)
            budget.learn(answer.quota)
        except RefusedError as error:
            if error.refusal.kind is RefusalKind.THROTTLED:
                budget.refused(error.refusal.retry_after)
            raise
        finally:
            budget.give_back()
        try:
            return wire.read(answer.content, kind)
        except wire.MalformedError as error:
            raise RefusedError(refusals.unavailable(f"{route}: {error}", _UNREADABLE)) from None

    async def post(self, route: str, body: Mapping[str, object]) -> Answer:
        """Have something done. Raises `RefusedError`; its kind is `LOST` where it may have been done all the same."""
        return await self._call(self._client.build_request("POST", route, json=body), refusals.lost)

    async def unlock(self) -> Login:
        """Get hold of the token, logging in where that takes a login. Raises `RefusedError`."""
        return await self._credentials.unlock(self._sign_in)

    async def renewed(self) -> bool:
        """Read the credentials anew from where they come; returns whether they are others by now."""
        return await self._credentials.renewed()

    async def aclose(self) -> None:
        """Close every connection."""
        login = self._credentials.login
        if self._credentials.is_login and login is not None and not self._client.is_closed:
            await self._sign_out(login)
        await self._client.aclose()

    async def _call(self, request: httpx.Request, unanswered: Explain) -> Answer:
        """Send a request as the account; one whose login ended logs in again and repeats it, for it was not heard."""
        for may_renew in (True, False):
            login = await self.unlock()
            try:
                return self._read(await self._send(request, unanswered, login), unanswered)
            except RefusedError as error:
                is_over = error.refusal.kind is RefusalKind.LOGIN
                if not (is_over and may_renew and self._credentials.forget(login.token)):
                    raise
        raise AssertionError("the second attempt returns or raises")

    def _read(self, response: httpx.Response, unanswered: Explain) -> Answer:
        try:
            body = wire.read(response.content, wire.Body)
        except wire.MalformedError:
            body = wire.Body()
        if body.success is not None:  # what a proxy answers in the server's place tells the time of another clock
            self._set_clock(response.headers.get("Date"))
        if response.is_success and body.success is None and body.status != "success":
            raise RefusedError(unanswered(f"{_summary(response)}, but no answer of Rocket.Chat"))
        if not response.is_success or body.success not in (True, "true", None):
            raise self._refused(response, body, unanswered)
        return Answer(response.content, quota.of_headers(response.headers, self.server_time()))

    async def _sign_in(self, body: Mapping[str, object]) -> Login:
        """The route `login`. Raises `RefusedError`, `SecondFactorError` among them."""
        request = self._client.build_request(
            "POST", "login", content=wire.encode(body), headers={"Content-Type": "application/json"}
        )
        answer = self._read(await self._send(request, refusals.unavailable, None), refusals.unavailable)
        try:
            data = wire.read(answer.content, wire.LoggedIn).data
        except wire.MalformedError as error:
            raise RefusedError(refusals.unavailable(f"login: {error}", _UNREADABLE)) from None
        return Login(data.user_id, Secret.of(data.auth_token))

    async def _sign_out(self, login: Login) -> None:
        """End a login of ours; a server that can not be reached lets it expire."""
        request = self._client.build_request("POST", "logout")
        try:
            async with asyncio.timeout(_GOODBYE):
                await self._client.send(request, auth=_TokenAuth(login))
        except (httpx.HTTPError, TimeoutError) as error:
            _log.info("the login could not be ended: %s", network.words(error))

    async def _send(self, request: httpx.Request, unanswered: Explain, login: Login | None) -> httpx.Response:
        if self._client.is_closed:
            raise RefusedError(refusals.unavailable("", "This account was closed."))
        try:
            async with asyncio.timeout(_DEADLINE):
                return await self._client.send(request, auth=None if login is None else _TokenAuth(login))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            refusal = network.unreachable(error)
        except (httpx.HTTPError, TimeoutError) as error:
            refusal = unanswered(network.words(error))
        raise RefusedError(refusal)

    def _refused(self, response: httpx.Response, body: wire.Body, unanswered: Explain) -> RefusedError:
        if response.status_code == httpx.codes.GATEWAY_TIMEOUT:  # the proxy passed it on, and then waited in vain
            return RefusedError(unanswered(_summary(response)))
        code, text = refusals.words(body)
        wait = quota.retry_after(response.headers, text, self.server_time())
        refusal = refusals.explain(response.status_code, code, text or _summary(response), wait)
        if code.startswith("totp-"):
            return refusals.SecondFactorError(refusal, body.details)
        return RefusedError(refusal)

    def _set_clock(self, date: str | None) -> None:
        try:
            ahead = parsedate_to_datetime(date or "").timestamp() - time.time()
        except (ValueError, OverflowError):
            return
        self._clock_ahead = ahead if abs(ahead) > _SAME_CLOCK else 0.0


class _TokenAuth(httpx.Auth):
    """Sets the headers of a login only when a request leaves, so that nothing else ever holds the token."""

    def __init__(self, login: Login) -> None:
        self._login = login

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        request.headers["X-User-Id"] = self._login.user_id
        request.headers["X-Auth-Token"] = self._login.token.reveal()
        yield request


def _summary(response: httpx.Response) -> str:
    """What an answer says in its first line, for those that say nothing else."""
    line = f"HTTP {response.status_code} {response.reason_phrase}".rstrip()
    return f"{line}: {response.headers['Location']}" if "Location" in response.headers else line
