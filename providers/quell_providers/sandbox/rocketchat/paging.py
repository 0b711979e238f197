"""Answers in pages: `count`, `offset` and `sort` of a request, `count`, `offset` and `total` of its answer."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from quell_providers.sandbox.rocketchat.errors import MeteorError
from quell_providers.sandbox.rocketchat.rest import Call
from quell_providers.sandbox.rocketchat.values import Check, blank_as_null, nullable, number, text
from quell_providers.sandbox.rocketchat.wire import Document

T = TypeVar("T")

PAGE: dict[str, Check] = {"count": blank_as_null(number), "offset": blank_as_null(number), "sort": nullable(text)}
"""The parameters of a page, for a shape."""
STRICT_PAGE: dict[str, Check] = {"count": number, "offset": number, "sort": text}
"""The same where an empty count is no count."""


def page_size(call: Call) -> int:
    """How many a page holds at most; 0 stands for all, where the server allows that."""
    settings = call.workspace.settings
    default = int(settings.number("API_Default_Count"))
    asked = call.params.get("count", call.query.get("count"))
    count = _as_int(asked) if asked is not None else default
    if count == 0 and not settings.is_on("API_Allow_Infinite_Count"):
        count = default
    return min(count, int(settings.number("API_Upper_Count_Limit")))


def page_offset(call: Call) -> int:
    """How many come before the page."""
    return max(_as_int(call.params.get("offset", call.query.get("offset", 0))), 0)


def cut(call: Call, items: Sequence[T]) -> Sequence[T]:
    """The items of the page."""
    offset, size = page_offset(call), page_size(call)
    return items[offset : offset + size if size else None]


def page(call: Call, key: str, items: Sequence[T], write: Callable[[T], Document]) -> Document:
    """An answer with the documents of the page under `key`, in the order that `sort` asks for.

    Raises:
        MeteorError: `sort` is no JSON object of 1 and -1.
    """
    order = _order(call)
    if order:  # only then every document must be there before the page is known
        documents = [write(item) for item in items]
        for name, direction in reversed(order.items()):
            documents.sort(key=partial(_sortable, name), reverse=direction < 0)
        shown = list(cut(call, documents))
    else:
        shown = [write(item) for item in cut(call, items)]
    return {key: shown, "count": len(shown), "offset": page_offset(call), "total": len(items)}


def _order(call: Call) -> dict[str, int]:
    given = call.params.get("sort")
    if not given:
        return {}
    try:
        order = json.loads(str(given))
        if not isinstance(order, dict) or any(direction not in (1, -1) for direction in order.values()):
            raise ValueError
    except ValueError:
        raise MeteorError("error-invalid-sort", f'Invalid sort parameter provided: "{given}"') from None
    return order


def _sortable(name: str, document: Document) -> tuple[int, str]:
    """Numbers before text; times sort as the text they are written as."""
    value: object = document
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, bool) or value is None:
        return (0, str(value))
    if isinstance(value, int | float):
        return (1, f"{value:030.6f}")
    return (2, value.isoformat() if isinstance(value, datetime) else str(value))


def _as_int(value: object) -> int:
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError):
        return 0
