"""Going from one row of a feed to the next one of some kind. No widget."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from quell.moderation.timeline import Place, place
from quell.widgets.feed.rows import Rows
from quell_providers.model import Message

CHUNK = 256
"""Rows that are looked at in one step on the way to the next one that is sought."""


def shown(rows: Rows, messages: Iterable[Message]) -> list[Message]:
    """Those of the messages that have a row."""
    return [message for message in messages if rows.position(place(message)) is not None]


def neighbour(cursor: Place, messages: Iterable[Message], by: int) -> Message | None:
    """The next of the messages after the cursor, or before it when `by` is negative; round the end, if need be.

    `None` when there is no message but the cursor's own.
    """
    others = sorted((each for each in messages if place(each) != cursor), key=place)
    beyond = [each for each in others if (place(each) > cursor if by > 0 else place(each) < cursor)]
    ordered = beyond or others
    return (ordered[0] if by > 0 else ordered[-1]) if ordered else None


def seeking(
    rows: Rows, row: int, by: int, sought: Callable[[Message], bool], found: Callable[[Message | None], object]
) -> Iterator[None]:
    """Look for the next row that is sought, a step at a time; round the end, if need be.

    Args:
        rows: All of them.
        row: Where to begin; it is not looked at.
        by: 1 or -1.
        sought: Whether a message is meant.
        found: Called with the message, or with `None` when no other row is meant.
    """
    onward = range(row + 1, len(rows)) if by > 0 else range(row - 1, -1, -1)
    around = range(row) if by > 0 else range(len(rows) - 1, row, -1)
    for number, each in enumerate(chain(onward, around)):
        if each < len(rows) and sought(rows[each]):
            found(rows[each])
            return
        if number % CHUNK == 0:
            yield
    found(None)
