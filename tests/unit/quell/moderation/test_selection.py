"""The selection: marks by id, never by what is on the screen."""

from quell.moderation.deletion import MessageKey
from quell.moderation.selection import FEW, Selection

ROOM = ("live", "room")


def keys(*numbers: int) -> set[MessageKey]:
    return {MessageKey(*ROOM, f"m{number}") for number in numbers}


def ids(*numbers: int) -> list[str]:
    return [f"m{number}" for number in numbers]


def marked(*numbers: int) -> Selection:
    selection = Selection()
    selection.add(ROOM, ids(*numbers))
    return selection


def restore(selection: Selection) -> None:
    for _ in selection.restoring():
        pass


def test_marks_are_there_until_they_are_discarded() -> None:
    selection = marked(3, 1)
    selection.add(ROOM, ids(2, 3))
    assert set(selection) == keys(3, 1, 2)
    assert len(selection) == 3
    selection.discard(ROOM, ids(2, 9))
    assert set(selection) == keys(1, 3)
    assert keys(3) <= set(selection)
    assert MessageKey(*ROOM, "m2") not in selection


def test_toggle_swaps_those_given_and_leaves_the_others() -> None:
    selection = marked(1, 2, 9)
    selection.toggle(ROOM, ids(1, 2, 3))
    assert set(selection) == keys(9, 3)
    selection.toggle(ROOM, ids(9, 3))
    assert len(selection) == 0


def test_replace_brings_back_a_copy_whatever_was_marked_since() -> None:
    selection = marked(1, 2)
    before = selection.copy()
    selection.discard(ROOM, ids(1))
    selection.add(ROOM, ids(3))
    selection.add(("work", "r1"), ids(4))
    selection.replace(before)
    assert set(selection) == keys(1, 2)
    selection.add(ROOM, ids(5))
    selection.replace(before)
    assert set(selection) == keys(1, 2)


def test_restore_brings_back_what_was_cleared_last() -> None:
    selection = marked(1, 2)
    selection.clear()
    assert len(selection) == 0
    selection.clear()  # nothing marked: still remembers the marks before
    restore(selection)
    assert set(selection) == keys(1, 2)


def test_clear_hands_out_what_can_not_be_restored_any_more() -> None:
    selection = marked(1)
    assert selection.clear() == {}
    selection.add(ROOM, ids(2))
    assert [set(each) for each in selection.clear().values()] == [{"m1"}]
    restore(selection)
    assert set(selection) == keys(2)


def test_restore_keeps_the_marks_made_since_few_or_many() -> None:
    for since in ([3], list(range(3, FEW + 5))):
        selection = marked(1, 2)
        selection.add(("work", "r1"), ids(1))
        selection.clear()
        selection.add(ROOM, ids(*since))
        selection.add(("work", "r2"), ids(1))
        restore(selection)
        assert set(selection.ids_in(ROOM)) == set(ids(1, 2, *since))
        assert selection.counts == {ROOM: 2 + len(since), ("work", "r1"): 1, ("work", "r2"): 1}


def test_restore_is_not_changed_by_later_marks() -> None:
    selection = marked(1)
    selection.clear()
    restore(selection)
    selection.toggle(ROOM, ids(1))
    restore(selection)
    assert set(selection) == keys(1)


def test_the_same_message_id_in_another_room_or_account_is_another_message() -> None:
    selection = marked(1)
    assert MessageKey("live", "other", "m1") not in selection
    assert MessageKey("work", "room", "m1") not in selection


def test_marks_are_counted_by_room() -> None:
    selection = marked(1, 2)
    selection.add(("work", "r1"), ["m2", "m1", "m2"])
    assert selection.counts == {ROOM: 2, ("work", "r1"): 2}
    assert sorted(selection.ids_in(("work", "r1"))) == ["m1", "m2"]
    assert MessageKey("work", "r1", "m1") in selection
    selection.discard(("work", "r1"), ["m1", "m2"])
    selection.discard(("work", "r9"), ["m1"])
    assert selection.counts == {ROOM: 2}
    assert list(selection.ids_in(("work", "r9"))) == []
