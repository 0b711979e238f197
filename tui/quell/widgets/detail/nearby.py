"""What the loaded messages of a room tell of one author."""

from collections.abc import AsyncIterator, Sequence

from quell.collector import spare_if_many
from quell.moderation.selection import Selection
from quell.pauses import FEW, taking, with_pauses
from quell.session.state import RoomState
from quell.widgets.detail.subject import AuthorHere
from quell_providers.model import Message


async def author_here(room: RoomState, author_id: str, selection: Selection) -> AuthorHere:
    """What an author did in a room."""
    count = marked = deleted = 0
    first_at: float | None = None
    async for some in _messages_by(room, author_id):
        count += len(some)
        marked += len(selection.ids_in(room.key).among(each.id for each in some))
        deleted += sum(each.deleted for each in some)
        if first_at is None and some:
            first_at = some[0].sent_at
    return AuthorHere(count, marked, deleted, first_at)


async def _messages_by(room: RoomState, author_id: str) -> AsyncIterator[Sequence[Message]]:
    """The messages of an author, oldest first, in parts, between which keys are handled and the screen is drawn."""
    timeline = room.timeline
    messages = timeline.by_author(author_id) if timeline.count_by(author_id) < FEW else timeline.messages
    spare_if_many(messages)
    async for some in with_pauses(taking(messages)):
        yield [each for each in some if each.author.id == author_id]
