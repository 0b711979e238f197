import time
from collections.abc import Iterator

import pytest

from quell.moderation.timeline import place
from quell.widgets.feed.dividers import dividers
from quell_providers.model import Gap
from tests.support.fake_provider import message

NOON = 1_767_268_800.0
"""2026-01-01 12:00 UTC."""
DAY = 86_400.0


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_day_is_named_above_its_first_message_and_an_empty_day_not_at_all() -> None:
    messages = [message(0, "a", at=NOON), message(1, "b", at=NOON + 3 * DAY), message(2, "c", at=NOON + 3 * DAY)]
    assert dividers(messages, []) == {place(messages[1]): "Sunday, 04 January 2026"}


def test_one_day_has_no_line() -> None:
    assert dividers([message(0, "a", at=NOON), message(1, "b", at=NOON)], []) == {}
    assert dividers([], []) == {}


def test_a_gap_stands_above_the_first_message_after_it_with_its_times() -> None:
    messages = [message(0, "a", at=NOON), message(60, "b", at=NOON)]
    gap = Gap("r1", since=NOON + 5, until=NOON + 30)
    assert dividers(messages, [gap]) == {place(messages[1]): "⚠ messages may be missing: 12:00:05 to 12:00:30"}


def test_a_gap_after_the_last_message_has_no_line_yet() -> None:
    assert dividers([message(0, "a", at=NOON)], [Gap("r1", since=NOON + 5, until=NOON + 30)]) == {}


def test_a_gap_and_a_new_day_share_a_line() -> None:
    messages = [message(0, "a", at=NOON), message(1, "b", at=NOON + DAY)]
    gap = Gap("r1", since=NOON + 5, until=NOON + DAY)
    assert dividers(messages, [gap])[place(messages[1])].startswith(
        "Friday, 02 January 2026  ·  ⚠ messages may be missing"
    )


def test_unread_messages_begin_with_a_line_also_when_the_first_of_them_is_filtered_out() -> None:
    messages = [message(number, "x", at=NOON) for number in (0, 2, 4)]
    assert dividers(messages, [], place(messages[1])) == {place(messages[1]): "new since you were here"}
    assert dividers(messages, [], place(message(1, "filtered out", at=NOON))) == {
        place(messages[1]): "new since you were here"
    }
    assert dividers(messages, [], place(message(5, "filtered out", at=NOON))) == {}
