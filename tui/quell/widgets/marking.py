"""Marking several messages at once. No widget."""

from collections.abc import Iterable

from quell.moderation.deletion import MessageKey
from quell.moderation.selection import Selection
from quell.session.state import RoomState
from quell.widgets.feed.index import RowIndex
from quell_providers.model import Message


class Marker:
    """Marks messages of the room that is looked at. What is deleted already can not be marked.

    Args:
        selection: Where the marks are kept, over all rooms.
    """

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self._start: str | None = None
        self._before: tuple[MessageKey, ...] = ()

    @property
    def ranging(self) -> bool:
        """Whether a range has begun and not ended; it follows the cursor."""
        return self._start is not None

    def toggle(self, room: RoomState, messages: Iterable[Message]) -> bool:
        """Mark all of these, or unmark them when all are marked. Returns whether there was anything to mark."""
        keys = _keys(room, messages)
        if all(key in self.selection for key in keys):
            self.selection.discard(keys)
        else:
            self.selection.add(keys)
        return bool(keys)

    def add(self, room: RoomState, messages: Iterable[Message]) -> None:
        """Mark all of these."""
        self.selection.add(_keys(room, messages))

    def invert(self, room: RoomState, messages: Iterable[Message]) -> None:
        """Mark those that are not marked, and unmark the others."""
        self.selection.invert(_keys(room, messages))

    def clear(self) -> None:
        """Unmark everything."""
        self._start = None
        self.selection.clear()

    def begin_range(self, start: str) -> None:
        """Begin a range at this message; what is selected already stays so."""
        self._start, self._before = start, tuple(self.selection)

    def stretch_range(self, room: RoomState, rows: RowIndex, cursor: str) -> None:
        """Mark the rows from the start of the range to the cursor, and no others but those selected before."""
        start, end = rows.position(self._start), rows.position(cursor)
        if start is not None and end is not None:
            first, last = sorted((start, end))
            between = _keys(room, (rows[position] for position in range(first, last + 1)))
            self.selection.replace([*self._before, *between])

    def end_range(self) -> None:
        """Let the range be; the cursor moves on without it."""
        self._start = None

    def drop_range(self) -> None:
        """Unmark the range; what was selected before it stays so."""
        self._start = None
        self.selection.replace(self._before)


def same_author(messages: Iterable[Message], like: Message) -> list[Message]:
    """The messages written by the same author."""
    return [message for message in messages if message.author.id == like.author.id]


def same_text(messages: Iterable[Message], like: Message) -> list[Message]:
    """The messages with the same text, whatever its case and spacing."""
    wanted = _folded(like.text)
    return [message for message in messages if _folded(message.text) == wanted]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _keys(room: RoomState, messages: Iterable[Message]) -> list[MessageKey]:
    return [room.message_key(message.id) for message in messages if not message.deleted]
