"""Which messages belong together when a moderator marks several at once. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from quell.moderation.deletion import MessageKey
from quell.widgets.feed.index import RowIndex
from quell_providers.model import Message


class RangeMark(NamedTuple):
    """A range that is being marked: where it began, and what was selected before."""

    start: str
    before: tuple[MessageKey, ...]

    def messages(self, rows: RowIndex, cursor: str) -> list[Message]:
        """The rows from the start to the cursor, those already deleted left out."""
        start, end = rows.position(self.start), rows.position(cursor)
        if start is None or end is None:
            return []
        first, last = sorted((start, end))
        return [rows[position] for position in range(first, last + 1) if not rows[position].deleted]


def same_author(messages: Iterable[Message], like: Message) -> list[Message]:
    """The messages written by the same author."""
    return [message for message in messages if message.author.id == like.author.id]


def same_text(messages: Iterable[Message], like: Message) -> list[Message]:
    """The messages with the same text, whatever its case and spacing."""
    wanted = _folded(like.text)
    return [message for message in messages if _folded(message.text) == wanted]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
