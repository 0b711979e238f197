"""What an account on a Rocket.Chat server needs to be told."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from msgspec import Struct

from quell_providers.secret import Secret


class RocketChatSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of an account's table in the configuration: `user_id` and `token`, or `user` and `password`.

    Raises:
        ValueError: The address is not usable or not safe, or it is not told who we are.
    """

    url: str
    """Address of the server, with the sub-path it lives under, if any."""
    user_id: str | None = None
    """Shown together with the personal access token when that is made."""
    token: Secret | None = None
    """A personal access token."""
    user: str | None = None
    """User name or e-mail address, where there is no token. A second factor is asked for when it is due."""
    password: Secret | None = None
    delete_as_author: bool = False
    """Delete in the name of each message's author (`asUser`): by the author's rights and time limit, not by our own,
    and the placeholder that a workspace may show names the author as the one who deleted."""
    report_reason: bool = False
    """Leave the reason on the server: each message is reported with it, deleted, and the report dismissed with it.
    Takes the permission manage-moderation-actions and three calls for each message."""

    def __post_init__(self) -> None:
        _check_url(self.url)
        if (self.user_id is None) != (self.token is None) or (self.user is None) != (self.password is None):
            raise ValueError("user_id goes with token, and user with password; one of each is missing")
        if (self.token is None) == (self.password is None):
            raise ValueError("give either user_id and token (a personal access token), or user and password")
        if self.user_id is not None and not _could_be_id(self.user_id):
            raise ValueError(
                "user_id is the short id shown beside the personal access token, such as aBcD1234efGH5678x"
            )
        if self.user is not None and not self.user.strip():
            raise ValueError("user is the name or e-mail address that is typed to log in")

    @property
    def endpoint_host(self) -> str:
        """Host of the server, with its port where one is configured."""
        return urlsplit(self.url).netloc

    @property
    def base_url(self) -> str:
        """The address without a slash at its end."""
        return self.url.rstrip("/")

    @property
    def socket_url(self) -> str:
        """Where the realtime API answers."""
        return "ws" + self.base_url.removeprefix("http") + "/websocket"

    @property
    def is_loopback(self) -> bool:
        """The server runs on this machine."""
        return _is_loopback(urlsplit(self.url).hostname or "")


def _could_be_id(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def _check_url(url: str) -> None:
    if not url.isprintable() or any(character.isspace() for character in url):
        raise ValueError("url contains a space or a control character")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"url is not an address: {error}") from None
    if not url.startswith(("https://", "http://")) or not parts.hostname:
        raise ValueError("url must be the address of the server, such as https://chat.example.org")
    if parts.username is not None or parts.password is not None:
        raise ValueError("url must not contain a user name or password; they belong in user and password")
    if parts.query or parts.fragment:
        raise ValueError("url must end with the path of the server, without ? or #")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError(
            "url must begin with https:// - over http:// anybody on the way could read the token and the chat"
        )


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
