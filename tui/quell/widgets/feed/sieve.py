"""Finding the messages that match a query, from where the moderator looks outwards, a chunk at a time. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from quell.moderation.timeline import place
from quell_providers.model import Message

CHUNK = 256
"""Messages looked at in one step, on each side."""


class Sieve:
    """Goes through messages from one of them outwards, so that what is in view is found first.

    Args:
        messages: Ordered by place; the list is taken over.
        start: Index to begin at; the number of messages, to begin at the newest.
        matches: Whether a message is meant.
    """

    def __init__(self, messages: list[Message], start: int, matches: Callable[[Message], bool]) -> None:
        self.messages = messages
        """All that is looked through."""
        self._matches = matches
        self._first = self._stop = start
        """What lies between is looked through."""

    @property
    def done(self) -> bool:
        """Whether all is looked through."""
        return self._first == 0 and self._stop == len(self.messages)

    @property
    def progress(self) -> float:
        """Which part of the messages is looked through, from 0 to 1."""
        return (self._stop - self._first) / len(self.messages) if self.messages else 1.0

    def step(self) -> tuple[list[Message], list[Message]]:
        """Look at the next chunk on both sides. Returns the matches older and newer than what was looked at before."""
        first, stop = max(self._first - CHUNK, 0), min(self._stop + CHUNK, len(self.messages))
        older = list(filter(self._matches, self.messages[first : self._first]))
        newer = list(filter(self._matches, self.messages[self._stop : stop]))
        self._first, self._stop = first, stop
        return older, newer

    def extend(self, messages: Sequence[Message]) -> list[Message]:
        """Look at new messages too, when it is their turn. Returns those whose neighbours had it already."""
        passed = []
        for message in messages:
            at = bisect_left(self.messages, place(message), key=place)
            if at < len(self.messages) and self.messages[at].id == message.id:
                continue
            self.messages.insert(at, message)
            if at <= self._first and at < self._stop:
                self._first += 1
            if at < self._stop:
                self._stop += 1
            if self._first <= at < self._stop:
                passed.append(message)
        return passed

    def replace(self, message: Message) -> bool:
        """Look at the new form of a message. Returns whether it was looked at already, in its old form."""
        index = self._index(message)
        if index is None:
            return True
        self.messages[index] = message
        return self._first <= index < self._stop

    def _index(self, message: Message) -> int | None:
        index = bisect_left(self.messages, place(message), key=place)
        found = index < len(self.messages) and self.messages[index].id == message.id
        return index if found else None
