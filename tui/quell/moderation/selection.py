"""What the moderator marked: messages by their ids, never by row numbers."""

from collections.abc import Iterable, Iterator, KeysView

from quell.moderation.deletion import MessageKey


class Selection:
    """Marked messages, over all accounts and rooms, in the order in which they were marked.

    Nothing that arrives, scrolls or is filtered changes it.
    """

    def __init__(self) -> None:
        # A dict keeps the order of marking and finds a key at once.
        self._marked: dict[MessageKey, None] = {}
        self._last: dict[MessageKey, None] = {}

    def __len__(self) -> int:
        return len(self._marked)

    def __iter__(self) -> Iterator[MessageKey]:
        return iter(self._marked)

    def __contains__(self, key: object) -> bool:
        return key in self._marked

    @property
    def keys(self) -> KeysView[MessageKey]:
        """The marked messages as a set that follows every later change."""
        return self._marked.keys()

    def toggle(self, key: MessageKey) -> bool:
        """Mark the message, or take its mark away; returns whether it is marked now."""
        if key in self._marked:
            del self._marked[key]
            return False
        self._marked[key] = None
        return True

    def add(self, keys: Iterable[MessageKey]) -> None:
        """Mark these too."""
        self._marked.update(dict.fromkeys(keys))

    def discard(self, keys: Iterable[MessageKey]) -> None:
        """Take the marks of these away, where they have one."""
        for key in keys:
            self._marked.pop(key, None)

    def replace(self, keys: Iterable[MessageKey]) -> None:
        """Mark these and nothing else."""
        self._marked = dict.fromkeys(keys)

    def invert(self, visible: Iterable[MessageKey]) -> None:
        """Swap marked and unmarked among the visible messages; marks outside of them stay."""
        for key in tuple(visible):
            self.toggle(key)

    def clear(self) -> None:
        """Take all marks away, and remember them for `restore`."""
        if self._marked:
            self._last = self._marked
            self._marked = {}

    def restore(self) -> None:
        """Bring back the marks that were cleared last, beside those made since."""
        self._marked = self._last | self._marked
