import pytest

from quell_providers.provider import Quota
from quell_providers.rocketchat import quota

NOW = 1_700_000_000.0
RESET = str(1_700_000_042_500)


def headers(**more: str) -> dict[str, str]:
    return {"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "7", "X-RateLimit-Reset": RESET} | more


def test_reset_is_epoch_milliseconds() -> None:
    expected = Quota(shape="window", calls=10, seconds=60.0, remaining=7, reset_in=42.5)
    assert quota.of_headers(headers(), NOW) == expected


def test_longer_windows_show_in_the_reset() -> None:
    found = quota.of_headers(headers(), NOW - 100)
    assert found is not None
    assert found.seconds == found.reset_in == 142.5


def test_a_reset_in_the_past_is_now() -> None:
    found = quota.of_headers(headers(), NOW + 100)
    assert found is not None
    assert found.reset_in == 0.0


@pytest.mark.parametrize("value", ["", "soon", "nan", "inf", "-1"])
def test_a_reset_that_is_no_number_is_not_told(value: str) -> None:
    found = quota.of_headers(headers(**{"X-RateLimit-Reset": value}), NOW)
    assert found is not None
    assert found.reset_in is None


@pytest.mark.parametrize("name", ["X-RateLimit-Limit", "X-RateLimit-Remaining"])
def test_no_quota_without_numbers(name: str) -> None:
    assert quota.of_headers(headers(**{name: "x"}), NOW) is None
    assert quota.of_headers({}, NOW) is None


@pytest.mark.parametrize(
    ("sent", "text", "seconds"),
    [
        ({}, "Please slow down. You must wait 37 seconds before trying this endpoint again.", 37.0),
        ({}, "You must wait 1 second before trying again.", 1.0),
        (headers(), "You must wait 37 seconds before trying this endpoint again.", 37.0),
        (headers(), "too many", 42.5),
        ({"Retry-After": "5"}, "", 5.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, "", None),
        ({}, "", None),
    ],
)
def test_retry_after_from_text_then_headers(sent: dict[str, str], text: str, seconds: float | None) -> None:
    assert quota.retry_after(sent, text, NOW) == seconds
