"""Pages of a list, and the tokens that lead from one to the next."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from quell_providers.sandbox.ivs import errors

DEFAULT_PAGE = 50

Item = TypeVar("Item")


def page(
    items: Iterable[Item], order: Callable[[Item], list[Any]], request: Mapping[str, Any]
) -> tuple[list[Item], dict[str, str]]:
    """One page of a list, and the `nextToken` of its answer, if there is more.

    A token tells the place of the page's last item, so that a list which changes meanwhile still leads to its end.

    Args:
        items: The whole list that the request selects, in any order.
        order: What the list is sorted by: numbers and strings, different for every item.
        request: `maxResults`, `nextToken`, and filters, which must be the same for every page.

    Raises:
        AwsError: The token is not one that this request was answered with.
    """
    filters = {name: value for name, value in request.items() if name not in ("maxResults", "nextToken")}
    items = sorted(items, key=order)
    token = request.get("nextToken")
    if token:
        last = _read(token, filters)
        items = [item for item in items if order(item) > last]
    size = int(request.get("maxResults") or DEFAULT_PAGE)
    found = items[:size]
    if len(items) <= size:
        return found, {}
    written = json.dumps([order(found[-1]), filters], sort_keys=True)
    return found, {"nextToken": base64.urlsafe_b64encode(written.encode()).decode()}


def _read(token: str, filters: Mapping[str, Any]) -> list[Any]:
    """The place that a token tells."""
    try:
        last, held = json.loads(base64.urlsafe_b64decode(token))
        if held == filters and [type(part) for part in last] == [float, str]:
            return list(last)
    except (ValueError, TypeError, binascii.Error):
        pass
    raise errors.invalid({"nextToken": "Value is not a token that this request was answered with"})
