"""The one way from the session to the screen: many small changes become few messages."""

import asyncio
from collections.abc import Callable

from textual.message import Message

from quell.moderation.deletion import Deletion
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

FRAME = 1 / 20
"""Seconds between two updates of the screen at the least."""


class SessionUpdated(Message):
    """What changed in the session since the last one of these."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts: set[str] = set()
        self.rooms: set[RoomKey] = set()
        self.timelines: dict[RoomKey, set[str]] = {}
        """Ids of updated messages, by room."""
        self.deletions: list[Deletion] = []
        self.failures: list[TaskFailed] = []

    def note(self, change: Change) -> None:
        """Take a change in."""
        match change:
            case AccountChanged(account):
                self.accounts.add(account)
            case RoomChanged(room):
                self.rooms.add(room)
            case TimelineChanged(room, updated):
                self.timelines.setdefault(room, set()).update(updated)
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
        self._not_before = asyncio.get_running_loop().time() + FRAME
        if pending is not None:
            self._post(pending)
