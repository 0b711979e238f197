"""The feed: a timeline under the fingers, drawn line by line."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message as TextualMessage
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from quell.moderation.timeline import Place, place
from quell.widgets.feed.painter import STYLES, Painter
from quell.widgets.feed.row import Columns, Matches, Row, columns, height
from quell.widgets.feed.rows import Rows
from quell.widgets.feed.source import FeedSource
from quell.widgets.feed.viewport import Viewport
from quell_providers.model import Message

WHEEL = 3
"""Lines that one notch of the mouse wheel moves."""


class Feed(Widget, can_focus=True):
    """Messages, one row each, with a cursor. It draws itself, and keeps its place by itself (`Viewport`).

    Args:
        source: What rows show besides their messages.
        id: As for every widget.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"feed--{name}" for name in STYLES}
    ALLOW_SELECT = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False, id="feed.down", tooltip="Next message"),
        Binding("k,up", "move(-1)", "Up", show=False, id="feed.up", tooltip="Previous message"),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False, id="feed.page-down", tooltip="A page down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="feed.page-up", tooltip="A page up"),
        Binding("g,home", "first", "Oldest", show=False, id="feed.first", tooltip="Oldest message loaded"),
        Binding("G,end", "last", "Newest", show=False, id="feed.last", tooltip="Newest message, and follow again"),
    ]

    held: var[bool] = var(False)
    """Something, such as a selection, keeps the feed from following."""

    @dataclass
    class CursorMoved(TextualMessage):
        """The cursor rests on another message, or on a new form of it."""

        by_hand: bool
        """Whether a key or the mouse moved it; else it followed."""

    @dataclass
    class RowClicked(TextualMessage):
        """A row was clicked."""

        message: Message
        in_gutter: bool

    @dataclass
    class RowDragged(TextualMessage):
        """The mouse was dragged from one row onto another, which the cursor rests on."""

        start: Message

    class TopReached(TextualMessage):
        """The cursor was moved onto the oldest message loaded, or would have been moved beyond it."""

    class Scrolled(TextualMessage):
        """The window, or the number of lines below it, changed."""

    def __init__(self, source: FeedSource, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._source = source
        self._columns: Columns = columns(80)
        self._with_rooms = False
        self._rendered: dict[int, Strip] = {}
        """What was drawn last, by line of the screen."""
        self._matches: Matches | None = None
        self._painter = Painter(lambda name: self.get_component_rich_style(f"feed--{name}"))
        self.rows = Rows(self._height_of)
        """The messages shown, in order. To be changed inside `keeping_place`."""
        self.viewport = Viewport(self.rows)
        self._told: Message | None = None
        self._pressed: Message | None = None

    # What is shown

    @property
    def cursor_message(self) -> Message | None:
        """The message under the cursor."""
        return self.viewport.cursor_message

    @property
    def following(self) -> bool:
        """Whether the newest message is kept in view."""
        return self.viewport.following

    @property
    def unseen(self) -> int:
        """Rows that arrived below since the feed stopped following."""
        return self.viewport.unseen

    @contextmanager
    def keeping_place(self) -> Iterator[Rows]:
        """Change rows inside; afterwards the cursor's message stands where it stood, or the newest one is in view."""
        with self.viewport.keeping_place():
            yield self.rows
        self._changed()

    def show(self, messages: list[Message]) -> None:
        """Show these messages instead. They are ordered, and the list is taken over."""
        with self.keeping_place() as rows:
            rows.reset(messages)

    def restart(self, *, with_rooms: bool) -> None:
        """Forget the cursor and follow: other rooms are about to be shown.

        Args:
            with_rooms: Name the room of every message, since there are several.
        """
        self.viewport.restart()
        self._with_rooms = with_rooms
        self._fit()

    def highlight(self, matches: Matches | None) -> None:
        """Mark in all texts what matches the query from now on."""
        self._matches = matches
        self._painter.clear()
        self.refresh()

    def redraw(self, places: Iterable[Place]) -> None:
        """Draw messages anew after something beside them changed; their heights may have changed too."""
        with self.keeping_place() as rows:
            for each in places:
                row = rows.position(each)
                if row is not None:
                    rows.measure_again(row)

    # Moving

    def move_to(self, sought: Place) -> bool:
        """Put the cursor on the message at this place. Returns whether it is shown."""
        row = self.rows.position(sought)
        if row is not None:
            self._move(row)
        return row is not None

    def move_to_time(self, moment: float) -> None:
        """Put the cursor on the first message sent at this time (Unix seconds) or later; else on the newest."""
        if len(self.rows):
            self._move(self.rows.nearest((moment, "")))

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        row = (self.viewport.cursor_row or 0) + by
        if row < 0:
            self.post_message(self.TopReached())
        self._move(row)

    def action_page(self, by: int) -> None:
        """Move the cursor by screenfuls."""
        with self._moving():
            self.viewport.page(by)

    def action_first(self) -> None:
        """Go to the oldest message."""
        self._move(0)

    def action_last(self) -> None:
        """Go to the newest message and follow again."""
        self._move(len(self.rows) - 1)

    def scroll_to_part(self, part: float) -> None:
        """Move the window to this part of all lines, from 0 to 1."""
        view = self.viewport
        with self._moving():
            view.scroll(round(part * max(view.rows.lines - view.height, 0)) - view.top)

    def _move(self, row: int) -> None:
        with self._moving():
            self.viewport.move(row)

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """Move inside; only the two rows that differ are drawn anew, unless lines moved."""
        view = self.viewport
        before, top, lines = view.cursor_row, view.top, view.rows.lines
        yield
        after = view.cursor_row
        if (view.top, view.rows.lines) != (top, lines):  # rows that were measured on the way push others down
            self.refresh()
        else:
            self.refresh(*(self._region(row) for row in {before, after} if row is not None))
        self._tell(by_hand=True)
        if after == 0 and before != 0:
            self.post_message(self.TopReached())

    def watch_held(self) -> None:
        """Once nothing holds the feed, it goes on where it would have been."""
        if self.held == self.viewport.held:
            return
        if self.held:
            self.viewport.held = True
        else:
            with self.keeping_place():
                self.viewport.held = False

    def _changed(self) -> None:
        """Draw anew only the lines that look different now: much of what changes is out of sight."""
        now = list(self._drawn(0, self.size.height))
        stale = [y for y, strip in enumerate(now) if self._rendered.get(y) is not strip]
        if stale:
            self.refresh(Region(0, stale[0], self.size.width, stale[-1] - stale[0] + 1))
        self._tell(by_hand=False)

    def _tell(self, *, by_hand: bool) -> None:
        self.post_message(self.Scrolled())
        message = self.cursor_message
        if message is not self._told:
            self._told = message
            self.post_message(self.CursorMoved(by_hand))

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the screen in this region."""
        strips = list(self._drawn(crop.y, crop.bottom))
        self._rendered.update(enumerate(strips, crop.y))
        if (crop.x, crop.width) == (0, self.size.width):
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        return next(self._drawn(y, y + 1))

    def _drawn(self, first: int, stop: int) -> Iterator[Strip]:
        """Lines of the screen."""
        blank = self._painter.blank(self.size.width)
        drawn, strips = -1, [blank]
        for found in self.viewport.visible(first, stop):
            if found is None:
                yield blank
                continue
            row, line = found
            if row != drawn:
                drawn, strips = row, self._strips(self.rows[row])
            # A row that changed and was not measured again yet may be drawn shorter than it was.
            yield strips[line] if line < len(strips) else blank

    def _strips(self, message: Message) -> list[Strip]:
        on_cursor = place(message) == self.viewport.cursor
        return self._painter.strips(self._row(message), self._columns, on_cursor=on_cursor, now=self._source.now())

    def _row(self, message: Message) -> Row:
        source = self._source
        return Row(
            message,
            source.deletion_of(message),
            source.is_marked(message),
            source.above(message),
            source.room_of(message) if self._with_rooms else None,
            self._matches,
            source.imitated_by(message),
        )

    def _height_of(self, message: Message) -> int:
        return height(self._row(message), self._columns)

    def _region(self, row: int) -> Region:
        first, lines = self.viewport.lines_of(row)
        return Region(0, first, self.size.width, lines).intersection(Region(0, 0, *self.size))

    def notify_style_update(self) -> None:
        """Colours changed: nothing drawn before is right any more."""
        super().notify_style_update()
        self._painter.clear()

    # The world outside

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew at the new width."""
        with self.keeping_place():
            self.viewport.height = max(event.size.height, 1)
            self._fit()

    def _fit(self) -> None:
        fitted = columns(self.size.width, with_rooms=self._with_rooms)
        if fitted != self._columns:
            self._columns = fitted
            self.rows.forget_heights()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the window."""
        event.stop()
        with self._moving():
            self.viewport.scroll(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the window."""
        event.stop()
        with self._moving():
            self.viewport.scroll(-WHEEL)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """The button goes down on a row: it gets the cursor."""
        row = self._row_at(event.y)
        if row is not None:
            self._move(row)
            self._pressed = self.rows[row]
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """With the button down, the cursor goes along."""
        row = self._row_at(max(0, min(event.y, self.size.height - 1)))
        if self._pressed is not None and row is not None and row != self.viewport.cursor_row:
            self._move(row)
            self.post_message(self.RowDragged(self._pressed))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The button goes up: on the row where it went down, that was a click."""
        pressed, self._pressed = self._pressed, None
        self.release_mouse()
        if pressed is not None and pressed is self.cursor_message:
            in_gutter = event.x < self._columns.gutter
            self.post_message(self.RowClicked(pressed, in_gutter))

    def _row_at(self, y: int) -> int | None:
        found = self.rows.at(self.viewport.top + y)
        return None if found is None else found[0]
