"""Calls of AWS operations: boto3 in threads, one attempt a call, every failure a refusal.

boto3 is imported by the first call and in its thread, so that nobody waits for it before there is something to ask.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Generic, Protocol, TypeVar

from quell_providers.ivs.refusal_table import LOST, UNREACHABLE
from quell_providers.ivs.refusals import refusal_of, refuse
from quell_providers.ivs.settings import IvsSettings, is_loopback
from quell_providers.refusal import Refusal, RefusalKind, RefusedError

_CONNECT_SECONDS = 4.0
_READ_SECONDS = 10.0
_DEADLINE_SECONDS = 30.0
"""A whole call may take so long, because a server that sends a byte now and then never trips the timeouts above."""
_STALE_SECONDS = 5.0
"""After a refused login, credentials that were read so long ago are read anew by the next call: they may have been
renewed outside."""

_STRAY = (OSError, ValueError, TypeError, AttributeError, LookupError, RuntimeError, ArithmeticError)
"""What botocore lets escape when it trips over an answer of a form it does not expect, or over a credential process or
an AWS configuration file that can not be run or read."""

Answer = TypeVar("Answer")

_progress = threading.local()
"""`sent`: whether the call that runs in this thread has begun to send its request."""


class Closable(Protocol):
    """What every boto3 client can do."""

    def close(self) -> None:
        """Give back its sockets."""
        ...


ClientT = TypeVar("ClientT", bound=Closable)


class AwsSession:
    """The credentials of an account, found by boto3's chain when first needed. Used from threads only."""

    def __init__(self, settings: IvsSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._session: Any = None

    def client(self, service: str, endpoint_url: str | None, connections: int) -> Any:
        """A boto3 client of one service that tries once and gives up soon.

        Args:
            service: boto3's name of the service.
            endpoint_url: Where it is, unless at AWS's own address.
            connections: Calls that may run at the same time.
        """
        from botocore.config import Config

        config = Config(
            region_name=self._settings.region,
            retries={"mode": "standard", "total_max_attempts": 1},
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_READ_SECONDS,
            max_pool_connections=connections,
            ignore_configured_endpoint_urls=True,
            proxies={} if endpoint_url and is_loopback(endpoint_url) else None,
            user_agent_extra="quell",
        )
        with self._lock:
            client = self._opened().client(service, endpoint_url=endpoint_url, config=config)
        client.meta.events.register("before-send", _note_sent)
        return client

    def access_key_id(self) -> str:
        """The public half of the access key; empty when there are no credentials."""
        with self._lock:
            credentials = self._opened().get_credentials()
        return str(credentials.access_key) if credentials else ""

    def forget(self) -> None:
        """Read the credentials anew when they are needed next."""
        with self._lock:
            self._session = None

    def _opened(self) -> Any:
        if self._session is None:
            self._session = self._open()
        return self._session

    def _open(self) -> Any:
        import boto3
        import botocore.session
        from botocore.exceptions import RefreshWithMFAUnsupportedError

        # At DEBUG level botocore logs whole requests and answers, chat tokens and session tokens among them.
        logging.getLogger("botocore").setLevel(logging.INFO)
        core = botocore.session.Session()
        profile, file = self._settings.profile, self._settings.credentials_file
        if file is not None:
            core.set_config_variable("credentials_file", str(file))
            profile = profile or "default"  # a profile named outright keeps keys in the environment from winning
        if profile is not None:
            core.set_config_variable("profile", profile)
        if {"role_arn", "mfa_serial"} <= core.get_scoped_config().keys():
            raise RefreshWithMFAUnsupportedError  # botocore would ask on the terminal, from a thread, in mid-screen
        return boto3.Session(botocore_session=core, region_name=self._settings.region)


class Calls(Generic[ClientT]):
    """One boto3 client and the threads that use it.

    Args:
        make: Makes the client; called once, in a thread.
        threads: Calls that may run at the same time.
        profile: The account's AWS profile, for what a refusal advises.
        forget: Called when the login was refused, before the client is made anew.
        refused: Called in the event loop with every refusal.
    """

    def __init__(
        self,
        make: Callable[[], ClientT],
        *,
        threads: int,
        profile: str | None,
        forget: Callable[[], None] = lambda: None,
        refused: Callable[[Refusal], object] = lambda _: None,
    ) -> None:
        self._make = make
        self._profile = profile
        self._forget = forget
        self._refused = refused
        self._made_at = 0.0
        self._refused_login = False
        self._lock = threading.Lock()
        self._client: ClientT | None = None
        self._closed = False
        self._running: set[Future[Any]] = set()
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="quell-ivs")

    async def call(self, ask: Callable[[ClientT], Answer], *, about: str) -> Answer:
        """Run `ask` in a thread.

        Args:
            ask: Uses the client and gives back what it wants to keep of the answer.
            about: What the call is about, an ARN or a phrase, for the refusal.

        Raises:
            RefusedError: For every failure.
        """
        if self._closed:
            raise _closed()
        future = self._executor.submit(self._attempt, ask, about)
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        try:
            async with asyncio.timeout(_DEADLINE_SECONDS):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            row = UNREACHABLE if future.cancel() else LOST
        except RefusedError as error:
            self._refused(error.refusal)
            raise
        raise refuse(row.kind, row.cause, row.remedy)

    async def aclose(self) -> None:
        """Let running calls end, at the latest by their timeout, then give back threads and sockets."""
        self._closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(_DEADLINE_SECONDS):
                await asyncio.gather(*map(asyncio.wrap_future, tuple(self._running)), return_exceptions=True)
        self._executor.shutdown(wait=not self._running, cancel_futures=True)
        if self._client is not None:
            self._client.close()

    def _attempt(self, ask: Callable[[ClientT], Answer], about: str) -> Answer:
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        if self._closed:
            raise _closed()
        _progress.sent = False
        try:
            return ask(self._made())
        except (BotoCoreError, ClientError, ResponseParserError) as error:
            refusal = refusal_of(error, resource=about, profile=self._profile)
        except _STRAY as error:
            # An answer may hold a token, and so may the words of an error about it: the error's name is enough.
            told = ResponseParserError(type(error).__name__) if _progress.sent else error
            refusal = refusal_of(told, resource=about, profile=self._profile)
        if refusal.kind is RefusalKind.LOGIN:
            self._refused_login = True
        # Raised out here, because inside it would hold on to boto3's error, and by that to its answer and its socket.
        raise RefusedError(refusal)

    def _made(self) -> ClientT:
        with self._lock:
            if self._refused_login and time.monotonic() - self._made_at >= _STALE_SECONDS:
                self._refused_login = False
                self._forget()
                if self._client is not None:
                    self._client.close()
                self._client = None
            if self._client is None:
                self._client, self._made_at = self._make(), time.monotonic()
            return self._client


def _note_sent(**_: Any) -> None:
    """Handler of botocore's event `before-send`; `None` lets the request go its way."""
    _progress.sent = True


def _closed() -> RefusedError:
    return refuse(RefusalKind.UNAVAILABLE, "This account was closed.")
