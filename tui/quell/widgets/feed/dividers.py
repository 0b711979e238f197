"""Lines between messages: where a day begins, where messages may be missing, and what was unread. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from quell.display import clock_time
from quell.moderation.timeline import Place, place
from quell_providers.model import Gap, Message


def dividers(messages: Sequence[Message], gaps: Iterable[Gap], unread_from: Place | None = None) -> dict[Place, str]:
    """What stands on a line of its own above a message, by the message's place.

    Args:
        messages: Ordered by time.
        gaps: Times in which messages may be missing; one after the last message has no line.
        unread_from: The first message that was unread, or where it would stand.
    """
    lines: dict[Place, list[str]] = {}
    for midnight in _midnights(messages):
        first = messages[bisect_left(messages, midnight.timestamp(), key=_sent_at)]
        lines.setdefault(place(first), []).append(f"{midnight:%A, %d %B %Y}")
    for gap in gaps:
        position = bisect_left(messages, gap.until, key=_sent_at)
        if position < len(messages):
            between = f"{clock_time(gap.since)} to {clock_time(gap.until)}"
            lines.setdefault(place(messages[position]), []).append(f"⚠ messages may be missing: {between}")
    if unread_from is not None:
        position = bisect_left(messages, unread_from, key=place)
        if position < len(messages):
            lines.setdefault(place(messages[position]), []).append("new since you were here")
    return {above: "  ·  ".join(texts) for above, texts in lines.items()}


def _midnights(messages: Sequence[Message]) -> list[datetime]:
    """Every local midnight after which a message was sent and before which one was, too."""
    if not messages:
        return []
    first, last = (datetime.fromtimestamp(message.sent_at) for message in (messages[0], messages[-1]))
    days = (last.date() - first.date()).days
    starts = [datetime.combine(first.date() + timedelta(days=day), datetime.min.time()) for day in range(1, days + 1)]
    # A day without a message gets no line: only the last midnight before a message counts.
    reached = {bisect_left(messages, start.timestamp(), key=_sent_at): start for start in starts}
    return list(reached.values())


def _sent_at(message: Message) -> float:
    return message.sent_at
