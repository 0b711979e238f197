"""Settings are checked when they are read, and nothing else happens then."""

import boto3
import msgspec
import pytest

from quell_providers.ivs import plugin
from quell_providers.ivs.settings import REGIONS, IvsSettings, address_problem, is_loopback


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_has_an_edge_of_its_own(region: str) -> None:
    assert IvsSettings(region=region).edge_url == f"wss://edge.ivschat.{region}.amazonaws.com"


@pytest.mark.parametrize("region", REGIONS)
def test_the_host_of_the_control_plane_is_the_one_that_boto3_asks(region: str) -> None:
    client = boto3.client("ivschat", region_name=region, aws_access_key_id="x", aws_secret_access_key="y")
    assert client.meta.endpoint_url == f"https://{IvsSettings(region=region).endpoint_host}"
    client.close()


def test_an_endpoint_url_replaces_the_control_plane() -> None:
    settings = IvsSettings(region="us-west-2", endpoint_url="https://chat.example.org:8443/base")
    assert settings.endpoint_host == "chat.example.org:8443"


def test_a_messaging_url_replaces_the_edge() -> None:
    assert IvsSettings(region="us-west-2", messaging_url="ws://127.0.0.1:9").edge_url == "ws://127.0.0.1:9"


@pytest.mark.parametrize(
    "table",
    [
        {"region": "us-east-2"},
        {"region": "us-east-2", "endpoint_url": "https://chat.example.org"},
        {"region": "nowhere", "messaging_url": "wss://chat.example.org"},
    ],
)
def test_a_region_without_the_service_is_named_with_the_ones_that_have_it(table: dict[str, str]) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"region: .*us-west-2"):
        msgspec.convert(table, plugin.settings)


def test_any_region_goes_with_addresses_of_ones_own() -> None:
    table = {"region": "lab", "endpoint_url": "https://a.example.org", "messaging_url": "wss://b.example.org"}
    assert msgspec.convert(table, IvsSettings).region == "lab"


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="regoin"):
        msgspec.convert({"regoin": "us-west-2"}, plugin.settings)


@pytest.mark.parametrize("key", ["endpoint_url", "messaging_url", "logs_endpoint_url"])
def test_the_wrong_address_is_named_by_its_key(key: str) -> None:
    scheme = "ws" if key == "messaging_url" else "http"
    with pytest.raises(msgspec.ValidationError, match=rf"{key}: {scheme}:// to chat\.example\.org .* unencrypted"):
        msgspec.convert({"region": "us-west-2", key: f"{scheme}://chat.example.org"}, plugin.settings)


@pytest.mark.parametrize(
    ("url", "scheme"),
    [
        ("https://chat.example.org", "https"),
        ("https://chat.example.org:8443/base", "https"),
        ("http://127.0.0.1:8080", "https"),
        ("http://localhost:8080", "https"),
        ("http://[::1]:8080", "https"),
        ("ws://127.8.9.10:1", "wss"),
        ("wss://chat.example.org", "wss"),
    ],
)
def test_an_encrypted_or_loopback_address_is_good(url: str, scheme: str) -> None:
    assert address_problem(url, scheme) == ""


@pytest.mark.parametrize(
    ("url", "scheme", "problem"),
    [
        ("http://chat.example.org", "https", "unencrypted"),
        ("http://127.0.0.1.example.org", "https", "unencrypted"),
        ("http://localhost.example.org", "https", "unencrypted"),
        ("http://0.0.0.0:80", "https", "unencrypted"),
        ("ws://10.0.0.1", "wss", "unencrypted"),
        ("wss://chat.example.org", "https", "starts with https://"),
        ("https://chat.example.org", "wss", "starts with wss://"),
        ("chat.example.org", "https", "starts with https://"),
        ("https://", "https", "starts with https://"),
        ("https://host:notaport", "https", "not an address"),
        ("https://[::1", "https", "not an address"),
        ("https://user:key@chat.example.org", "https", "credentials do not belong"),
    ],
)
def test_any_other_address_is_told_why_not(url: str, scheme: str, problem: str) -> None:
    assert problem in address_problem(url, scheme)


def test_a_password_in_an_address_is_not_repeated() -> None:
    assert "hunter2" not in address_problem("https://user:hunter2@chat.example.org", "https")


def test_loopback_is_told_by_address_not_by_look() -> None:
    assert is_loopback("ws://127.0.0.1:5")
    assert not is_loopback("ws://127.0.0.1.example.org")
