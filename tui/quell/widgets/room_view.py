"""The room that is looked at: its feed, what its connection does, the filter, and marking."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message as TextualMessage
from textual.widgets import Input, Static

from quell.display import printable
from quell.display.wording import KIND_GLYPHS, plural, room_name
from quell.moderation.deletion import Deletion, MessageKey
from quell.moderation.query import Query, QueryError, parse
from quell.session.session import Session
from quell.session.state import RoomState
from quell.widgets.feed import Feed
from quell.widgets.marking import RangeMark, same_author, same_text
from quell.widgets.notices import Notice, banner, notice
from quell_providers.model import Message


class RoomView(Vertical):
    """Shows one room and keeps the selection of its messages."""

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
        self._room: RoomState | None = None
        self._query: Query | None = None
        self._range: RangeMark | None = None
        self._shown = (0, 0)
        """Length and revision of the timeline when it was last drawn."""

    def compose(self) -> ComposeResult:
        """Title, banner, feed, hints and filter, from top to bottom."""
        yield Static(id="room-title", markup=False)
        yield Static(id="room-banner", markup=False)
        yield Feed(self, id="feed")
        yield Static(id="room-notice", markup=False)
        yield Static(id="room-hints", markup=False)
        yield Input(id="filter", placeholder='words  "a phrase"  from:name  has:link  is:deleted  -not', compact=True)

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
        return frozenset(self.feed.rows[position].id for position in range(len(self.feed.rows)))

    def look_at(self, room: RoomState) -> None:
        """Show another room."""
        self._room = room
        self._query, self._range = None, None
        self.query_one("#filter", Input).value = ""
        self.remove_class("filtering")
        self.feed.restart()
        self.timeline_replaced()
        self.state_changed()

    def timeline_replaced(self) -> None:
        """Draw all messages of the timeline that the filter lets through."""
        room = self._room
        if room is None:
            return
        self._shown = (len(room.timeline), room.timeline.revision)
        self.feed.show(list(self._matching(room.timeline)))
        self.state_changed()

    def timeline_changed(self) -> None:
        """Draw what changed: cheaply when messages were only added below."""
        room = self._room
        if room is None:
            return
        length, revision = self._shown
        if room.timeline.revision != revision:
            self.timeline_replaced()
            return
        added = room.timeline[length:]
        if added:
            self._shown = (len(room.timeline), revision)
            self.feed.append(list(self._matching(added)))
            self.state_changed()

    def state_changed(self) -> None:
        """Draw title, banner, notice and hints anew."""
        room, session = self._room, self._session
        if room is None:
            return
        account = session.accounts[room.account]
        title = Content.assemble(
            (f"{KIND_GLYPHS[room.room.kind]} {room_name(room.room)}", "bold"),
            (f"  {account.service} · {printable(room.account)}", "$foreground-muted"),
            (f"  {printable(room.room.topic)}" if room.room.topic else "", "$foreground-muted italic"),
        )
        self.query_one("#room-title", Static).update(title)
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

    def marks_changed(self) -> None:
        """Draw marks and hints anew, and let the feed rest while anything is marked."""
        self.feed.held = self._range is not None or len(self._session.selection) > 0
        self.feed.refresh()
        self._show_hints()

    # Marking

    def action_mark(self) -> None:
        """Mark or unmark the message under the cursor."""
        self._end_range()
        message = self.feed.cursor_message
        if message is not None:
            self._toggle([message])

    def action_range(self) -> None:
        """Begin a range at the cursor, or end it."""
        message = self.feed.cursor_message
        if self._range is not None:
            self._end_range()
        elif message is not None:
            self._range = RangeMark(message.id, tuple(self._session.selection))
            self._mark_range()

    def action_mark_author(self) -> None:
        """Mark everything shown by the author of the message under the cursor, or unmark it when all is marked."""
        message = self.feed.cursor_message
        if message is not None:
            self._toggle(same_author(self._rows(), message))

    def action_mark_same(self) -> None:
        """Mark every message shown with the text of the one under the cursor, or unmark them when all are marked."""
        message = self.feed.cursor_message
        if message is not None:
            self._toggle(same_text(self._rows(), message))

    def action_mark_all(self) -> None:
        """Mark all that is shown."""
        self._session.selection.add(self._keys(self._rows()))
        self._selection_changed()

    def action_invert(self) -> None:
        """Mark what is shown and not marked, and unmark the rest of it."""
        self._session.selection.invert(self._keys(self._rows()))
        self._selection_changed()

    def action_restore(self) -> None:
        """Bring the last selection back."""
        self._session.selection.restore()
        self._selection_changed()

    def action_back(self) -> None:
        """Back out of one thing: the filter while it is typed, the range, the selection, the filter."""
        if self.query_one("#filter", Input).has_focus:
            self._close_filter(keep=False)
        elif self._range is not None:
            self._session.selection.replace(self._range.before)
            self._range = None
            self._selection_changed()
        elif len(self._session.selection):
            self._session.selection.clear()
            self._selection_changed()
        elif self._query is not None or self.has_class("filtering"):
            self._close_filter(keep=False)

    @on(Feed.CursorMoved)
    def _cursor_moved(self, event: Feed.CursorMoved) -> None:
        event.stop()
        if self._range is not None:
            self._mark_range()
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
        self.query_one("#filter", Input).focus()

    @on(Input.Changed, "#filter")
    def _filter_typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value == "" and self._query is None:
            return
        try:
            self._query = parse(event.value) if event.value.strip() else None
        except QueryError as error:
            pointed = printable(f"{' ' * error.position}^ {error.problem}")
            self.query_one("#room-hints", Static).update(Content.styled(pointed, "$error"))
            return
        self.timeline_replaced()

    @on(Input.Submitted, "#filter")
    def _filter_done(self, event: Input.Submitted) -> None:
        event.stop()
        self._close_filter(keep=True)

    def _close_filter(self, *, keep: bool) -> None:
        entry = self.query_one("#filter", Input)
        if not keep or not entry.value.strip():
            entry.value = ""
            self._query = None
            self.remove_class("filtering")
            self.timeline_replaced()
        self.feed.focus()

    # Parts

    def _matching(self, messages: Iterable[Message]) -> Iterable[Message]:
        query = self._query
        return messages if query is None else (message for message in messages if query.matches(message))

    def _rows(self) -> list[Message]:
        rows = self.feed.rows
        return [rows[position] for position in range(len(rows)) if not rows[position].deleted]

    def _keys(self, messages: Iterable[Message]) -> list[MessageKey]:
        room = self._room
        return [] if room is None else [room.message_key(message.id) for message in messages]

    def _toggle(self, messages: list[Message]) -> None:
        session = self._session
        keys = self._keys(message for message in messages if not message.deleted)
        if not keys:
            self.notify("This message is already deleted.", markup=False)
        elif all(key in session.selection for key in keys):
            session.selection.discard(keys)
        else:
            session.selection.add(keys)
        self._selection_changed()

    def _mark_range(self) -> None:
        cursor, marked, session = self.feed.cursor_message, self._range, self._session
        if cursor is None or marked is None:
            return
        between = marked.messages(self.feed.rows, cursor.id)
        session.selection.replace([*marked.before, *self._keys(between)])
        self._selection_changed()

    def _end_range(self) -> None:
        if self._range is not None:
            self._range = None
            self._selection_changed()

    def _selection_changed(self) -> None:
        self.marks_changed()
        self.post_message(self.SelectionChanged())

    def _show_notice(self, selector: str, shown: Notice | None) -> None:
        target = self.query_one(selector, Static)
        target.display = shown is not None
        if shown is not None:
            target.update(shown.content)
            target.set_classes(shown.severity)

    def _show_hints(self) -> None:
        session, room = self._session, self._room
        if room is None:
            return
        parts: list[tuple[str, str]] = []
        marked = len(session.selection)
        if marked:
            here = {key.message_id for key in session.selection if key[:2] == room.key}
            rows = self.feed.rows
            visible = [rows[at] for at in range(len(rows)) if rows[at].id in here]
            authors = len({message.author.id for message in visible})
            elsewhere = marked - len(here)
            hidden = len(here) - len(visible)
            parts.append((f"{marked:,} marked", "bold $warning"))
            parts.append((f" · {plural(authors, 'author')}", "$foreground-muted"))
            parts.append((f" · {elsewhere:,} in other rooms" if elsewhere else "", "$foreground-muted"))
            parts.append((f" · {hidden:,} hidden by your filter" if hidden else "", "$warning"))
        if self._range is not None:
            parts.append(("  RANGE", "bold $accent"))
        if self._query is not None:
            parts.append((f"  {len(self.feed.rows):,} of {len(room.timeline):,} match", "$accent"))
        left = Content.assemble(" ", *parts)
        unseen = self.feed.unseen
        right = Content.styled(f"▼ {unseen:,} new " if unseen else "", "bold $accent")
        space = max(self.size.width - left.cell_length - right.cell_length, 1)
        self.query_one("#room-hints", Static).update(Content.assemble(left, " " * space, right))
