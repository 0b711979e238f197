"""What a moderator would delete now, put together for the confirmation."""

from quell.moderation.deletion import MessageKey, State, Target
from quell.screens.confirm import Proposal
from quell.session.session import Session
from quell.session.state import RoomKey
from quell.widgets.room_view import RoomView

_UNDER_WAY = frozenset({State.HELD, State.QUEUED, State.SENT, State.ACCEPTED, State.CONFIRMED})


def propose(session: Session, view: RoomView) -> Proposal | None:
    """The marked messages, or the one under the cursor when none is marked; `None` when there is nothing to delete.

    Messages that are gone already, or whose deletion is under way, are left out.
    """
    marked = list(session.selection)
    message = view.feed.cursor_message
    if marked:
        keys = marked
    elif view.room is not None and message is not None:
        keys = [view.room.message_key(message.id)]
    else:
        keys = []
    targets = tuple(target for key in keys if (target := _target(session, key)) is not None)
    if not targets:
        return None
    settings = session.workspace.config.deletion
    scope = view.scope
    return Proposal(
        targets=targets,
        marked=bool(marked),
        hidden=frozenset(
            key
            for key in keys
            if scope is not None and (found := scope.find(key)) is not None and not view.is_shown(found)
        ),
        services={name: account.service for name, account in session.accounts.items()},
        capabilities={name: account.capabilities for name, account in session.accounts.items()},
        presets=session.workspace.config.reasons,
        reason_required=settings.reason_required,
        type_count_above=settings.type_count_above,
        grace_seconds=settings.grace_seconds,
        forecast=session.decisions.forecast,
        estimate=session.decisions.estimate,
    )


def _target(session: Session, key: MessageKey) -> Target | None:
    room = session.room(RoomKey(key.account, key.room_id))
    message = room.timeline.get(key.message_id) if room else None
    deletion = session.engine.find(key)
    under_way = deletion is not None and deletion.state in _UNDER_WAY
    if room is None or message is None or message.deleted or under_way:
        return None
    return session.decisions.target(room, message)
