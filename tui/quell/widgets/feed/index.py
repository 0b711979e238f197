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
        self._heights: list[int] = []
        self._ends: list[int] = []
        """Line after the last one of each row, counted from before the first row that was ever let go of."""
        self._positions: dict[str, int] = {}
        """Position of each message, counted in the same way: so that letting go of rows changes no other entry."""
        self._dropped = 0
        self._dropped_lines = 0

    def __len__(self) -> int:
        return len(self._messages)

    def __getitem__(self, index: int) -> Message:
        return self._messages[index]

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages)

    @property
    def height(self) -> int:
        """All lines together."""
        return self._ends[-1] - self._dropped_lines if self._ends else 0

    def reset(self, messages: Iterable[Message]) -> None:
        """Show these messages instead."""
        self._messages, self._heights, self._ends, self._positions = [], [], [], {}
        self._dropped = self._dropped_lines = 0
        self.extend(messages)

    def extend(self, messages: Iterable[Message]) -> None:
        """Show these messages below the others."""
        added = list(messages)
        first = self._dropped + len(self._messages)
        self._positions.update((message.id, number) for number, message in enumerate(added, first))
        self._messages.extend(added)
        heights = [self._height_of(message) for message in added]
        self._heights.extend(heights)
        ends = accumulate(heights, initial=self._dropped_lines + self.height)
        next(ends)
        self._ends.extend(ends)

    def drop(self, count: int) -> None:
        """Let go of this many rows at the top."""
        if count == 0:
            return
        for message in self._messages[:count]:
            del self._positions[message.id]
        self._dropped += count
        self._dropped_lines = self._ends[count - 1]
        del self._messages[:count], self._heights[:count], self._ends[:count]

    def replace(self, messages: Iterable[Message]) -> None:
        """Show the new form of messages; those that are not shown are passed over."""
        replaced = []
        for message in messages:
            position = self.position(message.id)
            if position is not None:
                self._messages[position] = message
                replaced.append(message.id)
        self.measure(replaced)

    def measure_all(self) -> None:
        """Take every height anew, after the width changed."""
        self._heights = [self._height_of(message) for message in self._messages]
        self._sum_up()

    def measure(self, message_ids: Iterable[str]) -> None:
        """Take the heights of some messages anew."""
        changed = False
        for message_id in message_ids:
            position = self.position(message_id)
            if position is not None:
                height = self._height_of(self._messages[position])
                changed = changed or height != self._heights[position]
                self._heights[position] = height
        if changed:
            self._sum_up()

    def position(self, message_id: str | None) -> int | None:
        """Which row shows this message; `None` when none does."""
        position = None if message_id is None else self._positions.get(message_id)
        return None if position is None else position - self._dropped

    def top(self, position: int) -> int:
        """First line of a row."""
        return self._ends[position - 1] - self._dropped_lines if position else 0

    def bottom(self, position: int) -> int:
        """Line after the last one of a row."""
        return self._ends[position] - self._dropped_lines

    def at(self, line: int) -> tuple[int, int] | None:
        """Row and line within the row that stand at this line; `None` below the last row."""
        if not 0 <= line < self.height:
            return None
        position = bisect_right(self._ends, line + self._dropped_lines)
        return position, line - self.top(position)

    def _sum_up(self) -> None:
        ends = accumulate(self._heights, initial=self._dropped_lines)
        next(ends)
        self._ends = list(ends)
