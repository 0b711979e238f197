"""Older messages of a room: `channels.history`, `groups.history`, `im.history`."""

import logging

from msgspec import Raw

from quell_providers.model import Message
from quell_providers.provider import HistoryPage
from quell_providers.rocketchat import translate, wire
from quell_providers.rocketchat.memory import Memory
from quell_providers.rocketchat.rest import Rest

_log = logging.getLogger(__name__)

ROUTES = {"c": "channels.history", "p": "groups.history", "d": "im.history"}
"""By the kind of room; no other kind has a history."""

LARGEST_PAGE = 100
"""The server's own upper limit (`API_Upper_Count_Limit`)."""


async def fetch(rest: Rest, room: wire.Room, limit: int, before: str | None, memory: Memory) -> HistoryPage:
    """Up to `limit` messages older than `before`, an ISO 8601 time, or the newest. Raises `RefusedError`.

    One message more than wanted is asked for. If it comes, there are more pages, and whatever was sent in the very
    millisecond of it is left to the next one: a page that ended within that millisecond would lose the rest of it.
    """
    count = min(limit + 1, LARGEST_PAGE)
    params = {"roomId": room.id, "count": str(count), "showThreadMessages": "true", "inclusive": "false"}
    if before is not None:
        params["latest"] = before
    answer = await rest.get(ROUTES[room.t], wire.Messages, params)
    messages = _read(answer.messages, memory)
    if len(answer.messages) < count or not messages:
        return HistoryPage(messages=tuple(messages))
    kept = [message for message in messages if message.sent_at > messages[0].sent_at] or messages
    return HistoryPage(messages=tuple(kept), older=translate.iso(kept[0].sent_at))


def _read(entries: list[Raw], memory: Memory) -> list[Message]:
    """What can be read of them, oldest first; what is there is remembered."""
    messages = []
    for raw in entries:
        try:
            read = wire.read(raw, wire.Message)
            message = translate.message(read)
            messages.append(message)
            if not message.deleted:
                memory.remember(read, message.sent_at)
        except wire.MalformedError as error:
            _log.info("a message of the history can not be read: %s", error)
    return sorted(messages, key=lambda message: (message.sent_at, message.id))
