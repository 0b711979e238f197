"""Rooms, feed and detail side by side, and everything that looks closer at the message under the cursor."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Click, DescendantFocus

from quell.moderation.links import links_in
from quell.moderation.timeline import place
from quell.screens.code_points import CodePointsScreen
from quell.screens.copy import CopyScreen
from quell.screens.links import LinkScreen, LinksScreen
from quell.session.session import Session
from quell.session.state import RoomState
from quell.widgets.detail import DetailPane, DetailText, Subject
from quell.widgets.detail.copying import Copy, told, visible_text
from quell.widgets.feed import Feed
from quell.widgets.key_bar import Key, KeyBar
from quell.widgets.room_view import RoomView
from quell.widgets.rooms import RoomList
from quell.widgets.selecting_feed import SelectingFeed
from quell_providers.model import Message

_KEYS = (
    Key("y", "copy", "copy"),
    Key("Y", "more", "copy_other"),
    Key("l", "links", "links"),
    Key("c", "raw", "code_points"),
)

BUSY_RATE = 1.0
"""Messages a second from which the newest one is not looked at closely: the next one takes its place."""


class Panes(Horizontal):
    """The three panes of the main screen.

    Where they stand side by side, the detail pane is there unless it was closed (class `closed`). Where the terminal is
    too narrow for that, it takes the place of others while it is looked at (class `looking`).

    Args:
        session: Where rooms, messages and deletions are.
        id: As for every widget.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "look", "look", show=False, id="detail.look", tooltip="Read this message in full"),
        Binding("i", "toggle_detail", "detail", show=False, id="view.detail", tooltip="Show or hide the detail pane"),
        Binding("y", "copy", "copy", show=False, id="detail.copy", tooltip="Copy the text as it is shown"),
        Binding(
            "Y", "copy_other", "copy…", show=False, id="detail.copy-other", tooltip="Copy id, link, name or raw text"
        ),
        Binding("l", "links", "links", show=False, id="detail.links", tooltip="Where the links lead; open one"),
        Binding(
            "c", "code_points", "code points", show=False, id="detail.code-points", tooltip="Code points of the message"
        ),
    ]

    def __init__(self, session: Session, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._session = session

    def compose(self) -> ComposeResult:
        """From left to right."""
        yield RoomList(id="rooms")
        yield RoomView(self._session, id="room")
        yield DetailPane(self._session, KeyBar(self, _KEYS, id="detail-keys"), id="detail")

    # What the detail shows

    @property
    def _view(self) -> RoomView:
        return self.query_one(RoomView)

    @property
    def _pane(self) -> DetailPane:
        return self.query_one(DetailPane)

    @property
    def _message(self) -> Message | None:
        return self._view.feed.cursor_message

    @property
    def _wide(self) -> bool:
        return self.screen.has_class("-wide")

    def show_detail(self) -> None:
        """Bring the detail pane up to date with the message under the cursor."""
        pane, view, message = self._pane, self._view, self._message
        if not (self.has_class("looking") or (self._wide and not self.has_class("closed"))):
            pane.rest()
        elif view.room is None or message is None:
            pane.show_room(view.room)
        else:
            pane.show(self._subject(view.room, message))

    def _subject(self, room: RoomState, message: Message) -> Subject:
        session, key = self._session, room.message_key(message.id)
        return Subject(
            room=room,
            message=message,
            deletion=session.engine.find(key),
            marked=key in session.selection,
            service=session.accounts[room.account].service,
            now=session.now(),
            passing=self._view.feed.following and session.meter.rate(now=session.now()) > BUSY_RATE,
        )

    def on_resize(self) -> None:
        """The detail pane may have come into view."""
        self.call_after_refresh(self.show_detail)

    @on(SelectingFeed.SelectionChanged)
    def _marks_changed(self) -> None:
        self.show_detail()
        self._pane.look_around()

    # Looking closer

    def action_look(self) -> None:
        """Read the message in full: the keys scroll the detail pane until `esc`."""
        self._view.feed.hold_for_reading(True)
        self.remove_class("closed")
        self.add_class("looking")
        self.show_detail()
        self._pane.text.focus()
        self.call_after_refresh(self.show_detail)

    def action_toggle_detail(self) -> None:
        """Show or hide the detail pane."""
        if self.screen.has_class("-narrow") and not self.has_class("looking"):
            self.action_look()  # it covers the feed, so the keys are its own
            return
        self.toggle_class("closed" if self._wide else "looking")
        if self.screen.focused is self._pane.text:
            self._leave()
        self.call_after_refresh(self.show_detail)

    @on(DetailText.Left)
    def _leave(self) -> None:
        self.remove_class("looking")
        self._view.feed.focus()

    @on(DescendantFocus)
    def _focus_moved(self) -> None:
        """What is read in full stays what it is, however many messages arrive, and what is deleted then is that."""
        reading, shown = self.screen.focused is self._pane.text, self._pane.message
        # Under a cursor that follows, what is shown may be a little behind.
        if reading and shown is not None and self._message is not None and shown.id != self._message.id:
            self._view.feed.move_to(place(shown))
        self._view.feed.hold_for_reading(reading)

    @on(DetailText.NeighbourWanted)
    def _look_at_neighbour(self, event: DetailText.NeighbourWanted) -> None:
        self._view.feed.action_move(event.by)

    @on(DetailText.Asked)
    async def _act(self, event: DetailText.Asked) -> None:
        await self._view.feed.run_action(event.action)

    @on(Click)
    def _clicked(self, event: Click) -> None:
        if event.chain == 2 and isinstance(event.widget, Feed):
            self.action_look()

    # What is done with it

    def action_copy(self) -> None:
        """Copy the text as it is shown."""
        message = self._message
        if message is not None:
            self._copy(visible_text(message))

    @work(group="copy", exclusive=True)
    async def action_copy_other(self) -> None:
        """Choose what to copy."""
        message = self._message
        if message is not None:
            chosen = await self.app.push_screen_wait(CopyScreen(message))
            if chosen is not None:
                self._copy(chosen)

    def _copy(self, copy: Copy) -> None:
        if copy.text:
            self.app.copy_to_clipboard(copy.text)
            self.notify(told(copy), markup=False)
        else:
            self.notify("There is no text in this message.", markup=False)

    @work(group="links", exclusive=True)
    async def action_links(self) -> None:
        """Show where the links of the message lead."""
        message = self._message
        links = links_in(message) if message is not None else ()
        if not links:
            self.notify("There is no link in this message.", markup=False)
            return
        chosen = links[0] if len(links) == 1 else await self.app.push_screen_wait(LinksScreen(links))
        if chosen is not None:
            self.app.push_screen(LinkScreen(chosen))

    @on(DetailText.LinkPressed)
    def _link_pressed(self, event: DetailText.LinkPressed) -> None:
        message = self._pane.message
        links = links_in(message) if message is not None else ()
        if event.number < len(links):
            self.app.push_screen(LinkScreen(links[event.number]))

    def action_code_points(self) -> None:
        """Spell the message out."""
        message = self._message
        if message is not None:
            self.app.push_screen(CodePointsScreen(message))
