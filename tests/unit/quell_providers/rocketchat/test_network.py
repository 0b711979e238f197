import socket
import ssl

import pytest

from quell_providers.refusal import RefusalKind
from quell_providers.rocketchat import network
from tests.unit.quell_providers.rocketchat.fakes import settings


def caused(top: Exception, bottom: Exception) -> Exception:
    top.__cause__ = bottom
    return top


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(111, "Connect call failed ('127.0.0.1', 1)"), "Connection refused"),
        (caused(RuntimeError("All connection attempts failed"), OSError(113, "x")), "No route to host"),
        (socket.gaierror(-2, "Name or service not known"), "Name or service not known"),
        (caused(RuntimeError(""), TimeoutError()), "RuntimeError"),
        (caused(RuntimeError("handshake took too long"), TimeoutError()), "handshake took too long"),
        (OSError("Multiple exceptions: …"), "Multiple exceptions: …"),
    ],
)
def test_the_words_at_the_bottom(error: Exception, words: str) -> None:
    assert network.words(error) == words
    assert network.unreachable(error).detail == words


def test_a_certificate_that_is_not_trusted() -> None:
    refusal = network.unreachable(ssl.SSLError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"))
    assert refusal.kind is RefusalKind.UNAVAILABLE
    assert "not trusted" in refusal.cause
    assert "SSL_CERT_FILE" in refusal.remedy


@pytest.mark.parametrize("url", ["https://chat.example.org", "http://127.0.0.1:3000"])
def test_certificates_are_always_verified(url: str) -> None:
    context = network.tls_context(settings(url))
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_authorities_are_known_where_they_are_needed() -> None:
    assert network.tls_context(settings("https://chat.example.org")).cert_store_stats()["x509_ca"] > 0
