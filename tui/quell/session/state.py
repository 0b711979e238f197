"""What a session knows of its accounts and rooms, and how it tells of changes."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from quell.moderation.deletion import Deletion, MessageKey
from quell.moderation.timeline import Change as TimelineChange
from quell.moderation.timeline import Place, Timeline, place
from quell_providers.model import Author, Room, StateChanged
from quell_providers.provider import Capabilities, Identity
from quell_providers.refusal import Refusal, RefusalKind

Phase = Literal["connecting", "ready", "refused", "unreachable"]
"""How an account stands. `refused` waits for the moderator; `unreachable` is tried again by itself."""

HistoryState = Literal["none", "loading", "loaded", "missing"]
"""`missing`: the service gave no history, and said why."""


class RoomKey(NamedTuple):
    """A room among all accounts."""

    account: str
    room_id: str


@dataclass(slots=True, eq=False)
class RoomState:
    """One room as this console sees it."""

    account: str
    room: Room
    timeline: Timeline
    link: StateChanged | None = None
    """How the live stream stands; `None`: not followed."""
    unread: int = 0
    newly_read: int = 0
    """How far back the first message lies that was unread when the room was looked at; 0 once it is known."""
    unread_from: Place | None = None
    """The first message that was unread when the room was looked at last; a line of its own stands above it."""
    history: HistoryState = "none"
    missing: Refusal | None = None
    """Why there is no history, or, while it is loading, why that takes long."""
    older: str | None = None
    """Where the next older page of history begins; `None`: there is none."""
    staff: tuple[Author, ...] = ()
    """Who moderates the room, as far as the service told."""
    joined: bool = True
    """The account is in the room; else it is one of the public rooms, which was asked for."""
    shares_name: bool = False
    """Another room of the account has the same name, so that the name alone does not tell which one it is."""
    retry_at: float | None = None
    """Unix seconds at which the live stream goes on, where `link` told when."""
    unreadable: int = 0
    """Frames and log records of the room that could not be understood so far."""
    key: RoomKey = field(init=False)
    """The room among all accounts."""

    def __post_init__(self) -> None:
        self.key = RoomKey(self.account, self.room.id)

    def mark_read(self) -> None:
        """Nothing is unread any more, and the line between old and new goes where the unread messages began, if any."""
        if self.unread:
            self.newly_read, self.unread = self.unread, 0
        elif not self.newly_read:
            self.unread_from = None
        self.draw_unread_line()

    def draw_unread_line(self) -> None:
        """Find the first of the messages that were unread, once those before it are loaded or known to be missing."""
        if self.newly_read and self.history in ("loaded", "missing") and len(self.timeline):
            self.unread_from = place(self.timeline[-min(self.newly_read, len(self.timeline))])
            self.newly_read = 0

    def message_key(self, message_id: str) -> MessageKey:
        """One of this room's messages among all rooms."""
        return MessageKey(self.account, self.room.id, message_id)


@dataclass(slots=True, eq=False)
class AccountState:
    """One account as this console sees it."""

    name: str
    service: str
    """The service's own name."""
    provider: str
    capabilities: Capabilities
    endpoint_host: str = ""
    """Host of whom deletions are asked."""
    phase: Phase = "connecting"
    identity: Identity | None = None
    refusal: Refusal | None = None
    """Why it is refused or unreachable."""
    retry_at: float | None = None
    """Unix seconds of the next attempt, when unreachable."""
    rooms: dict[str, RoomState] = field(default_factory=dict)
    """By room id, in the order of the service."""

    @property
    def acting_account(self) -> str:
        """The service's id of whom the account is logged in as; empty before the first login."""
        return self.identity.id if self.identity is not None else ""

    @property
    def is_locked_out(self) -> bool:
        """The service does not take the credentials."""
        return self.phase == "refused" and self.refusal is not None and self.refusal.kind is RefusalKind.LOGIN


class AccountChanged(NamedTuple):
    """An account's phase or its list of rooms changed."""

    account: str


class RoomChanged(NamedTuple):
    """A room's link, unread count or history state changed."""

    room: RoomKey


class TimelineChanged(NamedTuple):
    """Messages of a room arrived, changed or were let go of."""

    room: RoomKey
    change: TimelineChange


class DeletionChanged(NamedTuple):
    """A deletion moved to another state."""

    deletion: Deletion


class TaskFailed(NamedTuple):
    """A background task ended with an error nobody expected: a defect of Quell's."""

    task: str
    error: BaseException


Change = AccountChanged | RoomChanged | TimelineChanged | DeletionChanged | TaskFailed
