"""What the moderator marked: messages by their ids, never by row numbers."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from quell.moderation.deletion import MessageKey

RoomRef = tuple[str, str]
"""Account and room id: what the keys of a room's messages begin with."""

_Marks = dict[RoomRef, dict[str, None]]
"""By room, since thousands of one room are marked at once. A dict keeps the order, and finds an id at once."""


class Selection:
    """Marked messages, over all accounts and rooms: room after room, in each in the order in which they were marked.

    Nothing that arrives, scrolls or is filtered changes it.
    """

    def __init__(self) -> None:
        self._marked: _Marks = {}
        self._last: _Marks = {}
        self._version = 0

    def __len__(self) -> int:
        return sum(map(len, self._marked.values()))

    def __iter__(self) -> Iterator[MessageKey]:
        for (account, room_id), ids in self._marked.items():
            for message_id in ids:
                yield MessageKey(account, room_id, message_id)

    def __contains__(self, key: MessageKey) -> bool:
        return key[2] in self._marked.get(key[:2], ())

    @property
    def version(self) -> int:
        """Grows whenever marks may have changed."""
        return self._version

    @property
    def counts(self) -> Mapping[RoomRef, int]:
        """How many messages are marked in each room that has any."""
        return {room: len(ids) for room, ids in self._marked.items() if ids}

    def ids_in(self, room: RoomRef) -> Collection[str]:
        """Ids of the marked messages of a room."""
        return self._marked.get(room, {}).keys()

    def toggle(self, key: MessageKey) -> bool:
        """Mark the message, or take its mark away; returns whether it is marked now."""
        marked = key not in self
        if marked:
            self.add([key])
        else:
            self.discard([key])
        return marked

    def add(self, keys: Iterable[MessageKey]) -> None:
        """Mark these too."""
        self._version += 1
        for account, room_id, message_id in keys:
            self._marked.setdefault((account, room_id), {})[message_id] = None

    def add_in(self, room: RoomRef, message_ids: Iterable[str]) -> None:
        """Mark these messages of one room too."""
        self._version += 1
        marked = self._marked.setdefault(room, {})
        for message_id in message_ids:
            marked[message_id] = None

    def discard(self, keys: Iterable[MessageKey]) -> None:
        """Take the marks of these away, where they have one."""
        self._version += 1
        for account, room_id, message_id in keys:
            self._marked.get((account, room_id), {}).pop(message_id, None)

    def replace(self, keys: Iterable[MessageKey]) -> None:
        """Mark these and nothing else."""
        self._marked = {}
        self.add(keys)

    def invert(self, visible: Iterable[MessageKey]) -> None:
        """Swap marked and unmarked among the visible messages; marks outside of them stay."""
        for key in tuple(visible):
            self.toggle(key)

    def clear(self) -> None:
        """Take all marks away, and remember them for `restore`."""
        self._version += 1
        if len(self):
            self._last = self._marked
        self._marked = {}

    def restore(self) -> bool:
        """Bring back the marks that were cleared last, beside those made since. Returns whether there are any."""
        if not self._last:
            return False
        self._version += 1
        rooms = dict.fromkeys([*self._last, *self._marked])
        self._marked = {room: self._last.get(room, {}) | self._marked.get(room, {}) for room in rooms}
        return True
