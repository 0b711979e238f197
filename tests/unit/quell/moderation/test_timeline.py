"""The timeline: order, bounds, doubles, edits and marks, whatever order things arrive in."""

import itertools
import random

import pytest

from quell.moderation.timeline import Change, Timeline
from quell_providers.model import Author, Deleted, Edited, Gap, GapFilled, Message, Posted, StateChanged

AUTHOR = Author(id="u1", name="Amara")


def message(number: int, text: str = "hello", **fields: object) -> Message:
    values: dict[str, object] = {
        "id": f"m{number:03}",
        "room_id": "r",
        "author": AUTHOR,
        "text": text,
        "sent_at": float(number),
    }
    return Message(**(values | fields))  # type: ignore[arg-type]  # fields differ from test to test


def posted(*numbers: int, limit: int = 100) -> Timeline:
    timeline = Timeline(limit)
    for number in numbers:
        timeline.apply(Posted(message(number)))
    return timeline


def ids(timeline: Timeline) -> list[int]:
    return [int(each.id[1:]) for each in timeline]


def test_new_messages_are_appended() -> None:
    timeline = posted(1, 2)
    change = timeline.apply(Posted(message(3)))
    assert change == Change(added=(message(3),))
    assert ids(timeline) == [1, 2, 3]
    assert timeline[-1] == timeline.get("m003") == message(3)


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3, 4])))
def test_the_order_of_arrival_does_not_matter(order: tuple[int, ...]) -> None:
    timeline = posted(*order)
    assert ids(timeline) == [1, 2, 3, 4]


def test_a_late_message_is_inserted_where_it_belongs() -> None:
    timeline = posted(1, 3)
    assert timeline.apply(Posted(message(2))) == Change(added=(message(2),))
    assert ids(timeline) == [1, 2, 3]


def test_messages_of_the_same_moment_are_ordered_by_id() -> None:
    timeline = Timeline()
    for number in (3, 1, 2):
        timeline.apply(Posted(message(number, sent_at=7.0)))
    assert ids(timeline) == [1, 2, 3]


def test_the_same_message_counts_once() -> None:
    timeline = posted(1, 2)
    assert not timeline.apply(Posted(message(1)))
    assert not timeline.add([message(1), message(2)])
    assert ids(timeline) == [1, 2]


def test_a_double_within_history_counts_once() -> None:
    timeline = Timeline()
    timeline.add([message(1), message(2), message(1)])
    assert ids(timeline) == [1, 2]


def test_only_the_newest_are_kept() -> None:
    timeline = posted(1, 2, 3, limit=3)
    change = timeline.apply(Posted(message(4)))
    assert change == Change(added=(message(4),), dropped=1)
    assert ids(timeline) == [2, 3, 4]
    assert timeline.get("m001") is None
    assert timeline.let_go == 1
    assert timeline.full


def test_what_is_too_old_to_be_kept_changes_nothing() -> None:
    timeline = posted(4, 5, 6, limit=3)
    assert not timeline.add([message(1), message(2)])
    assert not timeline.apply(Posted(message(3)))
    assert ids(timeline) == [4, 5, 6]


def test_history_fills_up_to_the_limit_with_its_newest() -> None:
    timeline = posted(4, 5, limit=3)
    assert timeline.add([message(1), message(2), message(3)]) == Change(added=(message(3),))
    assert ids(timeline) == [3, 4, 5]


def test_more_history_than_the_limit() -> None:
    timeline = Timeline(3)
    assert timeline.add([message(number) for number in range(1, 9)]) == Change(added=tuple(map(message, (6, 7, 8))))
    assert ids(timeline) == [6, 7, 8]


def test_history_in_front_among_and_behind() -> None:
    timeline = posted(5, 7)
    change = timeline.add([message(number) for number in (9, 4, 6, 8)])
    assert change == Change(added=tuple(map(message, (4, 6, 8, 9))))
    assert ids(timeline) == [4, 5, 6, 7, 8, 9]


def test_an_edit_replaces_the_message() -> None:
    timeline = posted(1, 2)
    change = timeline.apply(Edited(message(1, "better", edited_at=5.0)))
    assert change == Change(updated=("m001",))
    assert (timeline[0].text, timeline[0].edited_at) == ("better", 5.0)


def test_an_edit_never_moves_a_message() -> None:
    timeline = posted(1, 2)
    timeline.apply(Edited(message(1, "better", edited_at=5.0, sent_at=5.0)))
    assert ids(timeline) == [1, 2]


def test_an_older_edit_that_arrives_late_is_ignored() -> None:
    timeline = posted(1)
    timeline.apply(Edited(message(1, "second", edited_at=9.0)))
    assert not timeline.apply(Edited(message(1, "first", edited_at=5.0)))
    assert not timeline.apply(Posted(message(1, "first", edited_at=5.0)))
    assert timeline[0].text == "second"


def test_history_brings_an_edit_that_was_missed() -> None:
    timeline = posted(1, 2)
    assert timeline.add([message(1, "better", edited_at=5.0), message(2)]).updated == ("m001",)
    assert timeline[0].text == "better"


def test_an_edit_of_an_unknown_message_shows_it_unless_it_is_older_than_all() -> None:
    timeline = posted(2, 4)
    assert timeline.apply(Edited(message(3, edited_at=9.0))).added == (message(3, edited_at=9.0),)
    assert not timeline.apply(Edited(message(1, edited_at=9.0)))
    assert not Timeline().apply(Edited(message(1, edited_at=9.0)))


def test_a_deletion_is_a_mark() -> None:
    timeline = posted(1, 2)
    assert timeline.apply(Deleted("r", "m001", "spam")) == Change(updated=("m001",))
    assert timeline[0] == message(1, deleted=True, deletion_reason="spam")
    assert not timeline.apply(Deleted("r", "m001"))
    assert timeline[0].deletion_reason == "spam"


def test_a_deletion_that_arrives_before_its_message_marks_it() -> None:
    timeline = Timeline()
    assert not timeline.apply(Deleted("r", "m001", "spam"))
    timeline.apply(Deleted("r", "m002"))
    timeline.apply(Posted(message(1)))
    timeline.add([message(2)])
    assert [(each.deleted, each.deletion_reason) for each in timeline] == [(True, "spam"), (True, None)]


def test_early_deletions_are_remembered_only_so_many() -> None:
    timeline = Timeline()
    for number in range(1_001):
        timeline.apply(Deleted("r", f"m{number:03}"))
    timeline.apply(Posted(message(0)))
    timeline.apply(Posted(message(1)))
    assert [each.deleted for each in timeline] == [False, True]


@pytest.mark.parametrize("event", [Posted(message(1)), Edited(message(1, "new", edited_at=9.0))])
def test_nothing_undeletes(event: Posted | Edited) -> None:
    timeline = posted(1)
    timeline.apply(Deleted("r", "m001"))
    assert not timeline.apply(event)
    assert not timeline.add([message(1)])
    assert timeline[0].deleted


@pytest.mark.parametrize("kind", [Posted, Edited])
def test_a_placeholder_marks_and_keeps_the_text(kind: type[Posted] | type[Edited]) -> None:
    timeline = Timeline()
    timeline.apply(Posted(message(1, "buy now")))
    timeline.apply(kind(message(1, "", deleted=True, edited_at=9.0, system="rm")))
    assert timeline[0] == message(1, "buy now", deleted=True)


def test_a_message_found_deleted_in_the_history_is_kept_as_it_is() -> None:
    timeline = Timeline()
    timeline.add([message(1, "", deleted=True, deletion_reason="spam")])
    assert timeline[0].deletion_reason == "spam"


def test_gaps_are_kept_in_order_and_leave_with_their_messages() -> None:
    timeline = posted(1, 5, limit=2)
    late, early = Gap("r", 3.0, 4.0), Gap("r", 1.5, 2.0)
    assert timeline.apply(late).gaps
    assert timeline.apply(early).gaps
    assert not timeline.apply(late)
    assert timeline.gaps == (early, late)
    timeline.apply(Posted(message(6)))
    assert not timeline.gaps


def test_a_gap_goes_when_it_is_filled_or_a_wider_one_is_told() -> None:
    timeline = posted(1, 5)
    first, wider, other = Gap("r", 1.5, 2.0), Gap("r", 1.5, 3.0), Gap("r", 3.5, 4.0)
    for gap in (first, other, wider):
        assert timeline.apply(gap).gaps
    assert list(timeline.gaps) == [wider, other]
    assert not timeline.apply(GapFilled("r", 1.5, 2.0))
    assert timeline.apply(GapFilled("r", 1.5, 3.0)).gaps
    assert list(timeline.gaps) == [other]
    assert not timeline.apply(GapFilled("r", 1.5, 3.0))


def test_a_change_of_the_link_changes_no_message() -> None:
    timeline = posted(1)
    assert not timeline.apply(StateChanged("r", "live"))
    assert ids(timeline) == [1]


def test_pinned_messages_are_kept_beyond_the_limit_until_they_are_not() -> None:
    pinned = {"m001", "m002"}
    timeline = posted(1, 2, 3)
    timeline.bound(3, pinned.__contains__)
    assert timeline.apply(Posted(message(4))) == Change(added=(message(4),))
    assert timeline.apply(Posted(message(5))) == Change(added=(message(5),))
    assert timeline.apply(Posted(message(6))) == Change(added=(message(6),), dropped=1)
    assert ids(timeline) == [1, 2, 4, 5, 6]
    pinned.clear()
    assert timeline.apply(Posted(message(7))).dropped == 3
    assert (ids(timeline), timeline.let_go) == ([5, 6, 7], 4)


def test_a_large_timeline_lets_go_of_many_at_once() -> None:
    timeline = Timeline(640)
    dropped = [timeline.apply(Posted(message(number))).dropped for number in range(661)]
    assert [(number, count) for number, count in enumerate(dropped) if count] == [(650, 11)]
    assert len(timeline) == 650


def test_the_messages_of_an_author_are_found_in_order_wherever_they_came_from() -> None:
    other = Author(id="u2", name="Vlad")
    timeline = posted(5, 6, limit=4)
    timeline.apply(Posted(message(7, author=other)))
    timeline.add([message(3), message(4)])
    timeline.apply(Edited(message(5, "better", edited_at=9.0)))
    assert [each.text for each in timeline.by_author("u1")] == ["hello", "better", "hello"]
    assert [each.id for each in timeline.by_author("u2")] == ["m007"]
    for number in range(8, 12):
        timeline.apply(Posted(message(number)))
    assert timeline.by_author("u2") == []
    assert [each.id for each in timeline.by_author("u1")] == ["m008", "m009", "m010", "m011"]


def test_the_replies_of_a_thread_are_found_in_order_for_as_long_as_they_are_kept() -> None:
    timeline = posted(1, 2, limit=4)
    timeline.add([message(4, thread_id="m001"), message(3, thread_id="m001")])
    assert [each.id for each in timeline.replies("m001")] == ["m003", "m004"]
    timeline.apply(Edited(message(2, thread_id="m001", edited_at=9.0)))
    timeline.apply(Edited(message(4, thread_id="m002", edited_at=9.0)))
    assert [each.id for each in timeline.replies("m001")] == ["m002", "m003"]
    assert [each.id for each in timeline.replies("m002")] == ["m004"]
    timeline.apply(Posted(message(5)))
    timeline.apply(Posted(message(6)))
    assert [each.id for each in timeline.replies("m001")] == ["m003"]
    assert timeline.replies("m007") == []


def test_messages_are_let_go_of_among_those_of_many_authors_and_in_any_order() -> None:
    chance = random.Random(13)
    authors = [Author(id=f"u{number}", name="n") for number in range(4)]
    for case in range(50):
        pinned = {f"m{chance.randrange(200):03}" for _ in range(3)}
        timeline = Timeline(20)
        timeline.bound(20, pinned.__contains__)
        for number in chance.sample(range(200), 120):
            timeline.apply(Posted(message(number, author=authors[number % 4])))
            for author in authors:
                theirs = [each.id for each in timeline if each.author.id == author.id]
                assert [each.id for each in timeline.by_author(author.id)] == theirs, case


def test_indices_and_slices() -> None:
    timeline = posted(*range(1, 8), limit=5)
    assert [each.id for each in timeline[1:3]] == ["m004", "m005"]
    assert [each.id for each in timeline[-2:]] == ["m006", "m007"]
    assert list(timeline.messages) == list(timeline)
    with pytest.raises(IndexError):
        timeline[5]
    with pytest.raises(IndexError):
        timeline[-6]


def test_a_timeline_keeps_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Timeline(0)


def test_any_mixture_of_events_keeps_order_limit_marks_and_account() -> None:
    chance = random.Random(7)
    for _ in range(100):
        timeline, seen, deleted = Timeline(8), set[str](), set[str]()
        for _ in range(60):
            before = len(timeline)
            numbers = [chance.randrange(30) for _ in range(4)]
            match chance.randrange(3):
                case 0:
                    change = timeline.apply(Posted(message(numbers[0])))
                    seen.add(f"m{numbers[0]:03}")
                case 1:
                    change = timeline.add(message(number) for number in numbers)
                    seen.update(f"m{number:03}" for number in numbers)
                case _:
                    change = timeline.apply(Deleted("r", f"m{numbers[0]:03}"))
                    deleted.add(f"m{numbers[0]:03}")
            now = [each.id for each in timeline]
            assert now == sorted(set(now))
            assert len(now) == before - change.dropped + len(change.added) <= 8
            assert set(now) == {each.id for each in timeline.by_author("u1")}
            assert set(now) <= seen
            assert {each.id for each in timeline if each.deleted} <= deleted
        assert max(seen) in now
