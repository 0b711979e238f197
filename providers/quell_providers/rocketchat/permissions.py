"""Whether the server will let a message be deleted: its own rules for `chat.delete`, worked out beforehand.

The server answers "Not allowed" alike for a missing permission, deletion switched off and a message too old; these
rules tell them apart. They can not know of server apps, of federation, or of what changed since they were fetched.
"""

import math
from collections.abc import Mapping

from msgspec import Struct

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


def judge(preflight: Preflight, room_id: str, author_id: str, sent_at: float, now: float) -> Forecast:
    """What the server would answer to the deletion of this message.

    Args:
        preflight: What the server told of rights, rooms and settings.
        room_id: The room of the message.
        author_id: Who wrote it.
        sent_at: When it was sent, Unix seconds by the server's clock.
        now: When it would be deleted, Unix seconds by the server's clock.
    """
    membership = preflight.rooms.get(room_id)
    if membership is None:
        return Forecast(
            verdict="unknown",
            cause="You are not in this room, so your rights in it are not known.",
            remedy="Join the room.",
        )
    held = preflight.roles | membership.roles

    def may(permission: str) -> bool:
        return not held.isdisjoint(preflight.grants.get(permission, frozenset()))

    if may(FORCE):
        return ALLOWED
    if not preflight.allow_deleting:
        return _refused(
            "Deleting messages is switched off in this workspace.",
            f"An administrator can switch on the setting {ALLOW_DELETING}, or give your role {FORCE}.",
        )
    if not may(DELETE) and not (author_id == preflight.user_id and may(DELETE_OWN)):
        return _refused(
            "You may not delete other people's messages in this room."
            if author_id != preflight.user_id
            else "You may not delete messages in this room, not even your own.",
            f"Become moderator or owner of the room, or have an administrator give your role {DELETE}.",
        )
    if preflight.time_limit and not may(BYPASS_TIME_LIMIT):
        # The server ends here: it does not look at read-only any more once it has compared the time.
        return ALLOWED if _elapsed_minutes(sent_at, now) <= preflight.time_limit else _too_old(preflight.time_limit)
    if membership.read_only and not may(POST_READ_ONLY) and preflight.username not in membership.unmuted:
        return READ_ONLY
    return ALLOWED


def _refused(cause: str, remedy: str) -> Forecast:
    return Forecast(verdict="refused", cause=cause, remedy=remedy)


READ_ONLY = _refused(
    "The room is read-only, and you are not among those who may write in it.",
    f"An owner of the room can let you write in it, or an administrator can give your role {POST_READ_ONLY}.",
)


def _elapsed_minutes(sent_at: float, now: float) -> int:
    """Whole minutes as the server rounds them: half a minute counts as one."""
    return math.floor((now - sent_at) / 60 + 0.5)


def _too_old(limit: float) -> Forecast:
    return _refused(
        f"The message is older than {limit:g} {'minute' if limit == 1 else 'minutes'}, "
        "the time within which this workspace lets messages be deleted.",
        f"An administrator can give your role {BYPASS_TIME_LIMIT} or {FORCE}, or change the setting {TIME_LIMIT}.",
    )
