"""Finding the message to go to. No widget."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from quell.display import Printable, printable
from quell.moderation.timeline import Place, place
from quell.widgets.feed.rows import Rows
from quell_providers.model import Message


def shown(rows: Rows, messages: Iterable[Message]) -> list[Message]:
    """Those of the messages that have a row."""
    return [message for message in messages if rows.position(place(message)) is not None]


def neighbour(cursor: Place, places: Iterable[Place], by: int) -> Place | None:
    """The next of the places after the cursor, or before it when `by` is negative; round the end, if need be.

    `None` when there is no place but the cursor's own.
    """
    others = sorted(each for each in places if each != cursor)
    beyond = [each for each in others if (each > cursor if by > 0 else each < cursor)]
    ordered = beyond or others
    return (ordered[0] if by > 0 else ordered[-1]) if ordered else None


def beyond_ends(rows: Sequence[Message], moment: float) -> Printable | None:
    """What is to be told of a time that no row is of, since it lies before the first or after the last one.

    Args:
        rows: All that is shown, ordered by place.
        moment: Unix seconds.
    """
    if not rows:
        return Printable("There is no message here to go to.")
    if moment < rows[0].sent_at:
        return printable(f"Nothing older is shown here: the oldest message is of {_date_and_time(rows[0])}.")
    if moment > rows[-1].sent_at:
        return printable(f"Nothing newer is shown here: the newest message is of {_date_and_time(rows[-1])}.")
    return None


def _date_and_time(message: Message) -> str:
    return f"{datetime.fromtimestamp(message.sent_at):%Y-%m-%d %H:%M:%S}"
