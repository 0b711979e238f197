"""Looking through a room's messages for those of one author and those of one thread, without keeping a key waiting."""

import asyncio
from collections.abc import Container, Iterator, Sequence

from quell.moderation.deletion import MessageKey
from quell.session.state import RoomState
from quell.widgets.detail.subject import AuthorHere, Nearby
from quell_providers.model import Message

SLICE = 5_000
"""Messages looked at before everything else gets its turn."""


async def look_around(room: RoomState, message: Message, selection: Container[MessageKey]) -> Nearby:
    """What a room's loaded messages tell of a message's author and thread."""
    thread_id = message.thread_id or message.id
    by_author: list[Message] = []
    replies: list[Message] = []
    for some in _slices(room.timeline.messages):
        by_author += [each for each in some if each.author.id == message.author.id]
        replies += [each for each in some if each.thread_id == thread_id]
        await asyncio.sleep(0)
    return Nearby(_of_author(room, by_author, selection), tuple(replies))


def _of_author(room: RoomState, messages: list[Message], selection: Container[MessageKey]) -> AuthorHere:
    return AuthorHere(
        messages=len(messages),
        marked=sum(room.message_key(each.id) in selection for each in messages),
        deleted=sum(each.deleted for each in messages),
        first_at=messages[0].sent_at if messages else None,
    )


def _slices(messages: Sequence[Message]) -> Iterator[Sequence[Message]]:
    for start in range(0, len(messages), SLICE):
        yield messages[start : start + SLICE]
