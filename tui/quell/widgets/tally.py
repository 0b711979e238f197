"""Counting what is marked for the line below the feed, without holding up the keys that mark it."""

from collections.abc import Callable, Generator, Iterator

from textual.dom import DOMNode

from quell.collector import spare_if_many
from quell.moderation.selection import Selection
from quell.moderation.timeline import place
from quell.pauses import taking
from quell.session.scope import Scope
from quell.widgets.feed.rows import Rows
from quell.widgets.slices import Disposal, Slices

AT_ONCE = 0.004
"""Seconds of counting before the screen is drawn; more than enough for a few hundred marks."""

CHUNK = 128
"""Marks looked up in one step."""

LOOK_UP = 16
"""To look up the row of a mark takes about as long as to look at so many rows whether they are marked."""


class Tally:
    """How many messages are marked, and where. Authors and hidden ones follow when they are counted.

    Args:
        node: Lends its timers.
        counted: Called when everything is counted.
    """

    def __init__(self, node: DOMNode, counted: Callable[[], object]) -> None:
        self.marked: int = 0
        self.elsewhere: int = 0
        """Marked in rooms that are not looked at."""
        self.authors: int = 0
        """Of the marked messages in sight; 0 until they are counted."""
        self.hidden: int = 0
        """Marked messages of the rooms looked at that have no row."""
        self.deleted: int = 0
        """Of the marked messages of the rooms looked at, those that were deleted since, whether or not by this one."""
        self.let_go: int = 0
        """Of the marks that were brought back, those whose messages were let go of meanwhile."""
        self._slices = Slices(node, counted)
        self._dispose = Disposal(node)

    def count_rooms(self, selection: Selection, scope: Scope) -> None:
        """Count anew how many are marked in which rooms, and leave open who wrote them and which are hidden."""
        self._slices.drop()
        here = sum(count for room, count in selection.counts.items() if any(room == each.key for each in scope.rooms))
        self.marked = len(selection)
        self.elsewhere = self.marked - here
        self.authors = self.hidden = self.deleted = self.let_go = 0

    def count(self, selection: Selection, scope: Scope, rows: Rows) -> None:
        """Count all anew."""
        self.count_rooms(selection, scope)
        few = self.marked - self.elsewhere < len(rows) / LOOK_UP
        counting = self._looking_up(selection, scope, rows) if few else self._looking_through(selection, scope, rows)
        self._slices.start(counting, at_once=AT_ONCE)

    def _looking_up(self, selection: Selection, scope: Scope, rows: Rows) -> Iterator[None]:
        """Look whether each marked message has a row."""
        authors: set[str] = set()
        hidden = deleted = let_go = 0
        for room in scope.rooms:
            marked = list(selection.ids_in(room.key))
            spare_if_many(marked)
            for start in range(0, len(marked), CHUNK):
                for message_id in marked[start : start + CHUNK]:
                    message = room.timeline.get(message_id)
                    if message is None:
                        let_go += 1
                        continue
                    deleted += message.deleted
                    if rows.position(place(message)) is not None:
                        authors.add(message.author.id)
                    else:
                        hidden += 1
                yield
            self._dispose(marked)
        self.authors, self.hidden, self.deleted, self.let_go = len(authors), hidden, deleted, let_go

    def _looking_through(self, selection: Selection, scope: Scope, rows: Rows) -> Iterator[None]:
        """Look whether each row is marked."""
        authors: set[str] = set()
        in_sight = deleted = 0
        marked = [(room.room.id, selection.ids_in(room.key)) for room in scope.rooms]
        shown = rows[:]
        spare_if_many(shown)
        for some in taking(shown):
            found = set().union(
                *(ids.among([each.id for each in some if each.room_id == room]) for room, ids in marked)
            )
            authors |= {each.author.id for each in some if each.id in found}
            deleted += sum(each.deleted for each in some if each.id in found)
            in_sight += len(found)
            yield
        hidden, let_go = self.marked - self.elsewhere - in_sight, 0
        if hidden:
            deleted, let_go = yield from self._looking_for(selection, scope)
        self.authors, self.hidden, self.deleted, self.let_go = len(authors), hidden - let_go, deleted, let_go

    def _looking_for(self, selection: Selection, scope: Scope) -> Generator[None, None, tuple[int, int]]:
        """Look for the message of each mark. Returns how many of them are deleted, and how many were let go of."""
        deleted = let_go = 0
        for room in scope.rooms:
            marked = list(selection.ids_in(room.key))
            spare_if_many(marked)
            for some in taking(marked):
                for message_id in some:
                    message = room.timeline.get(message_id)
                    let_go += message is None
                    deleted += message is not None and message.deleted
                yield
        return deleted, let_go
