"""Whether the server will let a message be deleted: its own rules for `chat.delete`, worked out beforehand.

The server answers "Not allowed" alike for a missing permission, deletion switched off and a message too old; these
rules tell them apart. They can not know of server apps, of federation, or of what changed since they were fetched.
"""

import math
from collections.abc import Mapping

from msgspec import Struct

from quell_providers.model import Author
from quell_providers.provider import Forecast

ALLOWED = Forecast(verdict="allowed")

FORCE = "force-delete-message"
DELETE = "delete-message"
DELETE_OWN = "delete-own-message"
BYPASS_TIME_LIMIT = "bypass-time-limit-edit-and-delete"
POST_READ_ONLY = "post-readonly"

ALLOW_DELETING = "Message_AllowDeleting"
TIME_LIMIT = "Message_AllowDeleting_BlockDeleteInMinutes"


class Membership(Struct, frozen=True, kw_only=True):
    """The account's standing in one room."""

    roles: frozenset[str] = frozenset()
    """Roles held in this room only, such as `moderator`."""
    read_only: bool = False
    unmuted: frozenset[str] = frozenset()
    """User names that may write in the room although it is read-only."""


class Preflight(Struct, frozen=True, kw_only=True):
    """Everything the rules need, as the server told it last."""

    user_id: str
    username: str
    roles: frozenset[str]
    """Roles held in the whole workspace."""
    grants: Mapping[str, frozenset[str]]
    """The roles that hold each permission."""
    rooms: Mapping[str, Membership]
    """By room id; rooms the account is not in are missing."""
    allow_deleting: bool
    """`Message_AllowDeleting`."""
    time_limit: float
    """`Message_AllowDeleting_BlockDeleteInMinutes`; 0: none."""
    bypass_by_room_role: bool = True
    """Roles of a room may lift the time limit; on servers before version 7 only those of the workspace."""
    read_only_by_author: bool = False
    """In a read-only room it counts whether the author may write, not whether we may; on older servers."""


def judge(preflight: Preflight, room_id: str, author: Author, sent_at: float, now: float) -> Forecast:
    """What the server would answer to the deletion of this message.

    Args:
        preflight: What the server told of rights, rooms and settings.
        room_id: The room of the message.
        author: Who wrote it.
        sent_at: When it was sent, Unix seconds by the server's clock.
        now: When it would be deleted, Unix seconds by the server's clock.
    """
    membership = preflight.rooms.get(room_id)
    if membership is None:
        return _NOT_IN_ROOM
    held = preflight.roles | membership.roles
    if _holds(preflight, held, FORCE):
        return ALLOWED
    if not preflight.allow_deleting:
        return _SWITCHED_OFF
    is_own = author.id == preflight.user_id
    if not _holds(preflight, held, DELETE) and not (is_own and _holds(preflight, held, DELETE_OWN)):
        return _MAY_NOT_OWN if is_own else _MAY_NOT
    lifting = held if preflight.bypass_by_room_role else preflight.roles
    if preflight.time_limit and not _holds(preflight, lifting, BYPASS_TIME_LIMIT):
        # The server ends here: it does not look at read-only any more once it has compared the time.
        return ALLOWED if _elapsed_minutes(sent_at, now) <= preflight.time_limit else _too_old(preflight.time_limit)
    writer = author.username if preflight.read_only_by_author else preflight.username
    if membership.read_only and not _holds(preflight, held, POST_READ_ONLY) and writer not in membership.unmuted:
        return READ_ONLY
    return ALLOWED


def judge_as_author(preflight: Preflight, room_id: str, author: Author, sent_at: float, now: float) -> Forecast:
    """The same for a deletion in the author's name (`asUser`), which the author's rights decide.

    Those are not known; what every user has by default is taken for them.
    """
    membership = preflight.rooms.get(room_id)
    if membership is None:
        return _NOT_IN_ROOM
    if author.id == preflight.user_id:
        return judge(preflight, room_id, author, sent_at, now)
    if not _holds(preflight, preflight.roles | membership.roles, FORCE):
        return _refused(
            "You may not delete in the name of other people.",
            f"An administrator can give your role {FORCE}. Or delete in your own name: take delete_as_author out.",
        )
    if not preflight.allow_deleting:
        return _SWITCHED_OFF
    if preflight.time_limit and _elapsed_minutes(sent_at, now) > preflight.time_limit:
        return Forecast(
            verdict="unknown",
            cause=f"The message is older than {preflight.time_limit:g} minutes, the author's own time limit decides.",
            remedy="Delete in your own name: take delete_as_author out of the account's settings.",
        )
    return ALLOWED


def _holds(preflight: Preflight, roles: frozenset[str], permission: str) -> bool:
    return not roles.isdisjoint(preflight.grants.get(permission, frozenset()))


def _refused(cause: str, remedy: str) -> Forecast:
    return Forecast(verdict="refused", cause=cause, remedy=remedy)


READ_ONLY = _refused(
    "The room is read-only, and you are not among those who may write in it.",
    f"An owner of the room can let you write in it, or an administrator can give your role {POST_READ_ONLY}.",
)


_NOT_IN_ROOM = Forecast(
    verdict="unknown",
    cause="You are not in this room, so your rights in it are not known.",
    remedy="Join the room.",
)
_SWITCHED_OFF = _refused(
    "Deleting messages is switched off in this workspace.",
    f"An administrator can switch on the setting {ALLOW_DELETING}, or give your role {FORCE}.",
)
_GET_PERMISSION = f"Become moderator or owner of the room, or have an administrator give your role {DELETE}."
_MAY_NOT = _refused("You may not delete other people's messages in this room.", _GET_PERMISSION)
_MAY_NOT_OWN = _refused("You may not delete messages in this room, not even your own.", _GET_PERMISSION)


def _elapsed_minutes(sent_at: float, now: float) -> int:
    """Whole minutes as the server rounds them: half a minute counts as one."""
    return math.floor((now - sent_at) / 60 + 0.5)


def _too_old(limit: float) -> Forecast:
    return _refused(
        f"The message is older than {limit:g} {'minute' if limit == 1 else 'minutes'}, "
        "the time within which this workspace lets messages be deleted.",
        f"An administrator can give your role {BYPASS_TIME_LIMIT} or {FORCE}, or change the setting {TIME_LIMIT}.",
    )
