import pytest

from quell.widgets.feed.ends import beyond_ends
from tests.support.fake_provider import message

NOON = 1_767_268_800.0


@pytest.mark.usefixtures("utc")
def test_a_time_that_nothing_shown_is_of_is_told() -> None:
    rows = [message(0, "a", at=NOON), message(60, "b", at=NOON)]
    assert beyond_ends(rows, NOON) is beyond_ends(rows, NOON + 60) is None
    assert beyond_ends(rows, NOON - 1) == "Nothing older is shown here: the oldest message is of 2026-01-01 12:00:00."
    assert beyond_ends(rows, NOON + 61) == "Nothing newer is shown here: the newest message is of 2026-01-01 12:01:00."
    assert beyond_ends([], NOON) == "There is no message here to go to."
