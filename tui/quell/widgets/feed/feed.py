"""The feed: a timeline under the fingers, drawn line by line."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, Self

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message as TextualMessage
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from quell.drawing.compositor import draw
from quell.drawing.line_filters import filtered
from quell.moderation.timeline import Place
from quell.widgets.feed.painter import STYLES, Painter
from quell.widgets.feed.picture import Picture
from quell.widgets.feed.row import Matches
from quell.widgets.feed.rows import Rows
from quell.widgets.feed.source import FeedSource
from quell.widgets.feed.viewport import Viewport
from quell.widgets.throttle import Throttle
from quell_providers.model import Message

PASSING = 1.0
"""Seconds between two words at the least on what changed without a key: every frame brings something."""


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
        Binding(
            "G,end",
            "last",
            "Newest",
            show=False,
            id="feed.last",
            tooltip="Newest; follow while nothing is marked",
        ),
    ]

    held: var[bool] = var(False)
    """Something, such as a selection, keeps the feed from following."""

    @dataclass
    class CursorMoved(TextualMessage):
        """The cursor rests on another message, or on a new form of it."""

        by_hand: bool
        """Whether a key or the mouse moved it; else it followed."""

    class TopReached(TextualMessage):
        """The oldest message loaded was moved to, or would have been moved beyond: older ones are wanted."""

    class Scrolled(TextualMessage):
        """The window, or the number of lines below it, changed."""

    def __init__(self, source: FeedSource, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        painter = Painter(lambda name: filtered(self.get_component_rich_style(f"feed--{name}"), self))
        self._picture = Picture(source, painter)
        self.rows = Rows(self._picture.height_of)
        """The messages shown, in order. To be changed inside `keeping_place`."""
        self.viewport = Viewport(self.rows)
        self._told: Message | None = None
        self._changed_by_itself = Throttle(self, PASSING, lambda: self._tell(by_hand=False))

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

    def show(self, messages: list[Message]) -> list[Message]:
        """Show these messages instead. They are ordered, and the list is taken over. Returns those before."""
        with self.keeping_place() as rows:
            return rows.reset(messages)

    def restart(self, *, with_rooms: bool) -> None:
        """Forget the cursor and follow: other rooms are about to be shown.

        Args:
            with_rooms: Name the room of every message, since there are several.
        """
        self.viewport.restart()
        self._picture.with_rooms = with_rooms
        self._fit()

    def highlight(self, matches: Matches | None) -> None:
        """Mark in all texts what matches the query from now on."""
        self._picture.highlight(matches)
        self.refresh()

    def redraw(self, places: Iterable[Place]) -> None:
        """Draw messages anew after something beside them changed; their heights may have changed too."""
        with self.keeping_place() as rows:
            for each in places:
                row = rows.position(each)
                if row is not None:
                    rows.forget_height(row)

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
        self._move((self.viewport.cursor_row or 0) + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by screenfuls."""
        with self._moving():
            self.viewport.page(by)
        if by < 0 and not self.viewport.cursor_row:
            self.post_message(self.TopReached())

    def action_first(self) -> None:
        """Go to the oldest message."""
        self._move(0)

    def action_last(self) -> None:
        """Go to the newest message and follow again."""
        if len(self.rows):
            self._move(len(self.rows) - 1)

    def scroll_to_part(self, part: float) -> None:
        """Move the window to this part of all lines, from 0 to 1; at the end of them, to the newest message."""
        view = self.viewport
        if part >= 1:
            self.action_last()
        else:
            self._scroll(round(part * max(view.rows.lines - view.height, 0)) - view.top)

    def _move(self, row: int) -> None:
        with self._moving():
            self.viewport.move(row)
        if row <= 0:
            self.post_message(self.TopReached())

    def _scroll(self, by: int) -> None:
        with self._moving():
            self.viewport.scroll(by)
        if by < 0 and self.viewport.top <= 0:
            self.post_message(self.TopReached())

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """Move inside, by hand."""
        yield
        self._draw_changes()
        self._tell(by_hand=True)

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
        """Something changed without a key."""
        self._draw_changes()
        self._changed_by_itself()

    def _draw_changes(self) -> None:
        """Draw anew only the lines that look different now: much of what changes is out of sight."""
        changed = self._picture.changes(self.viewport, *self.size)
        if changed is None:
            super().refresh()
        elif changed:
            draw(self, Region(0, changed.start, self.size.width, len(changed)))

    def _tell(self, *, by_hand: bool) -> None:
        self.post_message(self.Scrolled())
        message = self.cursor_message
        if message is not self._told:
            self._told = message
            self.post_message(self.CursorMoved(by_hand))

    # Drawing

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """As for every widget; the lines are drawn anew."""
        self._picture.forget()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the screen in this region."""
        strips = self._picture.lines(self.viewport, *self.size)[crop.y : crop.bottom]
        if (crop.x, crop.width) == (0, self.size.width):
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        return self.render_lines(Region(0, y, self.size.width, 1))[0]

    def notify_style_update(self) -> None:
        """Colours changed: nothing drawn before is right any more."""
        super().notify_style_update()
        self._picture.clear()

    # The world outside

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew at the new width."""
        with self.keeping_place():
            self.viewport.height = max(event.size.height, 1)
            self._fit()

    def _fit(self) -> None:
        if self._picture.fit(self.size.width):
            self.rows.forget_heights()
