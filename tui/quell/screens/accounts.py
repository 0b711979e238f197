"""What the main screen does about accounts, rooms and authors, rather than about messages."""

from abc import abstractmethod
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import ScreenResume

from quell.bridge import SessionUpdated
from quell.display import printable
from quell.display.wording import in_a_row
from quell.moderation.deletion import State
from quell.moderation.disconnecting import AnswerNotRecordedError
from quell.moderation.journal import JournalError
from quell.screens.about import AboutScreen
from quell.screens.about_text import room_text
from quell.screens.code import CodeScreen
from quell.screens.disconnect import DisconnectScreen, Question
from quell.screens.parts import PartsScreen
from quell.screens.public_rooms import PublicRoomsScreen
from quell.session.session import Session
from quell.session.state import AccountState, RoomKey, RoomState
from quell.widgets.notices import account_notice, refusal_notice
from quell.widgets.room_view import RoomView
from quell.widgets.rooms import RoomList
from quell_providers.refusal import Refusal


class AccountsScreen(PartsScreen):
    """The part of the main screen that asks for codes, tells of trouble with accounts, and opens rooms.

    Args:
        session: Already open.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "P", "public_rooms", "public", show=False, id="view.public", tooltip="Public rooms that you have not joined"
        ),
        Binding("I", "about", "about", show=False, id="view.about", tooltip="About this room: state, history, notes"),
        Binding("D", "disconnect", "disconnect", show=False, id="author.disconnect", tooltip="Disconnect this author"),
        Binding(
            "ctrl+r", "reconnect", "reconnect", show=False, id="view.reconnect", tooltip="Connect the accounts again"
        ),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._told: dict[str, Refusal] = {}
        """The refusal of each account that the moderator was told of."""

    @abstractmethod
    def look_at(self, key: RoomKey) -> None:
        """Show a room."""

    @abstractmethod
    def action_all_rooms(self) -> None:
        """Show all rooms at once."""

    @abstractmethod
    def look_at_all(self) -> None:
        """Show the two or more rooms that all rooms are now."""

    @on(RoomList.AllChosen)
    def _all_chosen(self) -> None:
        self.action_all_rooms()

    @on(RoomList.LeftOut)
    def _leave_out(self, event: RoomList.LeftOut) -> None:
        """Leave a room out of all rooms, or take it in again."""
        session = self._session
        session.left_out ^= {event.room}
        if len(session.viewed) > 1 and len(session.together()) < 2:
            session.left_out ^= {event.room}
            self.notify("Two rooms stay at the least; choose one to look at it alone.", markup=False)
        elif len(session.viewed) > 1:
            self.look_at_all()
        self.room_signs_changed()

    @abstractmethod
    def room_signs_changed(self) -> None:
        """Draw the list of rooms anew."""

    @property
    def _room_view(self) -> RoomView:
        return self.query_one(RoomView)

    # Logging in

    @on(ScreenResume)
    def _ask_for_code(self) -> None:
        """Ask for the next code, once no other dialog takes the keys."""
        requests = self._session.codes.open_requests
        if requests and self.app.screen is self:
            service = self._session.accounts[requests[0].account].service
            self.app.push_screen(CodeScreen(requests[0], service, self._session.codes))

    @on(SessionUpdated)
    def _accounts_updated(self, update: SessionUpdated) -> None:
        for name in update.accounts:
            self._tell_trouble(self._session.accounts[name])
        self._ask_for_code()

    def _tell_trouble(self, account: AccountState) -> None:
        """Tell of a login that was refused while rooms of another account, or older messages, are looked at."""
        refusal = account.refusal if account.phase == "refused" else None
        if refusal is None:
            self._told.pop(account.name, None)
        elif refusal != self._told.get(account.name):
            self._told[account.name] = refusal
            if self._session.current is not None:
                self.notify(
                    printable(in_a_row(refusal.cause or refusal.detail, refusal.remedy, "ctrl+r tries again")),
                    title=printable(f"{account.service} refused the login of {account.name}"),
                    severity="error",
                    timeout=15,
                    markup=False,
                )

    def tell_lost_room(self) -> None:
        """The room that was looked at is not among the rooms of its account any more."""
        view, key = self._room_view, self._session.current
        self._session.current = None
        if view.room is not None and view.room.key == key:
            self._tell_gone(view.room)

    def all_rooms_changed(self) -> None:
        """Look at what all rooms are now, where some are gone or others have come."""
        session, scope = self._session, self._room_view.scope
        rooms = session.together()
        if scope is None or set(rooms) == session.viewed:
            return
        for room in scope.rooms:
            if session.room(room.key) is None:
                self._tell_gone(room)
        if len(rooms) > 1:
            self.look_at_all()
        elif rooms:
            self.look_at(rooms[0])

    def _tell_gone(self, room: RoomState) -> None:
        self.notify(
            printable(f"{room.account} is not in {room.room.name or room.room.id} any more, or it was deleted."),
            title="This room is gone",
            severity="warning",
            timeout=15,
            markup=False,
        )

    @on(RoomList.AccountChosen)
    @work(group="about account", exclusive=True)
    async def _account_chosen(self, event: RoomList.AccountChosen) -> None:
        account = self._session.accounts[event.account]
        text = partial(_account_text, account, self._session)
        if await self.app.push_screen_wait(AboutScreen(text)):
            self._session.connect(account.name)

    def action_reconnect(self) -> None:
        """Bring every account that is not ready up again, and follow the current room again."""
        session = self._session
        for account in session.accounts.values():
            if account.phase != "ready" or not account.rooms:
                session.connect(account.name)
        if session.current is not None:
            session.view(session.current)

    # Rooms

    @work(group="public rooms", exclusive=True)
    async def action_public_rooms(self) -> None:
        """Choose a room that one may read without having joined it, and look at it."""
        chosen = await self.app.push_screen_wait(PublicRoomsScreen(self._session))
        if chosen is not None:
            self.look_at(self._session.add_public(chosen.account, chosen.room))

    @work(group="about room", exclusive=True)
    async def action_about(self) -> None:
        """Show all that is known of the room."""
        room, session = self._room_view.room, self._session
        if room is None:
            self.notify("There is no room to tell of.", markup=False)
            return
        service = session.accounts[room.account].service
        if await self.app.push_screen_wait(AboutScreen(lambda: room_text(room, service, now=session.now()))):
            self.action_reconnect()

    # Authors

    @work(group="disconnect")
    async def action_disconnect(self) -> None:
        """Ask whether to end all connections of the author of the message under the cursor, and do it."""
        room, message = self._room_view.room, self._room_view.feed.cursor_message
        if room is None or message is None or not message.author.id:
            self.notify("There is no message of anybody under the cursor.", markup=False)
            return
        session = self._session
        account = session.accounts[room.account]
        if not account.capabilities.disconnects:
            words = f"{account.service} has no means to end an author's connections. Delete the messages instead."
            self.notify(printable(words), severity="warning", markup=False)
            return
        config = session.workspace.config
        reason = await self.app.push_screen_wait(
            DisconnectScreen(
                Question(
                    room,
                    message,
                    account.service,
                    account.capabilities.reason_limit,
                    config.reasons,
                    config.deletion.reason_required,
                )
            )
        )
        if reason is None:
            return
        try:
            ended = await session.decisions.disconnect(room, message, reason)
        except AnswerNotRecordedError as error:
            ended = error.ended
            self._tell_error("Asked, but the answer is not on record", str(error))
        except JournalError as error:
            self._tell_error("No record, no disconnection", f"{error} Nobody was disconnected.")
            return
        author, where = message.author.name or message.author.id, room.room.name or room.room.id
        if ended.refusal is None:
            words = f"{account.service} ended every connection of {author} to {where}."
            self.notify(printable(words), title="Disconnected", timeout=10, markup=False)
            return
        lost = ended.state is State.UNKNOWN
        happened = "did not answer whether it disconnected" if lost else "did not disconnect"
        title = f"{account.service} {happened} {author} from {where}"
        content = refusal_notice("error", title, ended.refusal, "Doing it again does no harm." if lost else "").content
        self.app.push_screen(AboutScreen(lambda: content, mends=False))

    def _tell_error(self, title: str, words: str) -> None:
        self.notify(printable(words), title=title, severity="error", timeout=15, markup=False)


def _account_text(account: AccountState, session: Session) -> Content:
    return account_notice(account, now=session.now()).content
