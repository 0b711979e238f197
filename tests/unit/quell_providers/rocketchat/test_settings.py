import subprocess
import sys

import msgspec
import pytest

from quell_providers.rocketchat import RocketChatSettings, plugin
from quell_providers.secret import Secret


def made(url: str, user_id: str = "aBcD1234") -> RocketChatSettings:
    table = {"url": url, "user_id": user_id, "token": Secret.of("t")}
    return msgspec.convert(table, RocketChatSettings)


@pytest.mark.parametrize(
    ("url", "host", "socket_url", "is_loopback"),
    [
        ("https://chat.example.org", "chat.example.org", "wss://chat.example.org/websocket", False),
        ("https://example.org/chat/", "example.org", "wss://example.org/chat/websocket", False),
        ("https://127.0.0.1:8443", "127.0.0.1:8443", "wss://127.0.0.1:8443/websocket", True),
        ("http://localhost:3000", "localhost:3000", "ws://localhost:3000/websocket", True),
        ("http://127.8.9.10", "127.8.9.10", "ws://127.8.9.10/websocket", True),
        ("http://[::1]:3000/sub", "[::1]:3000", "ws://[::1]:3000/sub/websocket", True),
    ],
)
def test_usable_addresses(url: str, host: str, socket_url: str, is_loopback: bool) -> None:
    settings = made(url)
    assert settings.endpoint_host == host
    assert settings.socket_url == socket_url
    assert settings.is_loopback is is_loopback
    assert not settings.base_url.endswith("/")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://chat.example.org", "url must begin with https://"),
        ("http://localhost.example.org", "url must begin with https://"),
        ("http://10.0.0.1", "url must begin with https://"),
        ("ftp://chat.example.org", "url must be the address"),
        ("chat.example.org", "url must be the address"),
        ("https://", "url must be the address"),
        ("https://chat.example.org:99999", "url is not an address"),
        ("https://[bad", "url is not an address"),
        ("https://me:secret@chat.example.org", "must not contain a user name or password"),
        ("http://127.0.0.1@evil.example", "must not contain a user name or password"),
        ("https://chat.example.org/?x=1", "without \\? or #"),
        ("https://chat.example.org/#home", "without \\? or #"),
        ("https://chat.example.org/\n", "space or a control character"),
        ("https://chat .example.org", "space or a control character"),
    ],
)
def test_refused_addresses_say_why(url: str, reason: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=reason):
        made(url)


@pytest.mark.parametrize("user_id", ["", "two words", "línea", "a\nb"])
def test_refused_user_ids(user_id: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="user_id is the short id"):
        made("https://chat.example.org", user_id)


def test_unknown_keys_are_refused() -> None:
    table = {"url": "https://a.b", "user_id": "u", "token": Secret.of("t"), "tokn": "x"}
    with pytest.raises(msgspec.ValidationError, match="tokn"):
        msgspec.convert(table, RocketChatSettings)


def test_settings_do_not_show_the_token() -> None:
    assert "hidden" not in repr(RocketChatSettings(url="https://a.b", user_id="u", token=Secret.of("hidden")))


def test_naming_the_plugin_imports_no_network_library() -> None:
    code = "import sys, quell_providers.rocketchat; print([m for m in ('httpx', 'websockets') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_plugin() -> None:
    assert (plugin.name, plugin.title, plugin.settings) == ("rocketchat", "Rocket.Chat", RocketChatSettings)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({}, "either user_id and token"),
        ({"user_id": "u"}, "user_id goes with token"),
        ({"token": Secret.of("t")}, "user_id goes with token"),
        ({"user": "moderator"}, "user with password"),
        ({"user": " ", "password": Secret.of("p")}, "user is the name"),
        ({"user_id": "u", "token": Secret.of("t"), "user": "m", "password": Secret.of("p")}, "either user_id"),
    ],
)
def test_half_a_login_is_refused(table: dict[str, object], reason: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=reason):
        msgspec.convert({"url": "https://a.b", **table}, RocketChatSettings)


def test_a_password_is_as_good_as_a_token() -> None:
    settings = RocketChatSettings(url="https://a.b", user="moderator", password=Secret.of("hidden"))
    assert "hidden" not in repr(settings)
    assert not settings.delete_as_author
    assert not settings.report_reason
