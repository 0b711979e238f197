"""The rooms that are looked at, one or several: their feed, what their connections do, and the filter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Click
from textual.message import Message as TextualMessage
from textual.widgets import Static

from quell.bridge import TimelineUpdate
from quell.display import Printable
from quell.moderation.deletion import Deletion
from quell.moderation.timeline import place
from quell.session.scope import Scope
from quell.session.session import Session
from quell.session.state import RoomKey, RoomState
from quell.widgets import hints
from quell.widgets.feed import Feed
from quell.widgets.feed.scroll_bar import ScrollBar
from quell.widgets.filter_bar import FilterBar
from quell.widgets.filtered_view import FilteredView
from quell.widgets.notices import Notice, banner, merged_banner, merged_title, notice, title
from quell.widgets.selecting_feed import SelectingFeed
from quell.widgets.throttle import Throttle
from quell.widgets.time_seeker import TimeSeeker
from quell_providers.model import Message

STATE_FRAME = 0.5
"""Seconds at the least between two looks at what arrivals change around the feed."""


class RoomView(FilteredView):
    """Shows one room, or several merged by time.

    Args:
        session: Where rooms, selection and deletions are.
        id: As for every widget.
    """

    @dataclass
    class CursorMoved(TextualMessage):
        """Another message is under the cursor, or a new form of it."""

        message: Message | None
        by_hand: bool
        """Whether a key or the mouse moved it; else it followed."""

    def __init__(self, session: Session, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(session, id=id)
        self._state_stale = Throttle(self, STATE_FRAME, self.state_changed)
        self._marks_stale = Throttle(self, STATE_FRAME, self._hints.count_marks)
        self._today: date | None = None
        self._seeker = TimeSeeker(session, self._facts, self._feed, self._tell)

    def compose(self) -> ComposeResult:
        """Title, banner, feed, filter and hints, from top to bottom."""
        yield Static(id="room-title", markup=False)
        yield Static(id="room-banner", markup=False)
        with Horizontal(id="list"):
            yield self._feed
            yield ScrollBar(id="feed-bar")
        yield Static(id="room-notice", markup=False)
        yield FilterBar(id="filter", names=self._facts.names, rooms=self._facts.rooms)
        yield Static(id="room-hints", markup=False)

    # What the screen asks and tells

    @property
    def feed(self) -> SelectingFeed:
        """The list of messages."""
        return self._feed

    @property
    def scope(self) -> Scope | None:
        """The rooms that are looked at."""
        return self._facts.scope

    @property
    def room(self) -> RoomState | None:
        """The room of the message under the cursor; without one, the first that is looked at."""
        scope, message = self._facts.scope, self._feed.cursor_message
        if scope is None:
            return None
        return scope.rooms[0] if message is None else scope.room_of(message)

    def deletion_of(self, message: Message) -> Deletion | None:
        """The newest deletion of a message."""
        return self._facts.deletion_of(message)

    def is_shown(self, message: Message) -> bool:
        """Whether the filter lets the message through."""
        return self._feed.rows.position(place(message)) is not None

    def look_at(self, rooms: Sequence[RoomState]) -> None:
        """Show other rooms. Where several are shown before and after, the filter and the cursor stay."""
        self._sifting.stop()
        before, scope = self._facts.scope, Scope(rooms)
        cursor = None if self._feed.following else self._feed.cursor_message
        self._facts.look_at(scope)
        self._feed.end_range()
        if before is None or not (before.merged and scope.merged):
            cursor = self._sifting.query = None
            self._sifting.hiding = True
            self.query_one(FilterBar).put_away()
            self.remove_class("filtering")
            self._feed.highlight(None)
        self._feed.restart(with_rooms=scope.merged)
        self._refill()
        if cursor is not None:
            anchor = place(cursor)
            self._sifting.when_done(lambda: self._feed.move_to(anchor))

    def go_to_time(self, moment: float) -> None:
        """Go to what was said at this time (Unix seconds), loading what lies between."""
        self._seeker.seek(moment)

    def changed(self, updates: Mapping[RoomKey, TimelineUpdate], deletions: Iterable[Deletion]) -> None:
        """Draw what arrived, changed or was let go of in the rooms that are looked at, and what became of deletions."""
        scope = self._facts.scope
        if scope is None:
            return
        mine = {room: updates[room.key] for room in scope.rooms if room.key in updates}
        deleted = [message for each in deletions if (message := scope.find(each.target.key)) is not None]
        if not mine and not deleted:
            return
        with self._feed.keeping_place():
            changed = self._take_in(scope, mine)
            for message in deleted:
                self._sifting.look_again(message)
        if self._sifting.volatile:
            changed += deleted
        self._divide(None if any(update.dropped for update in mine.values()) else changed)
        if not mine:
            return
        if len(self._session.selection) and any(update.updated or update.dropped for update in mine.values()):
            self._marks_stale()  # what is marked may be deleted now
        if self.has_class("empty") is (len(self._feed.rows) == 0):
            self._state_stale()
        else:
            self.state_changed()
        for room, update in mine.items():
            self._seeker.take_in(room, update.added)
        if not self._sifting.busy:
            self._seeker.go_on()

    def _take_in(self, scope: Scope, updates: Mapping[RoomState, TimelineUpdate]) -> list[Message]:
        """Give rows to what arrived, and so on; returns the messages that may have got a row or lost it.

        Inside the feed's `keeping_place`.
        """
        changed = [message for update in updates.values() for message in update.added]
        self._facts.meet(changed)
        self._sifting.take_in(changed)
        for room, update in updates.items():
            updated = [each for each in map(room.timeline.get, update.updated) if each is not None]
            for message in updated:
                self._sifting.renew(message)
            if self._sifting.query is not None:
                changed += updated
            if update.dropped:
                self._feed.rows.sweep(scope.let_go_until, lambda message: scope.now(message) is not None)
        return changed

    def state_changed(self) -> None:
        """Draw title, banner, notice and hints anew."""
        scope = self._facts.scope
        if scope is None:
            return
        if self._facts.meet_staff():
            with self._feed.keeping_place() as rows:
                rows.forget_heights()  # badges stand before the texts
        if scope.merged:
            self._texts.say("#room-title", merged_title(scope.rooms))
            self._texts.notice("#room-banner", merged_banner(scope.rooms))
        else:
            (room,) = scope.rooms
            self._texts.say("#room-title", title(room, self._session.accounts[room.account].service))
            self._texts.notice("#room-banner", banner(room, now=self._facts.now()))
        empty = len(self._feed.rows) == 0
        self._texts.notice("#room-notice", notice(scope.rooms, query=self._sifting.query) if empty else None)
        self.set_class(empty, "empty")
        self._hints.show()

    def tick(self) -> None:
        """A second passed: a query that looks at the clock may mean other messages now, and the day may be another."""
        if self._today != (today := self._facts.today()):
            self._today = today
            self._divide()
        self._sifting.tick()

    def tell_asking(self, progress: float | None) -> None:
        """Show which part of what a deletion is asked for is put together; `None`: nothing is being put together."""
        self._hints.asking = progress
        self._hints.show()

    def _tell(self, told: Printable) -> None:
        self.notify(told, markup=False)

    def show_account_notice(self, shown: Notice) -> None:
        """There is no room to look at: say why."""
        self.add_class("empty")
        self._texts.notice("#room-notice", shown)

    @on(SelectingFeed.SelectionChanged)
    def _selection_changed(self) -> None:
        if self._sifting.volatile and not self._feed.marking:
            self._sifting.restart()
        self._hints.count_marks()

    @on(Feed.CursorMoved)
    def _cursor_moved(self, event: Feed.CursorMoved) -> None:
        event.stop()
        self.post_message(self.CursorMoved(self._feed.cursor_message, event.by_hand))

    @on(Feed.Scrolled)
    def _scrolled(self, event: Feed.Scrolled) -> None:
        event.stop()
        view = self._feed.viewport
        self.query_one(ScrollBar).show(view.top, view.height, view.rows.lines)
        self._hints.show()

    @on(ScrollBar.Moved)
    def _scroll(self, event: ScrollBar.Moved) -> None:
        event.stop()
        self._feed.scroll_to_part(event.part)

    @on(Click, "#room-hints")
    def _go_to_newest(self, event: Click) -> None:
        if event.style.meta.get(hints.NEWEST):
            self._feed.action_last()

    @on(Feed.TopReached)
    def _load_older(self, event: Feed.TopReached) -> None:
        event.stop()
        for room in self._facts.scope.rooms if self._facts.scope is not None else ():
            self._session.load_older(room.key)

    def _sifted(self) -> None:
        self._divide()
        self._hints.count_marks()
        self.state_changed()
        self._seeker.go_on()

    def _divide(self, changed: Iterable[Message] | None = None) -> None:
        """Draw the lines between days, and what else stands above messages. As for `Facts.divide`."""
        redrawn = self._facts.divide(self._feed.rows, None if self._sifting.busy else changed)
        if redrawn:
            self._feed.redraw(redrawn)
