"""What was told already is not told again."""

import pytest

from quell_providers.ivs import merge as merge_module
from quell_providers.ivs.merge import Merge
from quell_providers.model import Author, Deleted, Message, Posted


def posted(number: int) -> Posted:
    author = Author("u1", "Amara")
    return Posted(Message(id=f"Message{number:05}", room_id="room", author=author, text="hi", sent_at=float(number)))


def test_a_message_is_new_once() -> None:
    merge = Merge()
    assert [merge.is_new(posted(number)) for number in (1, 2, 1, 2, 3)] == [True, True, False, False, True]


def test_a_deletion_is_new_once_but_a_second_one_is_another() -> None:
    merge = Merge()
    deletions = [Deleted("room", "Message00001", at=at) for at in (5.0, 5.0, 6.0)]
    assert [merge.is_new(deletion) for deletion in deletions] == [True, False, True]
    assert merge.is_new(posted(1))


def test_what_happened_long_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_module, "_LEAST", 10)
    merge = Merge()
    assert all(merge.is_new(posted(number)) for number in range(1000))
    assert not any(merge.is_new(posted(number)) for number in range(760, 1000))
    assert merge.is_new(posted(700))


def test_in_a_quiet_room_even_old_events_are_remembered() -> None:
    merge = Merge()
    assert all(merge.is_new(posted(hour * 3600)) for hour in range(100))
    assert not any(merge.is_new(posted(hour * 3600)) for hour in range(100))


def test_no_more_than_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_module, "_LEAST", 5)
    monkeypatch.setattr(merge_module, "_MOST", 10)
    merge = Merge()
    assert all(merge.is_new(posted(number)) for number in range(11))
    assert not any(merge.is_new(posted(number)) for number in range(1, 11))
    assert merge.is_new(posted(0))
