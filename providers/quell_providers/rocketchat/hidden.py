"""Deletions that leave no trace: messages that were hidden, not removed, while nobody listened.

Where a workspace keeps what is deleted (`Message_KeepHistory`) and shows no sign of it, the server tells of a deletion
only to those who listen at that moment: a hidden message is in neither list of `chat.syncMessages`, and not in
`chat.getDeletedMessages`, which knows only of removed ones. But the room's history leaves it out. So the newest page of
the history is held against what was told of the room, and what it lacks is gone. What was hidden in a gap and is older
than that page (100 messages, where the server gives so many) is not found out; when we delete it, the server says yes.
"""

import asyncio
import math

from quell_providers.rocketchat import history, public_settings, translate, wire
from quell_providers.rocketchat.directory import Directory
from quell_providers.rocketchat.memory import Memory
from quell_providers.rocketchat.rest import Rest
from quell_providers.rocketchat.server import Server

KEEPS = "Message_KeepHistory"
SHOWS = "Message_ShowDeletedStatus"


class Hidden:
    """Finds out which messages a room shows no longer.

    Args:
        rest: Where to ask.
        server: To know how to ask for settings.
        directory: To know of which kind a room is.
    """

    def __init__(self, rest: Rest, server: Server, directory: Directory) -> None:
        self._rest = rest
        self._server = server
        self._directory = directory
        self._asking = asyncio.Lock()
        self._hides: bool | None = None
        """Whether the workspace hides what is deleted without a sign; `None`: not known."""

    def forget(self) -> None:
        """The settings of the workspace may have changed."""
        self._hides = None

    async def among(self, room_id: str, memory: Memory) -> list[str]:
        """Ids of messages in `memory` that the newest page of the room's history lacks. Raises `RefusedError`."""
        room = self._directory.find(room_id)
        route = history.ROUTES.get(room.t) if room is not None else None
        if route is None or not await self._is_hiding():
            return []
        known = memory.posts()  # as of now: what comes later may be missing in the answer without being gone
        params = {"roomId": room_id, "count": str(history.LARGEST_PAGE), "showThreadMessages": "true"}
        answer = await self._rest.get(route, wire.Messages, params)
        try:
            shown = [wire.read(raw, wire.Message) for raw in answer.messages]
            present = {message.id: translate.seconds(message.ts) or 0.0 for message in shown}
        except wire.MalformedError:
            return []  # what can not be read is not gone
        oldest = min(present.values(), default=math.inf)
        return [each for each, at in known.items() if at > oldest and each not in present]

    async def _is_hiding(self) -> bool:
        async with self._asking:  # many rooms catch up at the same time
            if self._hides is None:
                found = await public_settings.fetch(self._rest, await self._server.version(), {KEEPS, SHOWS})
                self._hides = found.get(KEEPS) is True and found.get(SHOWS) is False
            return self._hides
