"""Marking several messages at once. No widget."""

from collections.abc import Iterable

from quell.moderation.deletion import MessageKey
from quell.moderation.matching import matching_form
from quell.moderation.selection import Selection
from quell.moderation.timeline import Place
from quell.session.scope import Scope
from quell.widgets.feed.rows import Rows
from quell_providers.model import Message


class Marker:
    """Marks messages of the rooms that are looked at. What is deleted already can not be marked.

    Args:
        selection: Where the marks are kept, over all rooms.
    """

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self._start: Place | None = None
        self._before: tuple[MessageKey, ...] = ()

    @property
    def ranging(self) -> bool:
        """Whether a range has begun and not ended; it follows the cursor."""
        return self._start is not None

    def toggle(self, scope: Scope, messages: Iterable[Message]) -> bool:
        """Mark all of these, or unmark them when all are marked. Returns whether there was anything to mark or unmark.

        What was deleted only after it was marked can be unmarked.
        """
        keyed = [(scope.key_of(message), message.deleted) for message in messages]
        keys = [key for key, deleted in keyed if not deleted or key in self.selection]
        if all(key in self.selection for key in keys):
            self.selection.discard(keys)
        else:
            self.selection.add(keys)
        return bool(keys)

    def add(self, scope: Scope, messages: Iterable[Message]) -> None:
        """Mark all of these."""
        if scope.merged:
            self.selection.add(scope.key_of(message) for message in messages if not message.deleted)
        else:
            self.selection.add_in(scope.rooms[0].key, [message.id for message in messages if not message.deleted])

    def invert(self, scope: Scope, messages: Iterable[Message]) -> None:
        """Mark those that are not marked, and unmark the others."""
        keyed = [(scope.key_of(message), message.deleted) for message in messages]
        self.selection.invert(key for key, deleted in keyed if not deleted or key in self.selection)

    def clear(self) -> None:
        """Unmark everything."""
        self._start = None
        self.selection.clear()

    def begin_range(self, start: Place) -> None:
        """Begin a range at this message; what is selected already stays so."""
        self._start, self._before = start, tuple(self.selection)

    def stretch_range(self, scope: Scope, rows: Rows, cursor: Place) -> None:
        """Mark the rows from the start of the range to the cursor, and no others but those selected before.

        The start may have no row any more, since a filter hides it or it was let go of.
        """
        if self._start is not None:
            self.selection.replace(self._before)
            self.add(scope, rows.between(*sorted((self._start, cursor))))

    def end_range(self) -> None:
        """Let the range be; the cursor moves on without it."""
        self._start = None

    def drop_range(self) -> None:
        """Unmark the range; what was selected before it stays so."""
        self._start = None
        self.selection.replace(self._before)


class SameText:
    """Whether a message reads as a text does, however it is spelled: case, spaces, invisible and look-alike characters.

    Args:
        text: Raw.
    """

    def __init__(self, text: str) -> None:
        self._raw = text
        self._form = matching_form(text)

    def __call__(self, message: Message) -> bool:
        """Whether the message has the text."""
        return message.text == self._raw or matching_form(message.text) == self._form
