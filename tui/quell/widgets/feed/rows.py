"""The messages that a feed shows, in order, and where each of them stands. Pure: heights in lines, no widget."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import overload

from quell.moderation.timeline import Place, place
from quell.widgets.feed.heights import UNMEASURED, Heights
from quell_providers.model import Message

HeightOf = Callable[[Message], int]

FEW = 64
"""Up to so many messages are put between others one by one; more are sorted in together."""


class Rows(Sequence[Message]):
    """Messages ordered by their places, each of which takes some lines.

    Heights are taken when they are needed, of what is in view and around it: wrapping a hundred thousand messages takes
    longer than a key may wait. A row that is not measured counts as one line.

    Args:
        height_of: Lines that a message takes.
    """

    def __init__(self, height_of: HeightOf) -> None:
        self._height_of = height_of
        self._messages: list[Message] = []
        self._heights = Heights()

    def __len__(self) -> int:
        return len(self._messages)

    @overload
    def __getitem__(self, index: int) -> Message: ...
    @overload
    def __getitem__(self, index: slice) -> list[Message]: ...
    def __getitem__(self, index: int | slice) -> Message | list[Message]:
        return self._messages[index]

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages)

    # Changing

    def reset(self, messages: list[Message]) -> list[Message]:
        """Show these messages instead; they are ordered, and the list is taken over. Returns those before."""
        before, self._messages = self._messages, messages
        self._heights.reset(len(messages))
        return before

    def add(self, messages: Sequence[Message]) -> None:
        """Show these messages too. They are ordered, and none of them is shown."""
        if not messages:
            return
        mine = self._messages
        if not mine or place(messages[0]) > place(mine[-1]):
            self._insert(len(mine), messages)
        elif place(messages[-1]) < place(mine[0]):
            self._insert(0, messages)
        elif len(messages) <= FEW:
            for message in messages:
                self._insert(self._index(place(message)), [message])
        else:
            self.reset(sorted([*mine, *messages], key=place))

    def replace(self, message: Message) -> bool:
        """Show a message's new form, which has the place of the old one. Returns whether it is shown."""
        row = self.position(place(message))
        if row is None:
            return False
        self._messages[row] = message
        self.forget_height(row)
        return True

    def remove(self, row: int) -> None:
        """Show this row no more."""
        del self._messages[row]
        self._heights.delete(row)

    def sweep(self, until: Place, keep: Callable[[Message], bool]) -> None:
        """Of the rows up to this place, show only those that are to be kept."""
        count = bisect_right(self._messages, until, key=place)
        kept = [row for row in range(count) if keep(self._messages[row])]
        heights = [self._heights[row] for row in kept]
        self._messages[:count] = [self._messages[row] for row in kept]
        self._heights.delete(0, count)
        if kept:
            self._heights.insert(0, heights)

    # Finding

    @property
    def lines(self) -> int:
        """All lines together."""
        return self._heights.total

    def position(self, sought: Place | None) -> int | None:
        """Which row stands at this place; `None` when none does."""
        if sought is None:
            return None
        row = self._index(sought)
        return row if row < len(self._messages) and place(self._messages[row]) == sought else None

    def nearest(self, sought: Place) -> int:
        """The row at this place, or else the next newer one, or else the last one."""
        return min(self._index(sought), len(self._messages) - 1)

    def between(self, first: Place, last: Place) -> range:
        """The rows from one place to another, whether or not these have rows themselves."""
        return range(self._index(first), bisect_right(self._messages, last, key=place))

    def top(self, row: int) -> int:
        """First line of a row."""
        return self._heights.top(row)

    def height(self, row: int) -> int:
        """Lines of a row."""
        return self._heights.height(row)

    def at(self, line: int) -> tuple[int, int] | None:
        """Row, and line within the row, that stand at this line; `None` above the first row and below the last."""
        return self._heights.at(line)

    # Measuring

    def measure(self, first: int, stop: int) -> None:
        """Take the heights of those of these rows that have none; numbers out of range are passed over."""
        first, stop = max(first, 0), min(stop, len(self._messages))
        while first < stop and (row := self._heights.next_unmeasured(first, stop)) is not None:
            first = row + 1
            while first < stop and self._heights[first] == 0:
                first += 1
            self._heights.set(row, map(self._height_of, self._messages[row:first]))

    def forget_height(self, row: int) -> None:
        """Something of a row changed; its height is taken anew when it is needed."""
        self._heights.set(row, [UNMEASURED])

    def forget_heights(self) -> None:
        """All heights are wrong, since the width changed."""
        self._heights.reset(len(self._messages))

    def _insert(self, row: int, messages: Sequence[Message]) -> None:
        self._messages[row:row] = messages
        self._heights.insert(row, bytes(len(messages)))

    def _index(self, sought: Place) -> int:
        return bisect_left(self._messages, sought, key=place)
