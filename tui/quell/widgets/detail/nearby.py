"""What the loaded messages of a room tell of one author."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from quell.moderation.selection import Selection
from quell.session.state import RoomState
from quell.widgets.detail.subject import AuthorHere
from quell_providers.model import Message

SLICE = 5_000
"""Messages looked at before everything else gets its turn."""


async def author_here(room: RoomState, author_id: str, selection: Selection) -> AuthorHere:
    """What an author did in a room."""
    messages = room.timeline.by_author(author_id)
    marked = deleted = 0
    async for some in _slices(messages):
        marked += sum(room.message_key(each.id) in selection for each in some)
        deleted += sum(each.deleted for each in some)
    return AuthorHere(len(messages), marked, deleted, messages[0].sent_at if messages else None)


async def _slices(messages: Sequence[Message]) -> AsyncIterator[Sequence[Message]]:
    """The messages in parts, between which keys are handled and the screen is drawn."""
    for start in range(0, len(messages), SLICE):
        yield messages[start : start + SLICE]
        await asyncio.sleep(0)
