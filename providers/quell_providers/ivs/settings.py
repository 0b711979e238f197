"""What an account of Amazon IVS Chat needs to know."""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

REGIONS = (
    "us-east-1",
    "us-west-2",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "eu-central-1",
    "eu-west-1",
)
"""Where the service exists. boto3 accepts any other name and then calls a host that there is not."""


class IvsSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account of Amazon IVS Chat. Nothing is opened or looked up here.

    Raises `ValueError` for a region that the service does not have and for an address that would send credentials or
    chat in the clear.
    """

    region: str
    """AWS region of the rooms; any name where both `endpoint_url` and `messaging_url` are set."""
    profile: str | None = None
    """AWS profile; without it the usual credential chain of boto3."""
    credentials_file: Path | None = None
    """An AWS shared credentials file to read in place of the usual one."""
    endpoint_url: str | None = None
    """Control plane, where it is not AWS's own."""
    messaging_url: str | None = None
    """Messaging socket, where it is not AWS's own."""
    logs_endpoint_url: str | None = None
    """CloudWatch Logs, where it is not AWS's own."""

    def __post_init__(self) -> None:
        """Check what can be checked without asking anyone."""
        for key, url, scheme in (
            ("endpoint_url", self.endpoint_url, "https"),
            ("messaging_url", self.messaging_url, "wss"),
            ("logs_endpoint_url", self.logs_endpoint_url, "https"),
        ):
            if url is not None and (problem := address_problem(url, scheme)):
                raise ValueError(f"{key}: {problem}")
        if self.region not in REGIONS and not (self.endpoint_url and self.messaging_url):
            raise ValueError(
                f"region: Amazon IVS Chat does not exist in {self.region!r}; it exists in {', '.join(REGIONS)}"
                " (another name needs endpoint_url and messaging_url)"
            )

    @property
    def endpoint_host(self) -> str:
        """Host of the control plane, with its port where one is configured."""
        return urlsplit(self.endpoint_url).netloc if self.endpoint_url else f"ivschat.{self.region}.amazonaws.com"

    @property
    def edge_url(self) -> str:
        """Address of the messaging socket; which room it is about is told by the token."""
        return self.messaging_url or f"wss://edge.ivschat.{self.region}.amazonaws.com"


def address_problem(url: str, scheme: str) -> str:
    """Why this address must not be used; empty when it may be.

    Args:
        url: The address.
        scheme: The encrypted scheme it should have, `https` or `wss`; the plain one is good on loopback only.
    """
    plain = scheme.removesuffix("s")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"{url!r} is not an address: {error}"
    if parts.scheme not in (scheme, plain) or not host:
        return f"{url!r} is not an address that starts with {scheme}://"
    if parts.username or parts.password:
        return "credentials do not belong in an address; use profile or credentials_file"
    if parts.scheme == plain and not is_loopback(url):
        return (
            f"{plain}:// to {host} would send credentials and chat unencrypted;"
            f" use {scheme}:// (plain {plain}:// is for loopback only)"
        )
    return ""


def is_loopback(url: str) -> bool:
    """Whether an address leads to this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
