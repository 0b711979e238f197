"""Rows as strips that a terminal shows, drawn once for as long as nothing about them changes."""

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from quell.moderation.deletion import State
from quell.widgets.feed.row import AUTHOR_STYLES, Columns, Row, lines

STYLES = (
    "text",
    "deleted",
    "system",
    "time",
    "room",
    "mark",
    "match",
    "stand-in",
    "explanation",
    "divider",
    "cursor",
    "marked",
    *(f"author-{number}" for number in range(AUTHOR_STYLES)),
    *(f"state-{state}" for state in State),
)
CACHED_ROWS = 500
"""Some screenfuls: a drawn row takes ten times the memory of its message."""


class Painter:
    """Draws rows.

    Args:
        component_style: The style of a part of the feed by its name, one of `STYLES`.
    """

    def __init__(self, component_style: Callable[[str], Style]) -> None:
        self._component_style = component_style
        self._styles: dict[tuple[str, bool, bool], Style] = {}
        self._cache: LRUCache[tuple[object, ...], list[Strip]] = LRUCache(CACHED_ROWS)
        self._blank: Strip | None = None

    def clear(self) -> None:
        """Nothing drawn before is right any more: colours, filter or dividers changed."""
        self._blank = None
        self._styles.clear()
        self._cache.clear()

    def blank(self, width: int) -> Strip:
        """An empty line."""
        if self._blank is None or self._blank.cell_length != width:
            self._blank = Strip.blank(width, self._style("text", marked=False, on_cursor=False))
        return self._blank

    def strips(self, row: Row, layout: Columns, *, on_cursor: bool, now: float) -> list[Strip]:
        """The lines of a row.

        Args:
            row: What to draw.
            layout: The columns.
            on_cursor: Whether the cursor rests on it.
            now: Unix seconds; only a deletion that is held shows how they pass.
        """
        message, deletion = row.message, row.deletion
        drawn = None if deletion is None else (deletion.id, deletion.state, deletion.at)
        held = int(now) if deletion is not None and deletion.state is State.HELD else 0
        key = (
            message.id,
            message.edited_at,
            message.deleted,
            drawn,
            held,
            row.marked,
            row.above,
            row.imitates,
            on_cursor,
            layout,
        )
        strips = self._cache.get(key)
        if strips is None:
            strips = self._cache[key] = [
                Strip(
                    [
                        Segment(piece.text, self._style(piece.style, marked=row.marked, on_cursor=on_cursor))
                        for piece in line
                    ],
                    layout.width,
                )
                for line in lines(row, layout, now=now)
            ]
        return strips

    def _style(self, name: str, *, marked: bool, on_cursor: bool) -> Style:
        key = (name, marked, on_cursor)
        style = self._styles.get(key)
        if style is None:
            style = self._component_style(name)
            if on_cursor or marked:
                below = self._component_style("cursor" if on_cursor else "marked")
                style = style + Style(bgcolor=below.bgcolor)
            self._styles[key] = style
        return style
