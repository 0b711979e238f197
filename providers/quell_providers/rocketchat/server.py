"""Which version of Rocket.Chat answers, and what differs between versions (`/api/info`)."""

import re
from typing import NamedTuple

from quell_providers.refusal import TRANSIENT, RefusedError
from quell_providers.rocketchat import wire
from quell_providers.rocketchat.rest import Rest


class Version(NamedTuple):
    """A version without its patch level, which the server tells to few."""

    major: int
    minor: int


OLDEST = Version(6, 0)
"""What a server counts as that does not tell its version: what holds for this one holds for the later ones as well."""

SETTINGS_BY_ID = Version(7, 0)
"""`settings.public` gives single settings (`_id`); before, all of them have to be paged through."""
BYPASS_BY_ROOM_ROLE = Version(7, 0)
"""Roles of a room may lift the time limit (`bypass-time-limit-edit-and-delete`); before, only the workspace's."""
SYNC_CURSORS = Version(7, 9)
"""`chat.syncMessages` can be read page by page (`type`, `next`)."""
READ_ONLY_BY_DELETER = Version(8, 6)
"""In a read-only room it counts whether the one who deletes may write; before, whether the author may."""

_VERSION = re.compile(r"\s*(\d{1,4})\.(\d{1,4})")


class Server:
    """The server of an account; its version is asked for once.

    Args:
        rest: Where to ask.
    """

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._version: Version | None = None

    async def version(self) -> Version:
        """The server's version. Raises `RefusedError` where it can not be reached just now."""
        if self._version is None:
            try:
                self._version = parse(await self._rest.get("/api/info", wire.Info))
            except RefusedError as error:
                if error.refusal.kind in TRANSIENT:
                    raise
                self._version = OLDEST  # a proxy may keep this address to itself
        return self._version


def parse(info: wire.Info) -> Version:
    """The version in an answer of `/api/info`, wherever this server puts it."""
    nested = info.info.get("version") if isinstance(info.info, dict) else None
    for text in (info.version, nested):
        if isinstance(text, str) and (found := _VERSION.match(text)):
            return Version(int(found[1]), int(found[2]))
    return OLDEST
