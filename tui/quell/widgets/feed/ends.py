"""What lies beyond the first and the last row. Pure."""

from collections.abc import Sequence
from datetime import datetime

from quell.display import Printable, printable
from quell_providers.model import Message


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
