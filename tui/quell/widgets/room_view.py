"""The room that is looked at: its feed, what its connection does, the filter, and marking."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message as TextualMessage
from textual.widgets import Static

from quell.moderation.deletion import Deletion
from quell.moderation.query import Query
from quell.session.session import Session
from quell.session.state import RoomState
from quell.widgets import hints
from quell.widgets.feed import Feed
from quell.widgets.feed.dividers import dividers
from quell.widgets.filter_bar import FilterBar
from quell.widgets.marking import Marker, same_author, same_text
from quell.widgets.notices import Notice, banner, notice, title
from quell_providers.model import Message


class RoomView(Vertical):
    """Shows one room and keeps the selection of its messages.

    Args:
        session: Where rooms, selection and deletions are.
        id: As for every widget.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "mark", id="mark.toggle", tooltip="Mark or unmark this message"),
        Binding("v", "range", "range", id="mark.range", tooltip="Mark a range: v, move, v"),
        Binding("a", "mark_author", "author", id="mark.author", tooltip="Mark everything shown by this author"),
        Binding(
            "equals_sign",
            "mark_same",
            "same text",
            show=False,
            key_display="=",
            id="mark.same",
            tooltip="Mark the same text",
        ),
        Binding("slash", "filter", "filter", key_display="/", id="feed.filter", tooltip="Filter the messages"),
        Binding(
            "asterisk", "mark_all", "all", show=False, key_display="*", id="mark.all", tooltip="Mark all that is shown"
        ),
        Binding(
            "exclamation_mark",
            "invert",
            "invert",
            key_display="!",
            show=False,
            id="mark.invert",
            tooltip="Mark what is not marked",
        ),
        Binding("R", "restore", "restore", show=False, id="mark.restore", tooltip="Bring the last selection back"),
        Binding(
            "escape",
            "back",
            "back",
            show=False,
            id="mark.clear",
            tooltip="End the range, then the selection, then the filter",
        ),
    ]

    @dataclass
    class CursorMoved(TextualMessage):
        """Another message is under the cursor."""

        message: Message | None

    class SelectionChanged(TextualMessage):
        """Messages were marked or unmarked."""

    def __init__(self, session: Session, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._session = session
        self._marker = Marker(session.selection)
        self._room: RoomState | None = None
        self._query: Query | None = None
        self._dividers: dict[str, str] = {}
        self._said: dict[str, Content] = {}
        """What the texts around the feed say, by their selectors."""
        self._revision = 0
        self._newest: str | None = None
        """Revision and newest message of the timeline when it was last drawn."""

    def compose(self) -> ComposeResult:
        """Title, banner, feed, hints and filter, from top to bottom."""
        yield Static(id="room-title", markup=False)
        yield Static(id="room-banner", markup=False)
        yield Feed(self, id="feed")
        yield Static(id="room-notice", markup=False)
        yield Static(id="room-hints", markup=False)
        yield FilterBar(id="filter")

    # What the feed asks

    def deletion_of(self, message_id: str) -> Deletion | None:
        """The newest deletion of a message of this room."""
        if self._room is None:
            return None
        return self._session.engine.find(self._room.message_key(message_id))

    def is_marked(self, message_id: str) -> bool:
        """Whether a message of this room is selected."""
        if self._room is None:
            return False
        return self._room.message_key(message_id) in self._session.selection

    def above(self, message_id: str) -> str:
        """The day or the gap that begins with a message of this room."""
        return self._dividers.get(message_id, "")

    def now(self) -> float:
        """Unix seconds, by the session's clock."""
        return self._session.now()

    # What the screen tells

    @property
    def feed(self) -> Feed:
        """The list of messages."""
        return self.query_one("#feed", Feed)

    @property
    def room(self) -> RoomState | None:
        """The room that is looked at."""
        return self._room

    @property
    def visible_ids(self) -> frozenset[str]:
        """Ids of the messages that the filter lets through."""
        return frozenset(message.id for message in self.feed.rows)

    def look_at(self, room: RoomState) -> None:
        """Show another room."""
        self._room, self._query = room, None
        self._marker.end_range()
        self.query_one(FilterBar).value = ""
        self.remove_class("filtering")
        self.feed.restart()
        self.timeline_replaced()

    def timeline_replaced(self) -> None:
        """Draw all messages of the timeline that the filter lets through."""
        room = self._room
        if room is None:
            return
        self._revision = room.timeline.revision
        self._newest = room.timeline[-1].id if len(room.timeline) else None
        shown = list(self._matching(room.timeline))
        self._dividers = dividers(shown, room.timeline.gaps)
        self.feed.show(shown)
        self.state_changed()

    def timeline_changed(self, updated: Collection[str]) -> None:
        """Draw what changed, cheaply when messages were only added below, changed in place or let go of.

        Args:
            updated: Ids of the messages that changed in place.
        """
        room = self._room
        if room is None:
            return
        known = room.timeline.index_of(self._newest) if self._newest is not None else None
        filter_concerned = self._query is not None and len(updated) > 0
        if known is None or filter_concerned or room.timeline.revision != self._revision:
            self.timeline_replaced()
            return
        added = room.timeline[known + 1 :]
        if added:
            self._newest = added[-1].id
        shown = list(self._matching(added))
        rows = self.feed.rows
        last = [rows[len(rows) - 1]] if len(rows) else []
        gaps = [gap for gap in room.timeline.gaps if not last or gap.until > last[0].sent_at]
        self._dividers |= dividers([*last, *shown], gaps)
        changed = [message for message_id in updated if (message := room.timeline.get(message_id)) is not None]
        gone = sum(1 for _ in takewhile(lambda message: room.timeline.get(message.id) is None, rows))
        self.feed.update(dropped=gone, changed=changed, added=shown)
        self.state_changed()

    def state_changed(self) -> None:
        """Draw title, banner, notice and hints anew."""
        room = self._room
        if room is None:
            return
        self._say("#room-title", title(room, self._session.accounts[room.account].service))
        self._show_notice("#room-banner", banner(room, now=self.now()))
        empty = len(self.feed.rows) == 0
        self._show_notice("#room-notice", notice(room, filtered=self._query is not None) if empty else None)
        self.set_class(empty, "empty")
        self._show_hints()

    def deletions_changed(self, deletions: Iterable[Deletion]) -> None:
        """Draw the rows of these deletions anew."""
        room = self._room
        if room is not None:
            here = {each.target.message_id for each in deletions if each.target.key[:2] == room.key}
            if here:
                self.feed.remeasure(here)

    def show_account_notice(self, shown: Notice) -> None:
        """There is no room to look at: say why."""
        self.add_class("empty")
        self._show_notice("#room-notice", shown)

    def clear_marks(self) -> None:
        """Unmark everything; `R` brings the marks back."""
        self._marker.clear()
        self._marks_changed()

    # Marking

    def action_mark(self) -> None:
        """Mark or unmark the message under the cursor."""
        self._marker.end_range()
        self._toggle(lambda message: [message])

    def action_mark_author(self) -> None:
        """Mark everything shown by the author of the message under the cursor, or unmark it when all is marked."""
        self._toggle(lambda message: same_author(self.feed.rows, message))

    def action_mark_same(self) -> None:
        """Mark every message shown with the text of the one under the cursor, or unmark them when all are marked."""
        self._toggle(lambda message: same_text(self.feed.rows, message))

    def action_mark_all(self) -> None:
        """Mark all that is shown."""
        if self._room is not None:
            self._marker.add(self._room, self.feed.rows)
            self._marks_changed()

    def action_invert(self) -> None:
        """Mark what is shown and not marked, and unmark the rest of it."""
        if self._room is not None:
            self._marker.invert(self._room, self.feed.rows)
            self._marks_changed()

    def action_restore(self) -> None:
        """Bring the last selection back."""
        self._session.selection.restore()
        self._marks_changed()

    def action_range(self) -> None:
        """Begin a range at the cursor, or end it."""
        message = self.feed.cursor_message
        if self._marker.ranging:
            self._marker.end_range()
        elif message is not None:
            self._marker.begin_range(message.id)
            self._stretch_range()
        self._marks_changed()

    def action_back(self) -> None:
        """Back out of one thing: the filter while it is typed, the range, the selection, the filter."""
        if self.query_one(FilterBar).has_focus:
            self._drop_filter()
        elif self._marker.ranging:
            self._marker.drop_range()
            self._marks_changed()
        elif len(self._session.selection):
            self.clear_marks()
        elif self.has_class("filtering"):
            self._drop_filter()

    def _toggle(self, chosen: Callable[[Message], list[Message]]) -> None:
        message, room = self.feed.cursor_message, self._room
        if message is None or room is None:
            return
        if not self._marker.toggle(room, chosen(message)):
            self.notify("This message is already deleted.", markup=False)
        self._marks_changed()

    def _stretch_range(self) -> None:
        cursor, room = self.feed.cursor_message, self._room
        if self._marker.ranging and cursor is not None and room is not None:
            self._marker.stretch_range(room, self.feed.rows, cursor.id)
            self._marks_changed()

    def _marks_changed(self) -> None:
        """Draw marks and hints anew, and let the feed rest while anything is marked."""
        self.feed.held = self._marker.ranging or len(self._session.selection) > 0
        self.feed.refresh()
        self._show_hints()
        self.post_message(self.SelectionChanged())

    @on(Feed.CursorMoved)
    def _cursor_moved(self, event: Feed.CursorMoved) -> None:
        event.stop()
        self._stretch_range()
        self._show_hints()
        self.post_message(self.CursorMoved(self.feed.cursor_message))

    @on(Feed.RowClicked)
    def _row_clicked(self, event: Feed.RowClicked) -> None:
        event.stop()
        if event.in_gutter:
            self.action_mark()

    @on(Feed.TopReached)
    def _load_older(self, event: Feed.TopReached) -> None:
        event.stop()
        if self._room is not None:
            self._session.load_older(self._room.key)

    # Filtering

    def action_filter(self) -> None:
        """Type a filter; what matches is shown at once."""
        self.add_class("filtering")
        self.query_one(FilterBar).focus()

    @on(FilterBar.Filtered)
    def _filter(self, event: FilterBar.Filtered) -> None:
        event.stop()
        if self._query is not event.query:
            self._query = event.query
            self.timeline_replaced()

    @on(FilterBar.Mistyped)
    def _show_mistake(self, event: FilterBar.Mistyped) -> None:
        event.stop()
        self._say("#room-hints", hints.mistake(event.error))

    @on(FilterBar.Closed)
    def _filter_closed(self, event: FilterBar.Closed) -> None:
        event.stop()
        if self._query is None:
            self._drop_filter()
        self.feed.focus()

    def _drop_filter(self) -> None:
        self.query_one(FilterBar).value = ""
        self.remove_class("filtering")
        self.feed.focus()

    def _matching(self, messages: Iterable[Message]) -> Iterable[Message]:
        query = self._query
        return messages if query is None else (message for message in messages if query.matches(message))

    # Drawing

    def _show_notice(self, selector: str, shown: Notice | None) -> None:
        target = self.query_one(selector, Static)
        target.display = shown is not None
        if shown is not None:
            target.set_classes(shown.severity)
            self._say(selector, shown.content)

    def _say(self, selector: str, content: Content) -> None:
        """Change a text only when it says something else: each change is drawn, and some are laid out."""
        if not content.is_same(self._said.get(selector, Content())):
            self._said[selector] = content
            self.query_one(selector, Static).update(content)

    def _show_hints(self) -> None:
        room, rows = self._room, self.feed.rows
        if room is None:
            return
        parts = hints.marks(self._session.selection, room, rows)
        if self._marker.ranging:
            parts.append(("  RANGE", "bold $accent"))
        if self._query is not None:
            parts += hints.matches(len(rows), len(room.timeline))
        self._say("#room-hints", hints.line(parts, self.feed.unseen, self.size.width))
