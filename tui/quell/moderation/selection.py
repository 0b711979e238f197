"""What the moderator marked: messages by their ids, never by row numbers."""

from collections.abc import Iterable, Iterator, Mapping

from quell.moderation.deletion import MessageKey
from quell.moderation.ids import Ids

RoomRef = tuple[str, str]
"""Account and room id: what the keys of a room's messages begin with."""

Marks = Mapping[RoomRef, Ids]
"""By room, since thousands of one room are marked at once."""

FEW = 10_000
"""Marks that are added to others at once."""


class Selection:
    """Marked messages, over all accounts and rooms: room after room, in each in no order.

    Nothing that arrives, scrolls or is filtered changes it.
    """

    def __init__(self) -> None:
        self._marked: dict[RoomRef, Ids] = {}
        self._last: Marks = {}

    def __len__(self) -> int:
        return sum(map(len, self._marked.values()))

    def __iter__(self) -> Iterator[MessageKey]:
        for (account, room_id), ids in self._marked.items():
            for message_id in ids:
                yield MessageKey(account, room_id, message_id)

    def __contains__(self, key: MessageKey) -> bool:
        return key[2] in self._marked.get(key[:2], ())

    @property
    def counts(self) -> Mapping[RoomRef, int]:
        """How many messages are marked in each room that has any."""
        return {room: len(ids) for room, ids in self._marked.items() if ids}

    def ids_in(self, room: RoomRef) -> Ids:
        """Ids of the marked messages of a room."""
        return self._marked.get(room, Ids())

    def add(self, room: RoomRef, message_ids: Iterable[str]) -> None:
        """Mark these messages of a room too."""
        self._marks_of(room).add(message_ids)

    def discard(self, room: RoomRef, message_ids: Iterable[str]) -> None:
        """Take the marks of these away, where they have one."""
        self._marks_of(room).discard(message_ids)

    def toggle(self, room: RoomRef, message_ids: Iterable[str]) -> None:
        """Swap marked and unmarked among these; marks of others stay."""
        self._marks_of(room).toggle(message_ids)

    def copy(self) -> Marks:
        """The marks as they are now, for `replace`."""
        return {room: ids.copy() for room, ids in self._marked.items()}

    def replace(self, marks: Marks) -> None:
        """Have these marks and no others."""
        self._marked = {room: ids.copy() for room, ids in marks.items()}

    def clear(self) -> Marks:
        """Take all marks away, and remember them for `restoring`. Returns those that were remembered before."""
        if not len(self):
            return {}
        forgotten, self._last, self._marked = self._last, self._marked, {}
        return forgotten

    @property
    def remembers(self) -> bool:
        """Whether there are marks to bring back."""
        return any(self._last.values())

    def restoring(self) -> Iterator[None]:
        """Bring back the marks that were cleared last, beside those made since, a step at a time."""
        for room, last in self._last.items():
            since = self._marks_of(room)
            if len(since) > FEW:
                yield from since.merging(last)
                continue
            self._marked[room] = last.copy()
            self._marked[room].add(since)
            yield

    def _marks_of(self, room: RoomRef) -> Ids:
        return self._marked.setdefault(room, Ids())
