"""How many lines each row takes, and so which row stands at a line. Pure, and quick at a million rows.

A byte a row, and one sum a block of rows: a line is found by a bisection over the sums and a short walk.
"""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

BLOCK = 256
"""Rows under one sum."""

TALLEST = 255
"""Lines a row can take at the most: they are kept in one byte."""

UNMEASURED = 0
"""A row whose height nobody needed yet; it counts as one line."""


class Heights:
    """The heights of rows in lines, in order. Rows are numbered from 0, the oldest."""

    def __init__(self) -> None:
        self._lines = bytearray()
        """One byte a row, with `_skipped` rows in front that were let go of: blocks would shift without them."""
        self._ends: list[int] = []
        """Line after the last one of each block, skipped rows included."""
        self._skipped = 0
        self._skipped_lines = 0

    def __len__(self) -> int:
        return len(self._lines) - self._skipped

    def __getitem__(self, row: int) -> int:
        return self._lines[self._skipped + row]

    @property
    def total(self) -> int:
        """All lines together."""
        return self._ends[-1] - self._skipped_lines if self._ends else 0

    def reset(self, count: int) -> None:
        """So many rows, none of them measured."""
        self._lines = bytearray(count)
        self._skipped = self._skipped_lines = 0
        self._ends = [*range(BLOCK, count, BLOCK), count] if count else []

    def insert(self, row: int, heights: Iterable[int]) -> None:
        """Put rows before this one; at the end, when it is the number of rows."""
        at = self._skipped + row
        self._lines[at:at] = bytes(heights)
        if row == 0 and self._skipped:
            del self._lines[: self._skipped]
            self._skipped = self._skipped_lines = 0
            at = 0
        self._sum_from(at // BLOCK)

    def delete(self, first: int, count: int = 1) -> None:
        """Take out rows."""
        if first == 0:
            self._drop(count)
            return
        at = self._skipped + first
        del self._lines[at : at + count]
        self._sum_from(at // BLOCK)

    def set(self, first: int, heights: Iterable[int]) -> None:
        """Give rows, from this one on, other heights."""
        at = self._skipped + first
        changed = bytes(heights)
        if not changed or self._lines[at : at + len(changed)] == changed:
            return
        self._lines[at : at + len(changed)] = changed
        begin, end = at // BLOCK, (at + len(changed) - 1) // BLOCK + 1
        before = self._ends[end - 1]
        self._sum(begin, end)
        if difference := self._ends[end - 1] - before:
            self._ends[end:] = [each + difference for each in self._ends[end:]]

    def top(self, row: int) -> int:
        """First line of a row; the number of all lines for the row after the last."""
        at = self._skipped + row
        block = at // BLOCK
        before = self._ends[block - 1] if block else 0
        return before + _sum(self._lines[block * BLOCK : at]) - self._skipped_lines

    def height(self, row: int) -> int:
        """Lines of a row, where one that is not measured counts as one."""
        return self._lines[self._skipped + row] or 1

    def at(self, line: int) -> tuple[int, int] | None:
        """Row, and line within the row, that stand at this line; `None` outside of all rows."""
        if not 0 <= line < self.total:
            return None
        sought = line + self._skipped_lines
        block = bisect_right(self._ends, sought)
        top = self._ends[block - 1] if block else 0
        at = block * BLOCK
        while top + (height := self._lines[at] or 1) <= sought:
            top += height
            at += 1
        return at - self._skipped, sought - top

    def next_unmeasured(self, row: int, stop: int) -> int | None:
        """The first row from this one up to `stop` that is not measured."""
        found = self._lines.find(UNMEASURED, self._skipped + row, self._skipped + stop)
        return None if found < 0 else found - self._skipped

    def _drop(self, count: int) -> None:
        """Let go of rows in front, whole blocks at a time."""
        self._skipped += count
        blocks = self._skipped // BLOCK
        if blocks:
            lines = self._ends[blocks - 1]
            del self._lines[: blocks * BLOCK]
            self._ends = [end - lines for end in self._ends[blocks:]]
            self._skipped -= blocks * BLOCK
        self._skipped_lines = _sum(self._lines[: self._skipped])

    def _sum_from(self, block: int) -> None:
        blocks = -(-len(self._lines) // BLOCK)
        del self._ends[blocks:]
        self._sum(block, blocks)

    def _sum(self, begin: int, end: int) -> None:
        """Sum up these blocks anew."""
        sums = (_sum(self._lines[block * BLOCK : (block + 1) * BLOCK]) for block in range(begin, end))
        ends = accumulate(sums, initial=self._ends[begin - 1] if begin else 0)
        next(ends)
        self._ends[begin:end] = ends


def _sum(lines: bytearray) -> int:
    return sum(lines) + lines.count(UNMEASURED)
