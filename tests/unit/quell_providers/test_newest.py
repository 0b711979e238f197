"""A dict that keeps its newest entries stays within its limit, and within the room that so many need."""

import sys

import pytest

from quell_providers.newest import newest_of


def test_what_is_not_too_much_stays_as_it_is() -> None:
    entries = dict.fromkeys(range(10))
    assert newest_of(entries, 10) is entries


@pytest.mark.parametrize(("limit", "kept"), [(1, 1), (3, 3), (10, 9), (80, 70)])
def test_of_too_much_the_oldest_go(limit: int, kept: int) -> None:
    assert list(newest_of(dict.fromkeys(range(100)), limit)) == list(range(100 - kept, 100))


def test_a_dict_that_many_went_through_needs_no_more_room_than_one_that_was_filled_once() -> None:
    filled = sys.getsizeof(dict.fromkeys(map(str, range(10_000))))
    entries: dict[str, None] = {}
    largest = 0
    for number in range(100_000):
        entries[str(number)] = None
        entries = newest_of(entries, 10_000)
        largest = max(largest, sys.getsizeof(entries))
        assert len(entries) <= 10_000
    assert list(entries)[-8_750:] == [str(number) for number in range(100_000 - 8_750, 100_000)]
    assert largest <= filled * 1.25
