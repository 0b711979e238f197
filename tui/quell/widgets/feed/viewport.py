"""Which lines of a feed are on the screen, and where the cursor rests. Pure: rows and lines, no widget.

The list never moves under the hand. Unless the cursor rests on the newest row and nothing holds the feed, whatever
changes leaves the cursor's message on its line of the screen, if need be with empty lines above or below it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from quell.moderation.timeline import Place, place
from quell.widgets.feed.rows import Rows
from quell_providers.model import Message


class Viewport:
    """A window of so many lines onto rows.

    Args:
        rows: What is looked at. Changed only inside `keeping_place`.
    """

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.height = 1
        """Lines that the window has."""
        self.top = 0
        """Line of the rows that stands in the first line of the window; negative with empty lines above the rows."""
        self.cursor: Place | None = None
        """The place of the message under the cursor; it is kept while there are no rows."""
        self.held = False
        """Something, such as a selection, keeps the window from following."""
        self._tail = True
        self._offset = 0
        """Line of the window on which the cursor's row began when it was last known."""
        self._newest_seen: Place | None = None
        self._left: Place | None = None
        """Where the hand left the cursor, though a filter may hide that message and the cursor rest on another."""

    @property
    def following(self) -> bool:
        """Whether the newest row is kept in view, with the cursor on it."""
        return self._tail and not self.held

    @property
    def cursor_row(self) -> int | None:
        """The row under the cursor."""
        return self.rows.position(self.cursor)

    @property
    def cursor_message(self) -> Message | None:
        """The message under the cursor."""
        row = self.cursor_row
        return None if row is None else self.rows[row]

    @property
    def unseen(self) -> int:
        """Rows that arrived below since the window stopped following, and were not moved into view."""
        if self.following or self._newest_seen is None or not len(self.rows):
            return 0
        newest = self.rows.nearest(self._newest_seen)
        return len(self.rows) - newest - (place(self.rows[newest]) <= self._newest_seen)

    def restart(self) -> None:
        """Forget the cursor and follow: other rows are about to be looked at."""
        self.cursor = self._newest_seen = self._left = None
        self._tail = True

    def return_to_message(self) -> None:
        """Rest on the message that the hand left the cursor on, if it is among the rows that are shown next."""
        self.cursor = self._left

    def stay(self) -> None:
        """Take it as the hand's doing that the cursor rests where it does."""
        self._left = self.cursor

    @contextmanager
    def keeping_place(self) -> Iterator[None]:
        """Change rows, or the window's height, inside; afterwards the newest row, or the cursor's, is where it was."""
        row = self.cursor_row
        if row is not None:
            self._offset = self.rows.top(row) - self.top
        yield
        if not len(self.rows):
            self.top = 0
        elif self.following or self.cursor is None:
            self._to_end()
        else:
            row = self.rows.nearest(self.cursor)
            self.cursor = place(self.rows[row])
            self._measure_around(row)
            # Of a row taller than the window, lines above the window may be out of sight.
            lowest = min(self.height - self.rows.height(row), 0)
            self.top = self.rows.top(row) - min(max(self._offset, lowest), self.height - 1)

    def move(self, row: int) -> None:
        """Put the cursor on a row, the nearest there is, and bring it into view."""
        if not len(self.rows):
            return
        row, top = max(0, min(row, len(self.rows) - 1)), self.top
        self._put_cursor(row)
        self._bring_into_view(row)
        self._see(moved=self.top != top)

    def page(self, by: int) -> None:
        """Move the cursor by screenfuls; first through a row that is taller than the window."""
        row = self.cursor_row
        if row is None:
            return
        self._measure_around(row)
        step, top = max(self.height - 1, 1), self.rows.top(row)
        furthest = top + self.rows.height(row) - self.height
        if by > 0 and top <= self.top < furthest:
            self.top = min(self.top + step, furthest)
        elif by < 0 and top < self.top <= furthest:
            self.top = max(self.top - step, top)
        else:
            found = self.rows.at(max(0, min(top + by * step, self.rows.lines - 1)))
            reached = found[0] if found else row
            self.move(reached if reached != row else row + by)
            row = self.cursor_row
            if by < 0 and row is not None and self.rows.height(row) > self.height:
                self.top = self.rows.top(row) + self.rows.height(row) - self.height

    def scroll(self, by: int) -> None:
        """Move the window by lines; the cursor comes along where it would leave it. Beyond the end it follows again."""
        row = self.cursor_row
        if row is None:
            return
        self._measure_around(row)
        lowest, highest = min(self.top, 0), max(self.top, self.rows.lines - self.height, 0)
        if by > 0 and self.top == highest:
            self.move(len(self.rows) - 1)
            return
        top = max(lowest, min(self.top + by, highest))
        if (found := self.rows.at(max(top, 0))) is not None:
            # Heights that are taken only now move what is below them, but not what the window begins with.
            first, line = found
            self._measure_around(first)
            top = self.rows.top(first) + line if top >= 0 else top
            last = self.rows.at(min(top + self.height, self.rows.lines) - 1)
            lowest_row = last[0] if last is not None else first
            self._put_cursor(max(min(first + (line > 0), lowest_row), min(row, lowest_row)))
        moved, self.top = self.top != top, top
        self._see(moved=moved)

    def visible(self, first: int, stop: int) -> Iterator[tuple[int, int] | None]:
        """Row and line within the row for these lines of the window; `None` for an empty one."""
        rows = self.rows
        blank = max(0, min(-(self.top + first), stop - first))
        yield from [None] * blank
        left = stop - first - blank
        found = rows.at(self.top + first + blank)
        if found is not None:
            row, line = found
            rows.measure(row, row + left)
            while left and row < len(rows):
                shown = min(rows.height(row) - line, left)
                yield from ((row, each) for each in range(line, line + shown))
                row, line, left = row + 1, 0, left - shown
        yield from [None] * left

    def _put_cursor(self, row: int) -> None:
        if self.following:
            self._newest_seen = place(self.rows[-1])
        self.cursor = self._left = place(self.rows[row])
        self._tail = row == len(self.rows) - 1
        if self.following:
            self._newest_seen = self.cursor

    def _see(self, *, moved: bool) -> None:
        """The cursor's message was seen, and what is in view now that the window was moved."""
        found = self.rows.at(min(self.top + self.height, self.rows.lines) - 1) if moved else None
        last = self.cursor if found is None else place(self.rows[found[0]])
        if last is not None and (self._newest_seen is None or last > self._newest_seen):
            self._newest_seen = last

    def _to_end(self) -> None:
        last = len(self.rows) - 1
        self._measure_around(last)
        self._newest_seen = self.cursor = self._left = place(self.rows[last])
        self.top = max(self.rows.lines - self.height, 0)

    def _bring_into_view(self, row: int) -> None:
        self._measure_around(row)
        top, height = self.rows.top(row), self.rows.height(row)
        if top >= self.top and top + height <= self.top + self.height:
            return
        wanted = top if top < self.top or height > self.height else top + height - self.height
        self.top = max(0, min(wanted, self.rows.lines - self.height))

    def _measure_around(self, row: int) -> None:
        """Know the heights of all rows that can be in view together with this one.

        What the window begins with stays there, though rows above it may turn out taller than they counted.
        """
        found = self.rows.at(max(self.top, 0))
        before = self.rows.top(found[0]) if found is not None else 0
        self.rows.measure(row - self.height, row + self.height + 1)
        if found is not None:
            self.top += self.rows.top(found[0]) - before
