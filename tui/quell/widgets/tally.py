"""Counting what is marked for the line below the feed, without holding up the keys that mark it."""

from collections.abc import Callable, Iterator

from textual.dom import DOMNode

from quell.collector import spare_if_many
from quell.moderation.selection import Selection
from quell.moderation.timeline import place
from quell.session.scope import Scope
from quell.widgets.feed.rows import Rows
from quell.widgets.slices import Disposal, Slices

AT_ONCE = 0.004
"""Seconds of counting before the screen is drawn; more than enough for a few hundred marks."""

CHUNK = 128
"""Marks counted in one step."""


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

    def count(self, selection: Selection, scope: Scope, rows: Rows) -> None:
        """Count anew."""
        here = {
            room: count for room, count in selection.counts.items() if any(room == each.key for each in scope.rooms)
        }
        self.marked = len(selection)
        self.elsewhere = self.marked - sum(here.values())
        self.authors = self.hidden = self.deleted = self.let_go = 0
        self._slices.start(self._counting(selection, scope, rows), at_once=AT_ONCE)

    def _counting(self, selection: Selection, scope: Scope, rows: Rows) -> Iterator[None]:
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
