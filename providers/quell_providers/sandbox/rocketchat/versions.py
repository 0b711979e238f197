"""Which version of the server is played, and what differs between versions."""

from enum import Enum
from typing import NamedTuple


class Feature(Enum):
    """Something that not every version has: the first version that has it, and the first that no longer does.

    Where only a range of releases is known, the later end stands here.
    """

    DDP_DELETE = ("the DDP method deleteMessage", (0, 0), (7, 0))
    QUERY_PARAMETER = ("`query` and `fields` of GET routes count", (0, 0), (7, 0))
    ROOM_EVENTS_NEED_MEMBERSHIP = ("stream-notify-room is for members only", (0, 0), (8, 0))
    REPORTED_DELETION_IS_TOLD = ("moderation.user.deleteReportedMessages sends deleteMessageBulk", (0, 0), (8, 6))
    READ_ONLY_BY_AUTHOR = ("a read-only room asks whether the author may write, not the deleter", (0, 0), (8, 6))
    BYPASS_BY_ROOM_ROLE = ("roles of the room give bypass-time-limit-edit-and-delete", (7, 0), None)
    SETTINGS_BY_ID = ("settings.public takes `_id`", (7, 0), None)
    SYNC_CURSORS = ("chat.syncMessages takes `type`, `next` and `previous`", (7, 9), None)
    DELETED_MESSAGES_SCHEMA = ("chat.getDeletedMessages checks its dates by schema", (7, 9), None)
    ROOM_ROLES = ("rooms.roles", (8, 0), None)
    TYPED_ROUTES = ("routes check their schema before the rate limit", (8, 6), None)
    DELETE_BY_FILE = ("chat.delete takes `fileId`", (8, 6), None)
    DELETE_NEEDS_ACCESS = ("chat.delete asks for access to the room", (8, 6), None)
    BANS = ("rooms.banUser, rooms.unbanUser, rooms.bannedUsers", (8, 6), None)
    SYNC_FROM = ("chat.syncMessages takes `fromTs`", (8, 8), None)

    def __init__(self, what: str, since: tuple[int, int], until: tuple[int, int] | None) -> None:
        self.what = what
        self.since = since
        self.until = until


class Version(NamedTuple):
    """A version, without the patch."""

    major: int
    minor: int

    def has(self, feature: Feature) -> bool:
        """Whether a server of this version has it."""
        return self >= feature.since and (feature.until is None or self < feature.until)

    @property
    def short(self) -> str:
        """Such as `8.8`."""
        return f"{self.major}.{self.minor}"

    @property
    def full(self) -> str:
        """Such as `8.8.1`."""
        return f"{self.short}.{_PATCHES.get(self, 0)}"


_OLDEST = Version(6, 3)
_NEWEST_MINORS = {6: 13, 7: 13, 8: 8}
_PATCHES = {Version(6, 13): 1, Version(7, 13): 9, Version(8, 8): 1}


def parse_version(text: str) -> Version:
    """A version from `8.8`, or from `8`: its newest minor version.

    Raises:
        ValueError: Not a version from 6.3 to 8.8.
    """
    major, _, minor = text.partition(".")
    try:
        newest = _NEWEST_MINORS[int(major)]
        version = Version(int(major), int(minor) if minor else newest)
    except (ValueError, KeyError):
        raise _unknown(text) from None
    if not _OLDEST <= version <= Version(version.major, newest):
        raise _unknown(text)
    return version


def _unknown(text: str) -> ValueError:
    return ValueError(f"no Rocket.Chat version {text!r} here; there are 6.3 to 6.13, 7.0 to 7.13 and 8.0 to 8.8")
