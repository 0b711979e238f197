import pytest

from quell.moderation.timeline import place
from quell.widgets.going import beyond_ends, neighbour
from tests.support.fake_provider import message

PLACES = [place(message(number, "x")) for number in (1, 3, 5)]
NOON = 1_767_268_800.0


@pytest.mark.parametrize(("cursor", "by", "found"), [(0, 1, 1), (1, -1, 0), (2, 1, 0), (0, -1, 2)])
def test_the_neighbour_goes_round_the_ends(cursor: int, by: int, found: int) -> None:
    assert neighbour(PLACES[cursor], PLACES, by) == PLACES[found]


def test_nothing_is_a_neighbour_of_itself() -> None:
    assert neighbour(PLACES[0], PLACES[:1], 1) is None
    assert neighbour(PLACES[0], PLACES[1:2], -1) == PLACES[1]


@pytest.mark.usefixtures("utc")
def test_a_time_that_nothing_shown_is_of_is_told() -> None:
    rows = [message(0, "a", at=NOON), message(60, "b", at=NOON)]
    assert beyond_ends(rows, NOON) is beyond_ends(rows, NOON + 60) is None
    assert beyond_ends(rows, NOON - 1) == "Nothing older is shown here: the oldest message is of 2026-01-01 12:00:00."
    assert beyond_ends(rows, NOON + 61) == "Nothing newer is shown here: the newest message is of 2026-01-01 12:01:00."
    assert beyond_ends([], NOON) == "There is no message here to go to."
