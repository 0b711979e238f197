"""Getting to the server: trust, and what to say when it can not be reached."""

import os
import socket
import ssl

import httpx

from quell_providers.refusal import Refusal
from quell_providers.rocketchat import refusals
from quell_providers.rocketchat.settings import RocketChatSettings


def tls_context(settings: RocketChatSettings) -> ssl.SSLContext:
    """What both the REST client and the realtime socket trust.

    Besides the authorities that come with httpx, those of this machine, because a workspace inside a company often has
    a certificate from the company's own. A server without TLS is on this machine, and needs no authorities.
    """
    if not settings.url.startswith("https"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context


def unreachable(error: BaseException) -> Refusal:
    """The refusal when no connection came about, in the operating system's words."""
    detail = words(error)
    if "CERTIFICATE_VERIFY_FAILED" in detail:
        return refusals.unavailable(
            detail,
            "The server's certificate is not trusted, so it may be somebody else's server.",
            "Check the account's url. If a private authority made the certificate, name its file in SSL_CERT_FILE.",
        )
    return refusals.unavailable(detail)


def words(error: BaseException) -> str:
    """The most telling words in an exception: those of the error at the bottom of it, where it has any."""
    seen = [error]
    while (cause := seen[-1].__cause__ or seen[-1].__context__) is not None and cause not in seen:
        seen.append(cause)
    return next((text for text in map(_own_words, reversed(seen)) if text), type(error).__name__)


def _own_words(error: BaseException) -> str:
    if not isinstance(error, OSError):
        return str(error)
    if error.errno is not None and not isinstance(error, (ssl.SSLError, socket.gaierror)):
        return os.strerror(error.errno)  # asyncio puts words of its own in place of these
    return error.strerror or str(error)
