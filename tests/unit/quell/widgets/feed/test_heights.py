import random
from itertools import accumulate

import pytest

from quell.widgets.feed.heights import BLOCK, Heights


class Naive:
    """The same by counting."""

    def __init__(self) -> None:
        self.lines: list[int] = []

    def tops(self) -> list[int]:
        return list(accumulate((each or 1 for each in self.lines), initial=0))


def assert_same(heights: Heights, naive: Naive) -> None:
    tops = naive.tops()
    assert len(heights) == len(naive.lines)
    assert heights.total == tops[-1]
    assert [heights.top(row) for row in range(len(naive.lines) + 1)] == tops
    assert [heights[row] for row in range(len(naive.lines))] == naive.lines
    expected = [(row, line) for row, height in enumerate(naive.lines) for line in range(height or 1)]
    assert [heights.at(line) for line in range(tops[-1])] == expected
    assert heights.at(-1) is None
    assert heights.at(tops[-1]) is None


def change(chance: random.Random, heights: Heights, naive: Naive) -> None:
    """Do one random thing to both."""
    count = len(naive.lines)
    row = chance.randint(0, count)
    new = [chance.choice([0, 1, 1, 2, 5]) for _ in range(chance.choice([1, 3, BLOCK, 2 * BLOCK + 7]))]
    match chance.randrange(5):
        case 0:
            heights.insert(row, new)
            naive.lines[row:row] = new
        case 1:
            heights.insert(count, new)
            naive.lines += new
        case 2:
            gone = min(chance.choice([1, 5, BLOCK, BLOCK + 1]), count)
            heights.delete(0, gone)
            del naive.lines[:gone]
        case 3 if row < count:
            heights.delete(row)
            del naive.lines[row]
        case _ if row < count:
            new = new[: count - row]
            heights.set(row, new)
            naive.lines[row : row + len(new)] = new


@pytest.mark.parametrize("seed", range(12))
def test_lines_and_rows_agree_with_counting_whatever_is_done(seed: int) -> None:
    chance = random.Random(seed)
    heights, naive = Heights(), Naive()
    for _ in range(12):
        change(chance, heights, naive)
    assert_same(heights, naive)


def test_rows_that_are_not_measured_count_as_one_line_and_are_found() -> None:
    heights = Heights()
    heights.reset(5)
    heights.set(1, [3])
    heights.set(3, [2])
    assert heights.total == 8
    assert (heights.next_unmeasured(1, 5), heights.next_unmeasured(3, 4)) == (2, None)
    assert (heights.height(0), heights.height(1)) == (1, 3)
