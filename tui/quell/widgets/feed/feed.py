"""The feed: a timeline under the fingers, drawn line by line."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, Protocol

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message as TextualMessage
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from quell.moderation.deletion import Deletion, State
from quell.widgets.feed.index import RowIndex
from quell.widgets.feed.row import AUTHOR_STYLES, Columns, Row, columns, height, lines
from quell_providers.model import Message

STYLES = (
    "text",
    "deleted",
    "system",
    "time",
    "mark",
    "explanation",
    "divider",
    "cursor",
    "marked",
    *(f"author-{number}" for number in range(AUTHOR_STYLES)),
    *(f"state-{state}" for state in State),
)
CACHED_ROWS = 2000


class FeedSource(Protocol):
    """Where the feed learns what a message's row shows besides the message."""

    def deletion_of(self, message_id: str) -> Deletion | None:
        """The newest deletion of a message."""
        ...

    def is_marked(self, message_id: str) -> bool:
        """Whether the message belongs to the selection."""
        ...

    def above(self, message_id: str) -> str:
        """What stands on a line of its own above a message; empty for most."""
        ...

    def now(self) -> float:
        """Unix seconds."""
        ...


class Feed(ScrollView, can_focus=True):
    """Messages of a room, one row each, with a cursor.

    The list never moves under the hand: unless the cursor rests on the newest row and nothing holds the feed, arrivals
    are added out of sight and the cursor's message keeps its place on the screen.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"feed--{name}" for name in STYLES}
    ALLOW_SELECT = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False, id="feed.down", tooltip="Next message"),
        Binding("k,up", "move(-1)", "Up", show=False, id="feed.up", tooltip="Previous message"),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False, id="feed.page-down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="feed.page-up"),
        Binding("g,home", "first", "Oldest", show=False, id="feed.first", tooltip="Oldest message loaded"),
        Binding("G,end", "last", "Newest", show=False, id="feed.last", tooltip="Newest message, and follow again"),
    ]

    held: var[bool] = var(False)
    """Something, such as a selection, keeps the feed from following."""

    @dataclass
    class CursorMoved(TextualMessage):
        """The cursor rests on another message."""

        message_id: str

    @dataclass
    class RowClicked(TextualMessage):
        """A row was clicked."""

        message_id: str
        in_gutter: bool

    class TopReached(TextualMessage):
        """The cursor stands on the oldest message loaded."""

    def __init__(self, source: FeedSource, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._source = source
        self._columns: Columns = columns(80)
        self._index = RowIndex(self._height_of)
        self._cursor_id: str | None = None
        self._newest_seen: str | None = None
        self._following = True
        self._styles_drawn: dict[str, Style] = {}
        self._cache: LRUCache[tuple[object, ...], list[Strip]] = LRUCache(CACHED_ROWS)

    # What is shown

    @property
    def rows(self) -> RowIndex:
        """The messages shown, in order."""
        return self._index

    @property
    def cursor_message(self) -> Message | None:
        """The message under the cursor."""
        position = self._index.position(self._cursor_id)
        return None if position is None else self._index[position]

    @property
    def following(self) -> bool:
        """Whether the newest message is kept in view."""
        return self._following and not self.held

    @property
    def unseen(self) -> int:
        """Rows that arrived below since the feed stopped following."""
        seen = self._index.position(self._newest_seen)
        return 0 if self.following or seen is None else len(self._index) - 1 - seen

    def show(self, messages: Sequence[Message]) -> None:
        """Show these messages instead, keeping the cursor's message where it is when it is among them."""
        with self._keeping_place():
            self._index.reset(messages)

    def update(self, *, dropped: int, changed: Iterable[Message], added: Sequence[Message]) -> None:
        """Let go of the oldest rows, show the new form of some messages, and add messages below."""
        with self._keeping_place():
            self._index.drop(dropped)
            self._index.replace(changed)
            self._index.extend(added)

    def restart(self) -> None:
        """Forget the cursor and follow: another room is about to be shown."""
        self._cursor_id = None
        self._following = True

    def remeasure(self, message_ids: Iterable[str]) -> None:
        """Draw these messages anew after their deletions changed; their heights may have changed too."""
        with self._keeping_place():
            self._index.measure(message_ids)

    # Moving

    def move_to(self, message_id: str) -> None:
        """Put the cursor on a message, if it is shown."""
        position = self._index.position(message_id)
        if position is not None:
            self._move(position)

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self._move((self._index.position(self._cursor_id) or 0) + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by screenfuls."""
        position = self._index.position(self._cursor_id)
        if position is not None:
            line = self._index.top(position) + by * max(self.size.height - 1, 1)
            found = self._index.at(max(0, min(line, self._index.height - 1)))
            self._move(found[0] if found else position)

    def action_first(self) -> None:
        """Go to the oldest message."""
        self._move(0)

    def action_last(self) -> None:
        """Go to the newest message and follow again."""
        self._move(len(self._index) - 1)

    def _move(self, position: int) -> None:
        if not len(self._index):
            return
        if position < 0:
            self.post_message(self.TopReached())
        position = max(0, min(position, len(self._index) - 1))
        self._cursor_id = self._index[position].id
        self._following = position == len(self._index) - 1
        if self.following:
            self._newest_seen = self._cursor_id
        self._bring_into_view(position)
        self.refresh()
        self.post_message(self.CursorMoved(self._cursor_id))
        if position == 0:
            self.post_message(self.TopReached())

    def watch_held(self) -> None:
        """Once nothing holds the feed, it goes on where it would have been."""
        if not self.held and self._following:
            with self._keeping_place():
                pass

    @contextmanager
    def _keeping_place(self) -> Iterator[None]:
        """Change rows inside; afterwards the cursor's message stands where it stood, or the newest one is in view."""
        before = self._index.position(self._cursor_id)
        offset = 0 if before is None else self._index.top(before) - self.scroll_offset.y
        yield
        self._resize_content()
        if not len(self._index):
            self._cursor_id = None
        elif self.following:
            self._newest_seen = self._cursor_id = self._index[len(self._index) - 1].id
            self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True)
        else:
            after = self._index.position(self._cursor_id)
            if after is None:
                after = min(before or 0, len(self._index) - 1)
                self._cursor_id = self._index[after].id
            self.scroll_to(y=self._index.top(after) - offset, animate=False, immediate=True)
        if self._cursor_id is not None:
            self.post_message(self.CursorMoved(self._cursor_id))
        self.refresh()

    def _resize_content(self) -> None:
        """Tell the scroll bar how much there is. Content that grows moves no other widget, so nothing is laid out."""
        size = Size(self.scrollable_content_region.width, self._index.height)
        if size != self.virtual_size:
            self.set_reactive(Feed.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.vertical_scrollbar.window_size = self.container_size.height

    def _bring_into_view(self, position: int) -> None:
        top, bottom = self._index.top(position), self._index.bottom(position)
        first, shown = self.scroll_offset.y, self.size.height
        if top < first:
            self.scroll_to(y=top, animate=False, immediate=True)
        elif bottom > first + shown:
            self.scroll_to(y=bottom - shown, animate=False, immediate=True)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        found = self._index.at(self.scroll_offset.y + y)
        if found is None:
            return Strip.blank(width, self._style("text"))
        position, line = found
        strips = self._strips(self._index[position])
        return strips[line].crop_extend(0, width, self._style("text"))

    def _strips(self, message: Message) -> list[Strip]:
        row = self._row(message)
        on_cursor = message.id == self._cursor_id
        now = self._source.now()
        deletion = row.deletion
        held = int(now) if deletion is not None and deletion.state is State.HELD else 0
        drawn = None if deletion is None else (deletion.id, deletion.state, deletion.at)
        changing = (message.edited_at, message.deleted, drawn, held, row.marked, row.above, on_cursor)
        key = (message.id, self._columns, *changing)
        strips = self._cache.get(key)
        if strips is None:
            strips = [
                Strip([Segment(piece.text, self._row_style(piece.style, row.marked, on_cursor)) for piece in line])
                for line in lines(row, self._columns, now=now)
            ]
            self._cache[key] = strips
        return strips

    def _row_style(self, name: str, marked: bool, on_cursor: bool) -> Style:
        style = self._style(name)
        if on_cursor:
            return style + Style(bgcolor=self._style("cursor").bgcolor)
        if marked:
            return style + Style(bgcolor=self._style("marked").bgcolor)
        return style

    def _style(self, name: str) -> Style:
        style = self._styles_drawn.get(name)
        if style is None:
            style = self._styles_drawn[name] = self.get_component_rich_style(f"feed--{name}")
        return style

    def _row(self, message: Message) -> Row:
        source = self._source
        return Row(message, source.deletion_of(message.id), source.is_marked(message.id), source.above(message.id))

    def _height_of(self, message: Message) -> int:
        return height(self._row(message), self._columns)

    def notify_style_update(self) -> None:
        """Colours changed: nothing drawn before is right any more."""
        super().notify_style_update()
        self._styles_drawn.clear()
        self._cache.clear()

    # The world outside

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew at the new width."""
        fitted = columns(self.scrollable_content_region.width)
        if fitted != self._columns:
            with self._keeping_place():
                self._columns = fitted
                self._index.measure_all()
        elif self.following:
            self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True)

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; one in the gutter is also told to whoever keeps the marks."""
        found = self._index.at(self.scroll_offset.y + event.y)
        if found is None:
            return
        message = self._index[found[0]]
        self._move(found[0])
        in_gutter = event.x < self._columns.mark + self._columns.state
        self.post_message(self.RowClicked(message.id, in_gutter))
