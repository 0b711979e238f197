"""The one way from the session to the screen: many small changes become few messages."""

import asyncio
from collections.abc import Callable

from textual.message import Message

from quell.moderation.deletion import Deletion
from quell.moderation.timeline import Change as TimelineChange
from quell.session.session import Session
from quell.session.state import (
    AccountChanged,
    Change,
    DeletionChanged,
    RoomChanged,
    RoomKey,
    TaskFailed,
    TimelineChanged,
)
from quell_providers.model import Message as ChatMessage

FRAME = 0.045
"""Seconds between two updates of the screen at the least."""


class TimelineUpdate:
    """How a room's timeline differs from what it was."""

    def __init__(self) -> None:
        self.added: list[ChatMessage] = []
        """New messages, in the order in which they came; they may have changed or gone again since."""
        self.updated: set[str] = set()
        """Ids of messages that were edited or marked as deleted."""
        self.dropped = False
        """Whether some of the oldest were let go of."""
        self.gaps = False
        """Whether the list of gaps changed."""

    def note(self, change: TimelineChange) -> None:
        """Take a change in."""
        self.added += change.added
        self.updated.update(change.updated)
        self.dropped = self.dropped or change.dropped > 0
        self.gaps = self.gaps or change.gaps


class SessionUpdated(Message, bubble=False):
    """What changed in the session since the last one of these."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts: set[str] = set()
        self.rooms: set[RoomKey] = set()
        self.timelines: dict[RoomKey, TimelineUpdate] = {}
        self.deletions: list[Deletion] = []
        self.failures: list[TaskFailed] = []

    def note(self, change: Change) -> None:
        """Take a change in."""
        match change:  # what comes most often first
            case TimelineChanged(room, changed):
                if room not in self.timelines:
                    self.timelines[room] = TimelineUpdate()
                self.timelines[room].note(changed)
            case AccountChanged(account):
                self.accounts.add(account)
            case RoomChanged(room):
                self.rooms.add(room)
            case DeletionChanged(deletion):
                self.deletions.append(deletion)
            case TaskFailed():
                self.failures.append(change)


class Bridge:
    """Collects the session's changes and posts them at most once a frame; the first one after a rest goes at once.

    Args:
        session: Whose changes to collect.
        post: Takes the message, such as a screen's `post_message`.
    """

    def __init__(self, session: Session, post: Callable[[SessionUpdated], object]) -> None:
        self._post = post
        self._pending: SessionUpdated | None = None
        self._not_before = 0.0
        session.listen(self._note)

    def _note(self, change: Change) -> None:
        if self._pending is None:
            self._pending = SessionUpdated()
            loop = asyncio.get_running_loop()
            loop.call_at(max(self._not_before, loop.time()), self._flush)
        self._pending.note(change)

    def _flush(self) -> None:
        pending, self._pending = self._pending, None
        # Counted from when it was due, or every delay would make the frames fewer.
        now = asyncio.get_running_loop().time()
        self._not_before = max(self._not_before + FRAME, now + FRAME / 2)
        if pending is not None:
            self._post(pending)
