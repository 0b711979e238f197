"""The list never moves under the hand."""

import random

import pytest

from quell.moderation.timeline import place
from quell.widgets.feed.rows import Rows
from quell.widgets.feed.viewport import Viewport
from quell_providers.model import Message
from tests.support.fake_provider import message

HEIGHT = 10


def height_of(each: Message) -> int:
    return 1 + int(each.id[1:]) % 3 + each.text.count("!")


def window(*numbers: int) -> Viewport:
    view = Viewport(Rows(height_of))
    with view.keeping_place():
        view.height = HEIGHT
        view.rows.reset([message(number, "x") for number in numbers])
    return view


def screen(view: Viewport) -> list[str]:
    """Which message stands on each line of the window."""
    return ["" if found is None else view.rows[found[0]].id for found in view.visible(0, view.height)]


def line(view: Viewport) -> int:
    """The line of the window on which the cursor's message begins."""
    row = view.cursor_row
    assert row is not None
    return view.rows.top(row) - view.top


def test_it_follows_until_the_cursor_leaves_the_newest_row() -> None:
    view = window(*range(20))
    with view.keeping_place():
        view.rows.add([message(20, "x")])
    assert (view.cursor, screen(view)[-1], view.unseen) == (place(message(20, "x")), "m0020", 0)
    view.move(19)
    shown = screen(view)
    with view.keeping_place():
        view.rows.add([message(21, "x"), message(22, "x")])
    assert (screen(view), view.unseen, view.following) == (shown, 2, False)
    view.move(22)
    assert (view.following, view.unseen, screen(view)[-1]) == (True, 0, "m0022")


def test_a_held_window_rests_and_goes_on_where_it_would_have_been() -> None:
    view = window(*range(20))
    view.held = True
    shown = screen(view)
    with view.keeping_place():
        view.rows.add([message(20, "x")])
    assert (screen(view), view.unseen) == (shown, 1)
    with view.keeping_place():
        view.held = False
    assert screen(view)[-1] == "m0020"


def test_pages_and_the_wheel_stay_within_the_rows() -> None:
    view = window(*range(40))
    for _ in range(20):
        view.page(-1)
    assert (view.cursor_row, view.top) == (0, 0)
    view.scroll(-3)
    assert view.top == 0
    for _ in range(60):
        view.scroll(3)
    assert view.top == view.rows.lines - HEIGHT
    assert view.cursor_row is not None
    assert 0 <= line(view) < HEIGHT
    view.scroll(-10_000)
    assert view.top == 0


def test_a_filter_that_leaves_little_leaves_the_cursor_where_it_was() -> None:
    view = window(*range(40))
    view.move(25)
    before = line(view)
    with view.keeping_place():
        view.rows.reset([message(24, "x"), message(25, "x")])
    assert (line(view), view.cursor) == (before, place(message(25, "x")))
    with view.keeping_place():
        view.rows.reset([])
    assert screen(view) == [""] * HEIGHT
    with view.keeping_place():
        view.rows.reset([message(number, "x") for number in range(40)])
    assert (line(view), view.cursor) == (before, place(message(25, "x")))


def test_an_empty_window_takes_every_key() -> None:
    view = window()
    view.move(3)
    view.page(1)
    view.scroll(2)
    assert (view.cursor_message, view.unseen, screen(view)) == (None, 0, [""] * HEIGHT)


@pytest.mark.parametrize("seed", range(20))
def test_a_move_within_the_window_moves_nothing_but_the_cursor(seed: int) -> None:
    chance = random.Random(seed)
    view = window(*range(300))
    for _ in range(40):
        with view.keeping_place():
            view.rows.forget_heights()
        shown = screen(view)
        whole = sorted({found[0] for found in view.visible(0, HEIGHT) if found is not None})[1:-1]
        view.move(chance.choice(whole))
        assert screen(view) == shown
        chance.choice([view.page, view.scroll])(chance.choice([-1, -1, 1]))


def tall() -> Viewport:
    """A window with the cursor on a row of 30 lines, which follows on ten others."""
    view = window(*range(20))
    with view.keeping_place():
        view.rows.replace(message(10, "!" * 28))
    view.move(10)
    return view


def test_pages_go_through_a_row_that_is_taller_than_the_window() -> None:
    view = tall()
    assert view.rows.height(10) == 30
    lines: list[set[tuple[int, int] | None]] = []
    while view.cursor_row == 10:
        lines.append(set(view.visible(0, HEIGHT)))
        view.page(1)
        assert len(lines) < 10
    assert {(10, number) for number in range(30)} <= set().union(*lines)
    assert view.cursor_row == 11
    lines.clear()
    while view.cursor_row in (10, 11):
        lines.append(set(view.visible(0, HEIGHT)))
        view.page(-1)
        assert len(lines) < 10
    assert {(10, number) for number in range(30)} <= set().union(*lines)


def test_what_arrives_leaves_a_tall_row_as_far_scrolled_as_it_was() -> None:
    view = tall()
    view.scroll(12)
    assert view.cursor_row == 10
    shown = list(view.visible(0, HEIGHT))
    with view.keeping_place():
        view.rows.add([message(20, "x")])
    assert list(view.visible(0, HEIGHT)) == shown


def test_what_was_moved_into_view_is_new_no_more_though_something_holds_the_window() -> None:
    view = window(*range(20))
    view.held = True
    with view.keeping_place():
        view.rows.add([message(number, "x") for number in range(20, 40)])
    assert view.unseen == 20
    view.scroll(5)
    assert 0 < view.unseen < 20
    view.move(39)
    assert (view.unseen, view.following) == (0, False)
    with view.keeping_place():
        view.rows.add([message(40, "x")])
    assert view.unseen == 1


def test_the_wheel_follows_again_beyond_the_end() -> None:
    view = window(*range(40))
    view.scroll(-3)
    assert not view.following
    view.scroll(3)
    assert not view.following
    view.scroll(3)
    assert (view.following, view.cursor_row) == (True, 39)


@pytest.mark.parametrize("kept", [False, True])
def test_a_filter_that_hid_the_cursors_message_gives_it_back_unless_its_result_is_kept(kept: bool) -> None:
    view = window(*range(40))
    view.move(25)
    before = line(view)
    with view.keeping_place():
        view.rows.reset([message(3, "x"), message(38, "x"), message(39, "x")])
    assert view.cursor == place(message(38, "x"))
    if kept:
        view.stay()
    view.return_to_message()
    with view.keeping_place():
        view.rows.reset([message(number, "x") for number in range(40)])
    assert (view.cursor, line(view)) == (place(message(38 if kept else 25, "x")), before)


def happen(chance: random.Random, view: Viewport, everything: dict[int, Message]) -> None:
    """Something that is not the moderator's hand."""
    rows = view.rows
    numbers = sorted(everything)
    with view.keeping_place():
        match chance.randrange(6):
            case 0:
                new = [message(numbers[-1] + step, "x") for step in range(1, chance.choice([2, 30]))]
                everything.update((int(each.id[1:]), each) for each in new)
                rows.add(new)
            case 1:
                new = [message(numbers[0] - step, "x") for step in range(min(30, numbers[0]), 0, -1)]
                everything.update((int(each.id[1:]), each) for each in new)
                rows.add(new)
            case 2:
                row = chance.randrange(len(rows))
                rows.replace(message(int(rows[row].id[1:]), "x" + "!" * chance.randrange(4)))
            case 3:
                kept = rows.nearest(view.cursor) if view.cursor is not None else 0
                gone = chance.randrange(kept + 1)
                rows.sweep(place(rows[gone]), lambda each: place(each) == view.cursor)
            case 4:
                part = chance.choice([1, 2, 7])
                cursor = view.cursor
                rows.reset([each for n, each in sorted(everything.items()) if n % part == 0 or place(each) == cursor])
            case _:
                rows.forget_heights()


@pytest.mark.parametrize("seed", range(60))
def test_the_cursors_message_stays_on_its_line_whatever_happens(seed: int) -> None:
    chance = random.Random(seed)
    everything = {number: message(number, "x") for number in range(500, 560)}
    view = window(*everything)
    for _ in range(25):
        if chance.random() < 0.3:
            chance.choice([view.page, view.scroll])(chance.choice([-1, 1]))
        view.held = False
        view.held = chance.random() < 0.5 or view.following
        before = (view.cursor, line(view))
        for _ in range(chance.randrange(1, 6)):
            happen(chance, view, everything)
            assert (view.cursor, line(view)) == before
        shown = screen(view)
        assert shown[line(view)] == view.rows[view.cursor_row or 0].id


@pytest.mark.parametrize("height", [1, 3, 30])
def test_another_height_keeps_the_line_as_far_as_there_is_one(height: int) -> None:
    view = window(*range(60))
    view.move(52)
    before = line(view)
    with view.keeping_place():
        view.height = height
    assert line(view) == min(before, height - 1)
