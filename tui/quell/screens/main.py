"""The main screen: rooms, feed and detail side by side, and everything that is done to messages from there."""

from collections import Counter
from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.widgets import Footer

from quell.bridge import Bridge, SessionUpdated
from quell.collector import Housekeeping
from quell.display import printable
from quell.keys import KeyGroup
from quell.moderation.deletion import MessageKey, State
from quell.moderation.timeline import place
from quell.screens.accounts import AccountsScreen
from quell.screens.batches import BatchesScreen
from quell.screens.deleting import DeletingScreen
from quell.screens.journal import JournalScreen
from quell.screens.jump import JumpScreen
from quell.screens.keys import KeysScreen
from quell.screens.leftovers import LeftoversScreen
from quell.screens.panes import Panes
from quell.session.session import Session
from quell.session.state import RoomKey, RoomState
from quell.widgets.detail import DetailText
from quell.widgets.feed import Feed
from quell.widgets.filter_bar import FilterBar
from quell.widgets.lines import LinesView
from quell.widgets.notices import account_notice
from quell.widgets.room_view import RoomView
from quell.widgets.rooms import RoomList
from quell.widgets.selecting_feed import SelectingFeed
from quell.widgets.status_line import StatusLine
from quell.widgets.throttle import Throttle

SIDE_FRAME = 0.5
"""Seconds between two drawings at the least of what stands around the room.

A frame costs what its outermost changes enclose, and a pane's text is laid out anew each time.
"""

DETAIL_FRAME = 0.25
"""The same for the detail of messages that the cursor is moved over."""

PASSING_FRAME = 2.0
"""The same for the detail of messages that pass by under a cursor that follows."""


class MainScreen(DeletingScreen):
    """What a moderator looks at all day.

    Args:
        session: Already open.
    """

    CSS_PATH = "main.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-middle"), (120, "-wide")]  # noqa: RUF012 - as Textual declares it
    AUTO_FOCUS = "#feed"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "keys", "keys", key_display="?", id="view.keys", tooltip="All keys"),
        Binding("b", "batches", "batches", id="view.batches", tooltip="Progress of every batch: pause, cancel, retry"),
        Binding("J", "journal", "journal", show=False, id="view.journal", tooltip="Journal: every deletion ever made"),
        Binding("t", "jump", "time", show=False, id="go.time", tooltip="Go to the messages of a time"),
        Binding("A", "all_rooms", "all rooms", show=False, id="view.all", tooltip="All rooms at once, merged by time"),
        Binding("tab", "app.focus_next", "next pane", show=False, id="view.next", tooltip="Next pane"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._housekeeping = Housekeeping()
        self._status_stale = Throttle(self, SIDE_FRAME, self._show_status)
        self._rooms_stale = Throttle(self, SIDE_FRAME, self.room_signs_changed)
        self._detail_stale = Throttle(self, DETAIL_FRAME, self._show_detail)
        self._detail_passing = Throttle(self, PASSING_FRAME, self._show_detail)

    def compose(self) -> ComposeResult:
        """Status line, panes, footer."""
        yield StatusLine(self._session, id="status")
        yield Panes(self._session, id="panes")
        yield Footer(compact=True, show_command_palette=False)

    # The session

    def on_mount(self) -> None:
        """Follow the session from now on."""
        Bridge(self._session, self.post_message)
        self.set_interval(1.0, self._tick)
        self._accounts_changed()
        if self._session.unfinished:
            session = self._session
            self.app.push_screen(LeftoversScreen(session.unfinished, session.engine.leftovers, session.login_of))
        theme = self._session.workspace.config.console.theme
        if theme and theme not in self.app.available_themes:
            self.notify(printable(f"There is no theme named {theme}."), severity="warning", markup=False)

    @on(SessionUpdated)
    def session_updated(self, update: SessionUpdated) -> None:
        """Draw what changed."""
        session = self._session
        if update.accounts:
            self._accounts_changed()
        elif update.rooms:
            self._rooms_stale()
        self._room_view.changed(update.timelines, update.deletions)
        if not session.viewed.isdisjoint(update.rooms):
            self._room_view.state_changed()
        if update.deletions:
            self._detail_stale()
        for failure in update.failures:
            self.notify(
                printable(f"{failure.task}: {type(failure.error).__name__}. Press ctrl+r to connect again."),
                title="A defect of Quell's",
                severity="error",
                markup=False,
            )
        if update.accounts or update.rooms or update.deletions:
            self._status_stale()

    def _tick(self) -> None:
        session = self._session
        self._housekeeping.tick(sum(len(room.timeline) for room in self.all_rooms()))
        self._show_status()
        session.note_unreadable()
        if self._room_view.room is not None and self._room_view.room.retry_at is not None:
            self._room_view.state_changed()
        if session.engine.totals()[State.HELD]:
            self._room_view.feed.refresh()
            self._show_detail()
        self._room_view.tick()
        if session.current is None:
            self._accounts_changed()

    def _accounts_changed(self) -> None:
        session = self._session
        if len(session.viewed) > 1:
            self.all_rooms_changed()
        elif session.current is None or session.room(session.current) is None:
            self.tell_lost_room()
            first = next((room for account in session.accounts.values() for room in account.rooms.values()), None)
            if first is not None:
                self.look_at(first.key)
            elif session.accounts:
                troubled = sorted(session.accounts.values(), key=lambda each: each.phase != "refused")
                self._room_view.show_account_notice(account_notice(troubled[0], now=session.now()))
        self.room_signs_changed()
        self._show_status()

    def look_at(self, key: RoomKey) -> None:
        """Show a room."""
        session = self._session
        room = session.room(key)
        if room is None:
            return
        session.view(key)
        self._room_view.look_at([room])
        self.room_signs_changed()
        self.query_one(RoomList).highlight_room(key)
        if self.focused is None:
            self._room_view.feed.focus()
        self._show_detail()

    @on(RoomList.Chosen)
    def room_chosen(self, event: RoomList.Chosen) -> None:
        """Look at the chosen room, with the keys on its feed."""
        self.look_at(event.room)
        self._room_view.feed.focus()

    def action_all_rooms(self) -> None:
        """Look at all rooms that are followed, merged by time."""
        if len(self._session.together()) < 2:
            self.notify("There are no two rooms to look at together.", markup=False)
            return
        self.look_at_all()
        self._room_view.feed.focus()

    def look_at_all(self) -> None:
        """Show the two or more rooms that all rooms are now; the keys stay where they are."""
        session = self._session
        rooms = [room for key in session.together() if (room := session.room(key)) is not None]
        session.view_together([room.key for room in rooms])
        self._room_view.look_at(rooms)
        self.room_signs_changed()

    @on(RoomView.CursorMoved)
    def _cursor_moved(self, event: RoomView.CursorMoved) -> None:
        event.stop()
        if event.by_hand:
            self._detail_stale()
        else:
            self._detail_passing()

    @on(SelectingFeed.SelectionChanged)
    def _selection_changed(self) -> None:
        self._rooms_stale()

    # Other screens

    @work(group="batches", exclusive=True)
    async def action_batches(self) -> None:
        """Show the batches of this run, and go to the message that is chosen there."""
        key = await self.app.push_screen_wait(BatchesScreen(self._session.engine))
        if key is not None:
            self._go_to(key)

    def _go_to(self, key: MessageKey) -> None:
        self.look_at(RoomKey(key.account, key.room_id))
        room = self._room_view.room
        message = room.timeline.get(key.message_id) if room is not None else None
        if message is not None:
            self._room_view.feed.move_to(place(message))

    @work(group="jump", exclusive=True)
    async def action_jump(self) -> None:
        """Go to what was said at a time that is asked for."""
        moment = await self.app.push_screen_wait(JumpScreen(self._session.now))
        if moment is not None:
            self._room_view.go_to_time(moment)

    def action_journal(self) -> None:
        """Browse the journal."""
        self.app.push_screen(JournalScreen(self._session.journal, now=self._session.now()))

    def action_keys(self) -> None:
        """Show all keys."""

        self.app.push_screen(KeysScreen(self.key_groups()))

    def key_groups(self) -> list[KeyGroup]:
        """Every key of the console, by the part it belongs to."""
        parts: list[tuple[str, DOMNode, Iterable[BindingType]]] = [
            ("Moving", self._room_view.feed, Feed.BINDINGS),
            ("Marking", self._room_view.feed, SelectingFeed.BINDINGS),
            ("Filtering", self._room_view, RoomView.BINDINGS),
            ("Looking closer", self.query_one(Panes), Panes.BINDINGS),
            ("In the detail pane", self.query_one(DetailText), (*DetailText.BINDINGS, *LinesView.BINDINGS)),
            ("Typing a filter", self._room_view.query_one(FilterBar), FilterBar.BINDINGS),
            ("Deleting", self, DeletingScreen.BINDINGS),
            ("Looking", self, self.BINDINGS),
            ("Rooms, accounts and authors", self, AccountsScreen.BINDINGS),
            (
                "In the list of rooms",
                self.query_one(RoomList),
                [each for each in RoomList.BINDINGS if isinstance(each, Binding) and each.tooltip],
            ),
            ("Everywhere", self.app, self.app.BINDINGS),
        ]
        return [
            KeyGroup(title, target, [each for each in bindings if isinstance(each, Binding) and not each.system])
            for title, target, bindings in parts
        ]

    def all_rooms(self) -> list[RoomState]:
        """Every room of every account."""
        return [room for account in self._session.accounts.values() for room in account.rooms.values()]

    # Drawing

    def room_signs_changed(self) -> None:
        """Draw the list of rooms anew."""
        session = self._session
        marks = Counter({RoomKey(*room): count for room, count in session.selection.counts.items()})
        self.query_one(RoomList).show(session.accounts.values(), session.viewed, session.left_out, marks)

    def _show_status(self) -> None:
        self.query_one(StatusLine).show()

    def _show_detail(self) -> None:
        self.query_one(Panes).show_detail()
