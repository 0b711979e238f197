"""Which line of the feed belongs to which message. Pure: heights in lines, no widget."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

from quell_providers.model import Message

HeightOf = Callable[[Message], int]


class RowIndex:
    """The messages shown in a feed, in order, and where each begins.

    Args:
        height_of: Lines that a message takes.
    """

    def __init__(self, height_of: HeightOf) -> None:
        self._height_of = height_of
        self._messages: list[Message] = []
        self._positions: dict[str, int] = {}
        self._heights: list[int] = []
        self._ends: list[int] = []
        """Line after the last one of each row."""

    def __len__(self) -> int:
        return len(self._messages)

    def __getitem__(self, index: int) -> Message:
        return self._messages[index]

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages)

    @property
    def height(self) -> int:
        """All lines together."""
        return self._ends[-1] if self._ends else 0

    def reset(self, messages: Iterable[Message]) -> None:
        """Show these messages instead."""
        self._messages = []
        self._positions = {}
        self._heights = []
        self._ends = []
        self.extend(messages)

    def extend(self, messages: Iterable[Message]) -> None:
        """Show these messages below the others."""
        added = list(messages)
        self._positions.update((message.id, number) for number, message in enumerate(added, len(self._messages)))
        self._messages.extend(added)
        heights = [self._height_of(message) for message in added]
        self._heights.extend(heights)
        ends = accumulate(heights, initial=self.height)
        next(ends)
        self._ends.extend(ends)

    def measure_all(self) -> None:
        """Take every height anew, after the width changed."""
        self._heights = [self._height_of(message) for message in self._messages]
        self._ends = list(accumulate(self._heights))

    def measure(self, message_ids: Iterable[str]) -> None:
        """Take the heights of some messages anew."""
        for message_id in message_ids:
            position = self._positions.get(message_id)
            if position is not None:
                self._heights[position] = self._height_of(self._messages[position])
        self._ends = list(accumulate(self._heights))

    def position(self, message_id: str | None) -> int | None:
        """Which row shows this message; `None` when none does."""
        return None if message_id is None else self._positions.get(message_id)

    def top(self, position: int) -> int:
        """First line of a row."""
        return self._ends[position - 1] if position else 0

    def bottom(self, position: int) -> int:
        """Line after the last one of a row."""
        return self._ends[position]

    def at(self, line: int) -> tuple[int, int] | None:
        """Row and line within the row that stand at this line; `None` below the last row."""
        if not 0 <= line < self.height:
            return None
        position = bisect_right(self._ends, line)
        return position, line - self.top(position)
