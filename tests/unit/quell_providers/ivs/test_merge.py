"""What was told already is not told again, and what can not be told again takes no room."""

import sys
from random import Random

import pytest

from quell_providers.ivs import merge as merge_module
from quell_providers.ivs.merge import Merge
from quell_providers.model import Author, Deleted, Message, Posted


def posted(number: int) -> Posted:
    author = Author("u1", "Amara")
    return Posted(Message(id=f"Message{number:05}", room_id="room", author=author, text="hi", sent_at=float(number)))


def test_a_message_is_new_once() -> None:
    merge = Merge()
    assert [merge.is_new(posted(number), 0.0) for number in (1, 2, 1, 2, 3)] == [True, True, False, False, True]


def test_a_deletion_is_new_once_but_a_second_one_is_another() -> None:
    merge = Merge()
    deletions = [Deleted("room", "Message00001", at=at) for at in (5.0, 5.0, 6.0)]
    assert [merge.is_new(deletion, 0.0) for deletion in deletions] == [True, False, True]
    assert merge.is_new(posted(1), 0.0)


def test_a_deletion_without_a_time_counts_as_just_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_module, "_LEAST", 10)
    merge = Merge()
    assert merge.is_new(posted(500), 0.0)
    assert merge.is_new(Deleted("room", "Message00001"), 0.0)
    assert all(merge.is_new(posted(number), 500.0) for number in range(501, 600))
    assert not merge.is_new(Deleted("room", "Message00001"), 500.0)


def test_what_can_not_be_told_again_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_module, "_LEAST", 10)
    merge = Merge()
    assert all(merge.is_new(posted(number), number - 240.0) for number in range(1000))
    assert not any(merge.is_new(posted(number), 760.0) for number in range(760, 1000))
    assert merge.is_new(posted(700), 760.0)


def test_what_can_be_told_again_is_remembered_for_however_long() -> None:
    merge = Merge()
    assert all(merge.is_new(posted(number), 0.0) for number in range(20_000))
    assert not any(merge.is_new(posted(number), 0.0) for number in range(20_000))


def test_what_was_missed_is_forgotten_when_its_time_comes_though_it_was_met_after_newer_events() -> None:
    merge = Merge()
    for number in (*range(5_000, 10_000), *range(5_000), *range(10_000, 12_000)):
        assert merge.is_new(posted(number), 0.0)
    assert all(merge.is_new(posted(number), 11_900.0) for number in range(12_000, 14_000))
    assert len(merge) <= 2_100 * 9 / 8


def test_in_a_quiet_room_even_old_events_are_remembered() -> None:
    merge = Merge()
    assert all(merge.is_new(posted(hour * 3600), hour * 3600.0) for hour in range(100))
    assert not any(merge.is_new(posted(hour * 3600), 360_000.0) for hour in range(100))


def test_no_more_than_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_module, "_LEAST", 5)
    monkeypatch.setattr(merge_module, "_MOST", 80)
    merge = Merge()
    for number in range(1000):
        assert merge.is_new(posted(number), 0.0)
        assert len(merge) <= 80
    assert not any(merge.is_new(posted(number), 0.0) for number in range(930, 1000))
    assert merge.is_new(posted(0), 0.0)


@pytest.mark.parametrize("window", [0, 500, 3_000])
def test_it_takes_no_more_room_than_what_may_be_told_again(window: int) -> None:
    """However many went through it, whatever order they were mixed up in when they came: what may be told again or came
    last, with whatever came together with that, and an eighth more.
    """
    random, merge, told, burst = Random(window), Merge(), 0, 400
    most = (max(1_000, window) + 2 * burst) * 9 // 8
    for _ in range(50):
        batch = [posted(number) for number in range(told, told + burst)]
        random.shuffle(batch)
        assert all(merge.is_new(event, float(told - window)) for event in batch)
        told += burst
        assert len(merge) <= most
    filled = sys.getsizeof({posted(number).message.id: float(number) for number in range(most)})
    assert sys.getsizeof(merge._known) <= filled
