"""Marking many messages a step at a time, so that no key waits for a million of them. No widget."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from quell.moderation.matching import matching_form
from quell.moderation.selection import Marks, Selection
from quell.moderation.timeline import Place
from quell.session.scope import Scope
from quell.session.state import RoomKey
from quell.widgets.feed.rows import Rows
from quell_providers.model import Message

CHUNK = 512
"""Messages that are marked in one step."""

Found = Iterable[Collection[Message]]
"""Messages, some at a time."""


@dataclass
class Range:
    """Rows from where it began to where the cursor is."""

    start: Place
    before: Marks
    """What was marked before."""
    end: Place | None = None
    """What it reaches to by now; `None` before it is stretched at all."""


class Marker:
    """Marks messages of the rooms that are looked at. What is deleted already can not be marked, only unmarked.

    Args:
        selection: Where the marks are kept, over all rooms.
    """

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self._range: Range | None = None
        self._before: Marks = {}
        """What was marked before the last range."""

    def toggle(self, scope: Scope, message: Message) -> bool:
        """Mark this, or unmark it. Returns whether it can be: what was deleted can only be unmarked."""
        changed = self._changeable(scope, [message])
        self._swap(scope, changed)
        return bool(changed)

    def adding(self, scope: Scope, found: Found) -> Iterator[None]:
        """Mark all of these."""
        for some in found:
            self._add(scope, some)
            yield

    def inverting(self, scope: Scope, found: Found) -> Iterator[None]:
        """Mark those that are not marked, and unmark the others."""
        for some in found:
            self._swap(scope, self._changeable(scope, some))
            yield

    def toggling(self, scope: Scope, found: Found, nothing: Callable[[], object]) -> Iterator[None]:
        """Mark all of these, or unmark them when all are marked.

        Args:
            scope: Where they are.
            found: The messages.
            nothing: Called when none of them can be marked.
        """
        marked: list[Message] = []
        left = iter(found)
        for some in left:
            if not self._all_marked(scope, some):
                self._add(scope, some)
                yield from self.adding(scope, left)
                return
            marked += self._changeable(scope, some)
            yield
        if not marked:
            nothing()
        for start in range(0, len(marked), CHUNK):
            self._discard(scope, marked[start : start + CHUNK])
            yield

    # Ranges

    @property
    def ranging(self) -> bool:
        """Whether a range has begun and not ended; it follows the cursor."""
        return self._range is not None

    def clear(self) -> Marks:
        """Unmark everything. Returns the marks that can not be brought back any more."""
        self._range = None
        return self.selection.clear()

    def begin_range(self, start: Place) -> None:
        """Begin a range at this message; what is selected already stays so."""
        self._before = self.selection.copy()
        self._range = Range(start, self._before)

    def stretching(self, scope: Scope, rows: Rows, cursor: Place) -> Iterator[None]:
        """Mark the rows from the start of the range to the cursor, and no others but those selected before.

        The range is the one that there is now, though it may end before this is done. Its start may have no row any
        more, since a filter hides it or it was let go of.
        """
        return iter(()) if self._range is None else self._stretching(self._range, scope, rows, cursor)

    def _stretching(self, stretched: Range, scope: Scope, rows: Rows, cursor: Place) -> Iterator[None]:
        before, after = _between(rows, stretched.start, stretched.end), _between(rows, stretched.start, cursor)
        stretched.end = cursor
        for part in _without(before, after):
            for some in _chunks(rows, part):
                for room, ids in _ids_by_room(scope, some):
                    kept = stretched.before.get(room, ())
                    self.selection.discard(room, [each for each in ids if each not in kept])
                yield
        for part in _without(after, before):
            yield from self.adding(scope, _chunks(rows, part))

    def end_range(self) -> None:
        """Let the range be; the cursor moves on without it."""
        self._range = None

    def drop_range(self) -> None:
        """Unmark the range; what was selected before it stays so."""
        self._range = None
        self.selection.replace(self._before)

    def _add(self, scope: Scope, messages: Iterable[Message]) -> None:
        for room, ids in _ids_by_room(scope, [message for message in messages if not message.deleted]):
            self.selection.add(room, ids)

    def _discard(self, scope: Scope, messages: Iterable[Message]) -> None:
        for room, ids in _ids_by_room(scope, messages):
            self.selection.discard(room, ids)

    def _swap(self, scope: Scope, messages: Iterable[Message]) -> None:
        for room, ids in _ids_by_room(scope, messages):
            self.selection.toggle(room, ids)

    def _changeable(self, scope: Scope, messages: Iterable[Message]) -> list[Message]:
        """Those of these that can be marked, or were deleted only after they were marked."""
        return [message for message in messages if not message.deleted or scope.key_of(message) in self.selection]

    def _all_marked(self, scope: Scope, messages: Iterable[Message]) -> bool:
        found = _ids_by_room(scope, self._changeable(scope, messages))
        return all(len(self.selection.ids_in(room).among(ids)) == len(ids) for room, ids in found)


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


def _ids_by_room(scope: Scope, messages: Iterable[Message]) -> Iterable[tuple[RoomKey, list[str]]]:
    """Ids of messages, by the rooms that they are in."""
    if not scope.merged:
        return [(scope.rooms[0].key, [message.id for message in messages])]
    found: dict[RoomKey, list[str]] = {}
    for message in messages:
        found.setdefault(scope.room_of(message).key, []).append(message.id)
    return found.items()


def _between(rows: Rows, start: Place, end: Place | None) -> range:
    """Rows from one place to the other, either way, whether or not these have rows themselves."""
    return range(0) if end is None else rows.between(*sorted((start, end)))


def _without(some: range, others: range) -> list[range]:
    """What is in some of these rows and not in the others, which have a row in common where both have any."""
    if not others:
        return [some]
    return [range(some.start, min(some.stop, others.start)), range(max(some.start, others.stop), some.stop)]


def _chunks(rows: Rows, part: range) -> Iterator[list[Message]]:
    for start in range(part.start, part.stop, CHUNK):
        yield rows[start : min(start + CHUNK, part.stop)]
