"""Rows as strips that a terminal shows, drawn once for as long as nothing about them changes."""

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from quell.drawing.strips import LightStrip
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
CACHED_ROWS = 200
"""Some screenfuls: a drawn row takes ten times the memory of its message."""


class Painter:
    """Draws rows.

    Args:
        component_style: The style of a part of the feed by its name, one of `STYLES`.
    """

    def __init__(self, component_style: Callable[[str], Style]) -> None:
        self._component_style = component_style
        self._styles: dict[tuple[bool, bool], _Styles] = {}
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
            self._blank = Strip.blank(width, self._styles_of(marked=False, on_cursor=False)["text"])
        return self._blank

    def strips(self, row: Row, layout: Columns, *, on_cursor: bool, now: float) -> list[Strip]:
        """The lines of a row.

        Args:
            row: What to draw.
            layout: The columns.
            on_cursor: Whether the cursor rests on it.
            now: Unix seconds; only a deletion that is held shows how they pass.
        """
        deletion = row.deletion
        drawn = None if deletion is None else (deletion.id, deletion.state, deletion.at)
        held = int(now) if deletion is not None and deletion.state is State.HELD else 0
        key = (row.message, drawn, held, row.marked, row.above, row.room, row.imitates, on_cursor, layout)
        strips = self._cache.get(key)
        if strips is None:
            styles, width = self._styles_of(marked=row.marked, on_cursor=on_cursor), layout.width
            strips = self._cache[key] = [
                LightStrip([Segment(piece.text, styles[piece.style]) for piece in line], width)
                for line in lines(row, layout, now=now)
            ]
        return strips

    def _styles_of(self, *, marked: bool, on_cursor: bool) -> "_Styles":
        styles = self._styles.get((marked, on_cursor))
        if styles is None:
            below = "cursor" if on_cursor else "marked" if marked else None
            styles = self._styles[marked, on_cursor] = _Styles(self._component_style, below)
        return styles


class _Styles(dict[str, Style]):
    """Styles by their names, on the background of another one."""

    def __init__(self, component_style: Callable[[str], Style], below: str | None) -> None:
        super().__init__()
        self._component_style = component_style
        self._background = Style(bgcolor=component_style(below).bgcolor) if below else Style.null()

    def __missing__(self, name: str) -> Style:
        style = self[name] = self._component_style(name) + self._background
        return style
