"""What is known of the messages that are looked at besides their words: for their rows, and for the query."""

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from quell.display import Printable, printable
from quell.display.lookalikes import LookAlikes
from quell.display.wording import KIND_GLYPHS, plural, room_name
from quell.moderation.deletion import Deletion, State
from quell.moderation.timeline import Place, place
from quell.session.scope import Scope
from quell.session.session import Session
from quell.session.state import RoomState
from quell.widgets.feed.dividers import Between, Dividers
from quell.widgets.feed.source import Beside
from quell_providers.model import Author, Message

RECENT = 500
"""Messages of each room whose authors are known at first, and offered to complete a name."""

_END: Place = (math.inf, "")
"""After every message."""


class Facts:
    """Answers the feed and the query about messages of the scope.

    Args:
        session: Where selection and deletions are.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.scope: Scope | None = None
        """The rooms that are looked at."""
        self._dividers = Dividers()
        self._met: set[str] = set()
        self._named: frozenset[str] = frozenset()
        """Staff by names, user names or ids, as configured."""
        self._look_alikes = LookAlikes()
        self._staff: frozenset[Author] = frozenset()

    def deletion_of(self, message: Message) -> Deletion | None:
        """The newest deletion of a message."""
        return None if self.scope is None else self._session.engine.find(self.scope.key_of(message))

    def state(self, message: Message) -> State | None:
        """How the newest deletion of a message stands."""
        deletion = self.deletion_of(message)
        return None if deletion is None else deletion.state

    def is_marked(self, message: Message) -> bool:
        """Whether the message is selected."""
        return self.scope is not None and self.scope.key_of(message) in self._session.selection

    def is_mine(self, message: Message) -> bool:
        """Whether the account that sees the message wrote it."""
        if self.scope is None:
            return False
        identity = self._session.accounts[self.scope.room_of(message).account].identity
        return identity is not None and identity.id == message.author.id

    def beside(self, message: Message) -> Beside:
        """What the row of a message shows besides it."""
        session, scope, author = self._session, self.scope, message.author
        if scope is None:
            return Beside()
        key = scope.key_of(message)
        return Beside(
            session.engine.find(key),
            key in session.selection,
            self._dividers.above(place(message)),
            # One of the staff, or whoever bore the name first.
            self._look_alikes.lookalike_of(author.id, author.name) or "",
        )

    def room_of(self, message: Message) -> Printable:
        """The glyph and name of a message's room."""
        if self.scope is None:
            return printable("")
        return _called(self.scope.room_of(message))

    def room_name(self, message: Message) -> str:
        """The name of a message's room; raw."""
        return "" if self.scope is None else self.scope.room_of(message).room.name

    def account(self, message: Message) -> str:
        """The name of the account through which the message's room is looked at."""
        return "" if self.scope is None else self.scope.room_of(message).account

    def meet(self, messages: Iterable[Message]) -> None:
        """Take note of who writes here, to tell those whose names imitate somebody's."""
        for message in messages:
            author = message.author
            if author.id not in self._met:
                self._met.add(author.id)
                staff = not {author.id, author.username}.isdisjoint(self._named)
                self._look_alikes.add(author.id, author.name, staff=staff)

    def meet_staff(self) -> bool:
        """Take note of who moderates the rooms, as their services told by now. Returns whether that is news."""
        told = frozenset(author for room in self.scope.rooms for author in room.staff) if self.scope else frozenset()
        news = told - self._staff
        self._staff = told
        for author in news:
            for name in {author.name, author.username} - {""}:
                self._look_alikes.add(author.id, name, staff=True)
        return bool(news)

    def look_at(self, scope: Scope) -> None:
        """Answer about other rooms from now on."""
        self.scope = scope
        self._met, self._look_alikes, self._staff = set(), LookAlikes(), frozenset()
        self._named = frozenset(self._session.workspace.config.console.staff)
        for name in self._named:
            self._look_alikes.expect(name)
        for account in self._session.accounts.values():
            if account.identity is not None:
                self._look_alikes.add(account.identity.id, account.identity.name, staff=True)
        self.meet_staff()
        for room in scope.rooms:
            self.meet(room.timeline[-RECENT:])

    def names(self) -> list[str]:
        """Names and user names of those who wrote the newest messages, the newest first; raw."""
        scope = self.scope
        newest = [] if scope is None else [message for room in scope.rooms for message in room.timeline[-RECENT:]]
        newest.sort(key=place)
        authors = dict.fromkeys(message.author for message in reversed(newest))
        names = dict.fromkeys(author.name for author in authors)
        return [*names, *dict.fromkeys(author.username for author in authors if author.username not in names)]

    def rooms(self) -> list[str]:
        """Names of the rooms that are looked at; raw."""
        return [] if self.scope is None else [room.room.name for room in self.scope.rooms]

    def now(self) -> float:
        """Unix seconds, by the session's clock."""
        return self._session.now()

    def divide(self, rows: Sequence[Message], changed: Iterable[Message] | None = None) -> set[Place]:
        """Find out anew what stands above which of these rows. Returns the places for which that changed.

        Args:
            rows: All of them.
            changed: Messages that may have got a row or lost it since this was asked last; `None`: any.
        """
        scope = self.scope
        if scope is None:
            return set()
        between = Between(
            gaps=scope.gaps,
            unread_from=None if scope.merged else scope.rooms[0].unread_from,
            let_go_until=scope.let_go_until,
            let_go=self._let_go(scope),
            beginnings=_beginnings(scope) if scope.merged else (),
            names={room.room.id: _called(room) for room in scope.rooms} if scope.merged else None,
            today=self.today(),
        )
        since = None if changed is None else min(map(place, changed), default=_END)
        return self._dividers.renew(rows, between, since=since)

    def today(self) -> date:
        """The local day, by the session's clock."""
        return datetime.fromtimestamp(self.now()).date()

    def _let_go(self, scope: Scope) -> str:
        kept = f"the newest {self._session.workspace.config.console.keep_messages:,} of a room are kept"
        if scope.let_go:
            return f"{plural(scope.let_go, 'older message')} let go of: {kept}"
        not_loaded = any(room.timeline.full and room.older is not None for room in scope.rooms)
        return f"older messages are not loaded: {kept}" if not_loaded else ""


def _beginnings(scope: Scope) -> list[tuple[Place, Printable]]:
    """The oldest message of each room that goes on further back than it is loaded, and what the room is called."""
    return [
        (place(room.timeline[0]), _called(room))
        for room in scope.rooms
        if room.older is not None and len(room.timeline)
    ]


def _called(room: RoomState) -> Printable:
    """The glyph and name of a room."""
    return printable(f"{KIND_GLYPHS[room.room.kind]} {room_name(room.room)}")
