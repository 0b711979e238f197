"""What the detail pane is about, and what was found out about it. Pure."""

from dataclasses import dataclass
from typing import NamedTuple

from quell.moderation.deletion import DONE, OPEN, Deletion, MessageKey
from quell.moderation.journal import AuthorRecord
from quell.session.state import RoomState
from quell_providers.model import Author, Message
from quell_providers.provider import Forecast


class Subject(NamedTuple):
    """The message that is looked at."""

    room: RoomState
    message: Message
    deletion: Deletion | None
    """The newest deletion of it from here."""
    marked: bool
    service: str
    """The service's own name."""
    now: float
    """Unix seconds."""
    passing: bool
    """Whether it is but the newest one of many, under a cursor that follows."""

    @property
    def key(self) -> MessageKey:
        """The message's name over all accounts."""
        return self.room.message_key(self.message.id)

    @property
    def author(self) -> Author:
        """Who wrote it."""
        return self.message.author

    @property
    def deletable(self) -> bool:
        """Whether a deletion could be asked for: the message is there, and none is under way."""
        return not self.message.deleted and (self.deletion is None or self.deletion.state not in OPEN | DONE)

    @property
    def thread_id(self) -> str:
        """Id of the message that its thread hangs from; its own where it is no reply."""
        return self.message.thread_id or self.message.id


class AuthorHere(NamedTuple):
    """What a room's loaded messages tell of one author."""

    messages: int = 0
    marked: int = 0
    deleted: int = 0
    first_at: float | None = None
    """Unix seconds of the oldest one."""


class Nearby(NamedTuple):
    """What the messages around one tell of it."""

    author: AuthorHere
    replies: tuple[Message, ...]
    """The loaded replies of its thread, oldest first."""


@dataclass(slots=True)
class Findings:
    """What was asked for about a subject, as far as the answers are there; `None`: not yet."""

    forecast: Forecast | None = None
    nearby: Nearby | None = None
    record: AuthorRecord | None = None
    record_problem: str = ""
    """Why the journal could not tell."""
