"""What a moderator would delete now, put together for the confirmation."""

import time
from collections.abc import AsyncIterator, Iterable, Sequence

from quell.collector import spare_if_many
from quell.moderation.counts import Counts
from quell.moderation.deletion import MessageKey, State, Target
from quell.moderation.ids import Ids
from quell.moderation.timeline import place
from quell.pauses import FEW, chunks_of, in_chunks, taking, with_pauses
from quell.screens.confirm import Proposal
from quell.session.session import Session
from quell.session.state import RoomKey, RoomState
from quell.widgets.room_view import RoomView
from quell_providers.model import Message

_UNDER_WAY = frozenset({State.HELD, State.QUEUED, State.SENT, State.ACCEPTED, State.CONFIRMED})

SHOWN = 0.1
"""Seconds after which it is told how far this is."""

LOOK_UP = 16
"""To look up the row of a message takes about as long as to look at so many rows."""


async def propose(session: Session, view: RoomView) -> Proposal | None:
    """The marked messages, or the one under the cursor when none is marked; `None` when there is nothing to delete.

    They are in the order of the feed, room after room. Messages that are gone already, or whose deletion is under way,
    are left out. Where there are many, the view tells how far this is.
    """
    marked = len(session.selection)
    targets: list[Target] = []
    counts = Counts()
    shown = time.perf_counter()
    view.tell_asking(0.0)
    try:
        async for some in _marked(session) if marked else _under_cursor(session, view):
            targets += some
            counts.add(some)
            if time.perf_counter() - shown > SHOWN:
                shown = time.perf_counter()
                view.tell_asking(len(targets) / marked)
        hidden = await _hidden(session, view) if marked else frozenset()
    finally:
        view.tell_asking(None)
    spare_if_many(targets)
    if not targets:
        return None
    settings = session.workspace.config.deletion
    return Proposal(
        targets=targets,
        counts=counts,
        marked=marked > 0,
        hidden=hidden,
        services={name: account.service for name, account in session.accounts.items()},
        capabilities={name: account.capabilities for name, account in session.accounts.items()},
        presets=session.workspace.config.reasons,
        reason_required=settings.reason_required,
        type_count_above=settings.type_count_above,
        grace_seconds=settings.grace_seconds,
        forecast=session.decisions.forecast,
        estimate=session.decisions.estimate,
    )


async def _under_cursor(session: Session, view: RoomView) -> AsyncIterator[list[Target]]:
    message = view.feed.cursor_message
    if view.room is not None and message is not None:
        yield _targets(session, view.room, [message])


async def _marked(session: Session) -> AsyncIterator[list[Target]]:
    for account, room_id in list(session.selection.counts):
        room = session.room(RoomKey(account, room_id))
        if room is not None:
            ids = session.selection.ids_in(room.key).copy()
            async for messages in with_pauses(_in_order(room, ids)):
                yield _targets(session, room, messages)


def _in_order(room: RoomState, ids: Ids) -> Iterable[Sequence[Message]]:
    """The messages of a room with these ids, in order, some at a time."""
    timeline = room.timeline
    if len(ids) < FEW:
        found = (timeline.get(each) for each in ids)
        yield from in_chunks(sorted((each for each in found if each is not None), key=place))
        return
    messages = timeline.messages
    spare_if_many(messages)
    for some in taking(messages):
        marked = ids.among(message.id for message in some)
        yield [message for message in some if message.id in marked]


def _targets(session: Session, room: RoomState, messages: Iterable[Message]) -> list[Target]:
    return [
        session.decisions.target(room, message)
        for message in messages
        if not message.deleted and not _under_way(session, room.message_key(message.id))
    ]


def _under_way(session: Session, key: MessageKey) -> bool:
    deletion = session.engine.find(key)
    return deletion is not None and deletion.state in _UNDER_WAY


async def _hidden(session: Session, view: RoomView) -> frozenset[MessageKey]:
    """Which of the marked messages of the rooms that are looked at have no row."""
    scope, rows = view.scope, view.feed.rows
    if scope is None or len(rows) == len(scope):
        return frozenset()
    hidden: set[MessageKey] = set()
    for room in scope.rooms:
        ids = session.selection.ids_in(room.key).copy()
        if len(ids) * LOOK_UP > len(rows):
            async for some in with_pauses(taking(rows[:])):
                ids.discard(message.id for message in some if message.room_id == room.room.id)
        async for left in with_pauses(chunks_of(ids)):
            messages = [message for each in left if (message := room.timeline.get(each)) is not None]
            hidden.update(room.message_key(message.id) for message in messages if not view.is_shown(message))
    return frozenset(hidden)
