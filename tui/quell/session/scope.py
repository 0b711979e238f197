"""The rooms whose messages are looked at together: one room, or several merged by time."""

from collections import Counter
from collections.abc import Iterable, Sequence

from quell.moderation.deletion import MessageKey
from quell.moderation.timeline import Place, place
from quell.session.state import RoomKey, RoomState
from quell_providers.model import Gap, Message


class Scope:
    """One room, or several. Rooms of two services may have the same id: every Rocket.Chat has a `GENERAL`.

    Args:
        rooms: At least one, each once, however many accounts see it.
    """

    def __init__(self, rooms: Sequence[RoomState]) -> None:
        self.rooms = tuple(rooms)
        ids = Counter(room.room.id for room in rooms)
        self._by_id = {room.room.id: room for room in rooms if ids[room.room.id] == 1}
        self._of_one_id = {shared: [room for room in rooms if room.room.id == shared] for shared in ids}

    def __len__(self) -> int:
        return sum(len(room.timeline) for room in self.rooms)

    def __contains__(self, key: RoomKey) -> bool:
        return any(room.key == key for room in self.rooms)

    @property
    def merged(self) -> bool:
        """Whether it is several rooms."""
        return len(self.rooms) > 1

    @property
    def gaps(self) -> list[Gap]:
        """Times in which messages of these rooms may be missing, earliest first."""
        gaps = [gap for room in self.rooms for gap in room.timeline.gaps]
        return sorted(gaps, key=lambda gap: gap.since) if self.merged else gaps

    @property
    def let_go(self) -> int:
        """How many messages were let go of, to stay within the limit."""
        return sum(room.timeline.let_go for room in self.rooms)

    @property
    def let_go_until(self) -> Place:
        """The newest place from which a message was let go of."""
        return max(room.timeline.let_go_until for room in self.rooms)

    def messages(self) -> list[Message]:
        """All messages that are kept, ordered by place; a copy."""
        if not self.merged:
            return self.rooms[0].timeline.messages
        # Sorting runs that are sorted already merges them.
        return sorted((message for room in self.rooms for message in room.timeline), key=place)

    def by_author(self, author_id: str) -> list[Message]:
        """All messages of an author that are kept, ordered by place."""
        found = [message for room in self.rooms for message in room.timeline.by_author(author_id)]
        return sorted(found, key=place) if self.merged else found

    def count_by(self, author_id: str) -> int:
        """How many messages of an author are kept, or a few more."""
        return sum(room.timeline.count_by(author_id) for room in self.rooms)

    def room_of(self, message: Message) -> RoomState:
        """The room that a message of this scope stands in."""
        room = self._by_id.get(message.room_id)
        if room is None:
            candidates = self._of_one_id[message.room_id]
            room = next((each for each in candidates if each.timeline.get(message.id) is not None), candidates[0])
        return room

    def key_of(self, message: Message) -> MessageKey:
        """A message of this scope among all messages."""
        return self.room_of(message).message_key(message.id)

    def find(self, key: MessageKey) -> Message | None:
        """The message that a key names, if it is kept and stands in this scope."""
        candidates = self._of_one_id.get(key.room_id, ())
        room = next((each for each in candidates if each.account == key.account), None)
        return room.timeline.get(key.message_id) if room is not None else None

    def still(self, messages: Iterable[Message]) -> list[Message]:
        """Messages of this scope in the form that they have now, without those that were let go of."""
        if not self.merged:
            get = self.rooms[0].timeline.get
            return [current for message in messages if (current := get(message.id)) is not None]
        return [current for message in messages if (current := self.now(message)) is not None]

    def now(self, message: Message) -> Message | None:
        """The form that a message of this scope has now; `None` when it was let go of."""
        return self.room_of(message).timeline.get(message.id)
