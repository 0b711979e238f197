"""The work of one console without a screen: its accounts and rooms, what is followed, what is being deleted."""

from quell.session.session import Session
from quell.session.state import (
    AccountChanged,
    AccountState,
    Change,
    DeletionChanged,
    RoomChanged,
    RoomKey,
    RoomState,
    TaskFailed,
    TimelineChanged,
)

__all__ = [
    "AccountChanged",
    "AccountState",
    "Change",
    "DeletionChanged",
    "RoomChanged",
    "RoomKey",
    "RoomState",
    "Session",
    "TaskFailed",
    "TimelineChanged",
]
