"""What Rocket.Chat tells of its rate limits: a fixed window for each route, counted by client address.

The defaults are the server's own (`API_Enable_Rate_Limiter_Limit_Calls_Default` and `…_Time_Default`).
"""

import math
import re
from collections.abc import Mapping

from quell_providers.provider import Quota

DEFAULT_CALLS = 10
DEFAULT_SECONDS = 60.0

_LONGEST = 24 * 3600.0
_WAIT = re.compile(r"must wait (\d{1,9}) second")


def of_headers(headers: Mapping[str, str], now: float) -> Quota | None:
    """The quota in the `X-RateLimit-*` headers of an answer; `None` where it has none.

    Args:
        headers: Looked up without regard to case.
        now: Unix seconds by the server's clock, because `X-RateLimit-Reset` is by that clock, in milliseconds.
    """
    calls, remaining = _number(headers.get("X-RateLimit-Limit")), _number(headers.get("X-RateLimit-Remaining"))
    if calls is None or remaining is None:
        return None
    reset_in = _reset_in(headers, now)
    return Quota(
        shape="window",
        calls=int(calls),
        seconds=max(DEFAULT_SECONDS, reset_in or 0.0),
        remaining=int(remaining),
        reset_in=reset_in,
    )


def retry_after(headers: Mapping[str, str], text: str, now: float) -> float | None:
    """Seconds to wait after "too many requests": by its text, else by the headers, else unknown."""
    if found := _WAIT.search(text):
        return float(found[1])
    waits = _number(headers.get("Retry-After"))  # a proxy in front of the server; Rocket.Chat itself sends none
    return min(waits, _LONGEST) if waits is not None else _reset_in(headers, now)


def _reset_in(headers: Mapping[str, str], now: float) -> float | None:
    reset = _number(headers.get("X-RateLimit-Reset"))
    return None if reset is None else min(max(reset / 1000 - now, 0.0), _LONGEST)


def _number(text: str | None) -> float | None:
    """A header's number; anything that is not one counts as not told."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
