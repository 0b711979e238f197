"""The lines of a feed as they stand on the screen, and which of them look different after a change."""

from textual.strip import Strip

from quell.moderation.timeline import Place, place
from quell.widgets.feed.painter import Painter
from quell.widgets.feed.row import Columns, Matches, Row, columns
from quell.widgets.feed.source import FeedSource
from quell.widgets.feed.viewport import Viewport
from quell_providers.model import Message


class Picture:
    """Draws what a viewport shows.

    Args:
        source: What rows show besides their messages.
        painter: Draws each row.
    """

    def __init__(self, source: FeedSource, painter: Painter) -> None:
        self._source = source
        self._painter = painter
        self.columns: Columns = columns(80)
        self.with_rooms = False
        """Whether every row names its room."""
        self._matches: Matches | None = None
        self._lines: list[Strip] | None = None
        """As they are on the screen; `None` when they have to be drawn anew."""
        self._measured: dict[Place, list[Strip]] = {}
        """Rows that were drawn to learn their heights, for the lines that are drawn at once after that."""

    def fit(self, width: int) -> bool:
        """Be this many cells wide. Returns whether that changed anything; all heights are others then."""
        before, self.columns = self.columns, columns(width, with_rooms=self.with_rooms)
        return self.columns != before

    def highlight(self, matches: Matches | None) -> None:
        """Mark in all texts what matches the query from now on."""
        self._matches = matches
        self.clear()

    def clear(self) -> None:
        """Nothing drawn before is right any more."""
        self._painter.clear()
        self.forget()

    def forget(self) -> None:
        """The lines have to be drawn anew."""
        self._lines = None

    def height_of(self, message: Message) -> int:
        """Lines that a message takes."""
        strips = self._measured[place(message)] = self._strips(message, on_cursor=False)
        return len(strips)

    def lines(self, viewport: Viewport, width: int, height: int) -> list[Strip]:
        """All lines of a screen of this size."""
        if self._lines is None or len(self._lines) != height:
            self._lines = self._drawn(viewport, width, height)
        return self._lines

    def changes(self, viewport: Viewport, width: int, height: int) -> range | None:
        """Draw the lines anew, and tell which are other than before; `None` when all may be."""
        before, now = self._lines, self._drawn(viewport, width, height)
        self._lines = now
        if before is None or len(before) != height:
            return None
        stale = [y for y, strip in enumerate(now) if strip is not before[y]]
        return range(stale[0], stale[-1] + 1) if stale else range(0)

    def _drawn(self, viewport: Viewport, width: int, height: int) -> list[Strip]:
        blank = self._painter.blank(width)
        lines: list[Strip] = []
        drawn, strips = -1, [blank]
        for found in viewport.visible(0, height):
            if found is None:
                lines.append(blank)
                continue
            row, line = found
            if row != drawn:
                drawn, message = row, viewport.rows[row]
                at = place(message)
                on_cursor = at == viewport.cursor
                measured = None if on_cursor else self._measured.get(at)
                strips = measured or self._strips(message, on_cursor=on_cursor)
            # A row that changed and was not measured again yet may be drawn shorter than it was.
            lines.append(strips[line] if line < len(strips) else blank)
        self._measured.clear()
        return lines

    def _strips(self, message: Message, *, on_cursor: bool) -> list[Strip]:
        source = self._source
        deletion, marked, above, imitates = source.beside(message)
        room = source.room_of(message) if self.with_rooms else None
        row = Row(message, deletion, marked, above, room, self._matches, imitates)
        return self._painter.strips(row, self.columns, on_cursor=on_cursor, now=source.now())
