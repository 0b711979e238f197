"""The selection: marks by id, in the order of marking, never by what is on the screen."""

from quell.moderation.deletion import MessageKey
from quell.moderation.selection import Selection


def keys(*numbers: int) -> list[MessageKey]:
    return [MessageKey("live", "room", f"m{number}") for number in numbers]


def marked(*numbers: int) -> Selection:
    selection = Selection()
    selection.add(keys(*numbers))
    return selection


def test_toggle_marks_and_unmarks() -> None:
    selection = Selection()
    (key,) = keys(1)
    assert selection.toggle(key)
    assert key in selection
    assert not selection.toggle(key)
    assert len(selection) == 0


def test_marks_keep_their_order() -> None:
    selection = marked(3, 1)
    selection.add(keys(2, 3))
    assert list(selection) == keys(3, 1, 2)


def test_discard_takes_marks_away_and_ignores_the_unmarked() -> None:
    selection = marked(1, 2, 3)
    selection.discard(keys(2, 9))
    assert list(selection) == keys(1, 3)


def test_replace_marks_nothing_else() -> None:
    selection = marked(1, 2)
    selection.replace(keys(2, 3))
    assert list(selection) == keys(2, 3)


def test_invert_swaps_the_visible_and_leaves_the_hidden() -> None:
    selection = marked(1, 2, 9)
    selection.invert(keys(1, 2, 3))
    assert list(selection) == keys(9, 3)
    selection.invert(list(selection))
    assert len(selection) == 0


def test_restore_brings_back_what_was_cleared_last() -> None:
    selection = marked(1, 2)
    selection.clear()
    assert len(selection) == 0
    selection.clear()  # nothing marked: still remembers the marks before
    selection.restore()
    assert list(selection) == keys(1, 2)


def test_restore_keeps_the_marks_made_since() -> None:
    selection = marked(1, 2)
    selection.clear()
    selection.add(keys(3))
    selection.restore()
    assert list(selection) == keys(1, 2, 3)


def test_restore_is_not_changed_by_later_marks() -> None:
    selection = marked(1)
    selection.clear()
    selection.restore()
    selection.toggle(keys(1)[0])
    selection.restore()
    assert list(selection) == keys(1)


def test_the_same_message_id_in_another_room_or_account_is_another_message() -> None:
    selection = Selection()
    selection.toggle(MessageKey("live", "room", "m1"))
    assert MessageKey("live", "other", "m1") not in selection
    assert MessageKey("work", "room", "m1") not in selection


def test_marks_are_counted_by_room() -> None:
    selection = marked(1, 2)
    selection.add_in(("work", "r1"), ["m2", "m1", "m2"])
    assert selection.counts == {("live", "room"): 2, ("work", "r1"): 2}
    assert list(selection.ids_in(("work", "r1"))) == ["m2", "m1"]
    assert MessageKey("work", "r1", "m1") in selection
    selection.discard([MessageKey("work", "r1", "m1"), MessageKey("work", "r1", "m2"), MessageKey("work", "r9", "m1")])
    assert selection.counts == {("live", "room"): 2}
    assert list(selection.ids_in(("work", "r9"))) == []


def test_every_change_of_the_marks_grows_the_version() -> None:
    selection = Selection()
    versions = [selection.version]
    for change in (
        lambda: selection.add(keys(1)),
        lambda: selection.add_in(("live", "room"), ["m2"]),
        lambda: selection.toggle(keys(3)[0]),
        lambda: selection.discard(keys(2)),
        lambda: selection.invert(keys(4)),
        lambda: selection.clear(),
        lambda: selection.restore(),
        lambda: selection.replace(keys(5)),
    ):
        change()
        versions.append(selection.version)
    assert versions == sorted(set(versions))
