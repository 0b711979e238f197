"""Remembering the newest entries of a dict, and no more than so many."""

from itertools import islice
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

_AT_ONCE = 8
"""The oldest go by an eighth of the limit at a time."""


def newest_of(entries: dict[K, V], limit: int) -> dict[K, V]:
    """The entries as they are, or where they are more than `limit`, the newest of them: at least seven eighths of it.

    Not one is taken off the front for each that is added: finding the first entry of a dict takes the longer, the more
    were taken off there, and a dict that many went through grows to twice the room that it needs.

    Args:
        entries: In the order in which they came.
        limit: How many of them are kept at most.
    """
    surplus = len(entries) - limit
    if surplus <= 0:
        return entries
    return dict(islice(entries.items(), surplus + limit // _AT_ONCE, None))
