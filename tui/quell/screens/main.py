"""The main screen: rooms, feed and detail side by side, and everything that is done to messages from there."""

from collections import Counter
from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Footer

from quell.bridge import Bridge, SessionUpdated
from quell.display import printable
from quell.display.wording import plural
from quell.keys import KeyGroup
from quell.moderation.deletion import RETRYABLE, WAITING, MessageKey, State
from quell.moderation.journal import JournalError
from quell.screens.batches import BatchesScreen
from quell.screens.confirm import ConfirmScreen
from quell.screens.journal import JournalScreen
from quell.screens.keys import KeysScreen
from quell.screens.leftovers import LeftoversScreen
from quell.screens.outcome import OutcomeScreen
from quell.screens.panes import Panes
from quell.screens.propose import propose
from quell.session.session import Session
from quell.session.state import RoomKey, RoomState
from quell.widgets.detail import DetailText
from quell.widgets.feed import Feed
from quell.widgets.lines import LinesView
from quell.widgets.notices import account_notice
from quell.widgets.room_view import RoomView
from quell.widgets.rooms import RoomList
from quell.widgets.status_line import StatusLine
from quell.widgets.throttle import Throttle

SIDE_FRAME = 0.25
"""Seconds between two drawings at the least of what stands around the room.

A frame costs what its outermost changes enclose, and a pane's text is laid out anew each time.
"""


class MainScreen(Screen[None]):
    """What a moderator looks at all day.

    Args:
        session: Already open.
    """

    CSS_PATH = "main.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-middle"), (120, "-wide")]  # noqa: RUF012 - as Textual declares it
    AUTO_FOCUS = "#feed"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "delete", "delete", id="deletion.delete", tooltip="Delete what is marked, or this message"),
        Binding("u", "cancel", "undo", id="deletion.cancel", tooltip="Cancel what is still held or queued"),
        Binding("r", "retry", "retry", id="deletion.retry", tooltip="Try again what failed or was refused"),
        Binding("o", "outcome", "outcome", id="deletion.outcome", tooltip="What the service answered, in full"),
        Binding("question_mark", "keys", "keys", key_display="?", id="view.keys", tooltip="All keys"),
        Binding("b", "batches", "batches", id="view.batches", tooltip="Progress of every batch: pause, cancel, retry"),
        Binding("J", "journal", "journal", show=False, id="view.journal", tooltip="Journal: every deletion ever made"),
        Binding("tab", "app.focus_next", "next pane", show=False, id="view.next", tooltip="Next pane"),
        Binding(
            "ctrl+r", "reconnect", "reconnect", show=False, id="view.reconnect", tooltip="Connect the accounts again"
        ),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._status_stale = Throttle(self, SIDE_FRAME, self._show_status)
        self._rooms_stale = Throttle(self, SIDE_FRAME, self._show_rooms)
        self._detail_stale = Throttle(self, SIDE_FRAME, self._show_detail)

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
            self.app.push_screen(LeftoversScreen(self._session.unfinished, self._session.engine.leftovers))
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
        if session.current in update.timelines:
            self._room_view.timeline_changed(update.timelines[session.current])
        if session.current in update.rooms:
            self._room_view.state_changed()
        if update.deletions:
            self._room_view.deletions_changed(update.deletions)
            self._detail_stale()
        for failure in update.failures:
            self.notify(
                printable(f"{failure.task}: {type(failure.error).__name__}. Press ctrl+r to connect again."),
                title="A defect of Quell's",
                severity="error",
                markup=False,
            )
        self._status_stale()

    def _tick(self) -> None:
        session = self._session
        self._show_status()
        if session.engine.totals()[State.HELD]:
            self._room_view.feed.refresh()
            self._show_detail()
        if session.current is None:
            self._accounts_changed()

    def _accounts_changed(self) -> None:
        session = self._session
        if session.current is None or session.room(session.current) is None:
            first = next((room for account in session.accounts.values() for room in account.rooms.values()), None)
            if first is not None:
                self.look_at(first.key)
            elif session.accounts:
                troubled = sorted(session.accounts.values(), key=lambda each: each.phase != "refused")
                self._room_view.show_account_notice(account_notice(troubled[0], now=session.now()))
        self._show_rooms()
        self._show_status()

    def look_at(self, key: RoomKey) -> None:
        """Show a room."""
        session = self._session
        room = session.room(key)
        if room is None:
            return
        session.view(key)
        self._room_view.look_at(room)
        self._show_rooms()
        self.query_one(RoomList).highlight_room(key)
        if self.focused is None:
            self._room_view.feed.focus()
        self._show_detail()

    @on(RoomList.Chosen)
    def room_chosen(self, event: RoomList.Chosen) -> None:
        """Look at the chosen room, with the keys on its feed."""
        self.look_at(event.room)
        self._room_view.feed.focus()

    @on(RoomView.CursorMoved)
    def _cursor_moved(self) -> None:
        self._detail_stale()

    @on(RoomView.SelectionChanged)
    def _selection_changed(self) -> None:
        self._show_rooms()

    # Deleting

    @work(group="confirm", exclusive=True)
    async def action_delete(self) -> None:
        """Ask for the deletion of what is marked, or of the message under the cursor."""

        session = self._session
        proposal = propose(session, self._room_view)
        if proposal is None:
            self.notify("There is nothing to delete here.", markup=False)
            return
        confirmed = await self.app.push_screen_wait(ConfirmScreen(proposal))
        if confirmed is None:
            return
        try:
            await session.confirm(confirmed.targets, confirmed.reason, urgent=confirmed.urgent)
        except JournalError as error:
            self.notify(
                printable(f"{error} Nothing was deleted."),
                title="No record, no deletion",
                severity="error",
                timeout=15,
                markup=False,
            )
            return
        self._room_view.clear_marks()
        self._show_rooms()

    @work(group="cancel")
    async def action_cancel(self) -> None:
        """Cancel what is marked and still waiting, or everything that is waiting."""
        session = self._session
        waiting = session.engine.keys_in(WAITING)
        chosen = [key for key in waiting if key in session.selection] or waiting
        cancelled = await session.engine.cancel(chosen)
        told = f"Cancelled {plural(cancelled, 'deletion')}." if cancelled else "No deletion is waiting."
        self.notify(told, markup=False)

    @work(group="retry")
    async def action_retry(self) -> None:
        """Try again what is marked; else the message under the cursor; else everything that failed."""
        session = self._session
        retried = await session.engine.retry(self._to_retry(session))
        told = f"Trying {plural(retried, 'deletion')} again." if retried else "Nothing here failed or was refused."
        self.notify(told, markup=False)

    def _to_retry(self, session: "Session") -> list[MessageKey]:
        retryable = session.engine.keys_in(RETRYABLE)
        marked = [key for key in retryable if key in session.selection]
        if marked:
            return marked
        room, message = self._room_view.room, self._room_view.feed.cursor_message
        if room is not None and message is not None and room.message_key(message.id) in retryable:
            return [room.message_key(message.id)]
        return session.engine.keys_in({State.FAILED})

    def action_outcome(self) -> None:
        """Show the deletion of the message under the cursor in full."""

        message = self._room_view.feed.cursor_message
        deletion = self._room_view.deletion_of(message.id) if message else None
        if deletion is None:
            self.notify("This message was not deleted from here.", markup=False)
        else:
            self.app.push_screen(OutcomeScreen(deletion, now=self._room_view.now()))

    # Other screens

    @work(group="batches", exclusive=True)
    async def action_batches(self) -> None:
        """Show the batches of this run, and go to the message that is chosen there."""
        key = await self.app.push_screen_wait(BatchesScreen(self._session.engine))
        if key is not None:
            self._go_to(key)

    def _go_to(self, key: MessageKey) -> None:
        self.look_at(RoomKey(key.account, key.room_id))
        self._room_view.feed.move_to(key.message_id)

    def action_journal(self) -> None:
        """Browse the journal."""
        self.app.push_screen(JournalScreen(self._session.journal, now=self._session.now()))

    def action_reconnect(self) -> None:
        """Bring every account that is not ready up again, and follow the current room again."""
        session = self._session
        for account in session.accounts.values():
            if account.phase != "ready" or not account.rooms:
                session.connect(account.name)
        if session.current is not None:
            session.view(session.current)

    def action_keys(self) -> None:
        """Show all keys."""

        self.app.push_screen(KeysScreen(self.key_groups()))

    def key_groups(self) -> list[KeyGroup]:
        """Every key of the console, by the part it belongs to."""
        parts: list[tuple[str, DOMNode, Iterable[BindingType]]] = [
            ("Moving", self._room_view.feed, Feed.BINDINGS),
            ("Marking and filtering", self._room_view, RoomView.BINDINGS),
            ("Looking closer", self.query_one(Panes), Panes.BINDINGS),
            ("In the detail pane", self.query_one(DetailText), (*DetailText.BINDINGS, *LinesView.BINDINGS)),
            ("Deleting and more", self, self.BINDINGS),
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

    @property
    def _room_view(self) -> RoomView:
        return self.query_one(RoomView)

    def _show_rooms(self) -> None:
        session = self._session
        marks = Counter(RoomKey(key.account, key.room_id) for key in session.selection)
        self.query_one(RoomList).show(session.accounts.values(), session.current, marks)

    def _show_status(self) -> None:
        self.query_one(StatusLine).show()

    def _show_detail(self) -> None:
        self.query_one(Panes).show_detail()
