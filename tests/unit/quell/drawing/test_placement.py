"""What is drawn where, read off an emulated terminal."""

import pytest
from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region, Size
from textual.strip import Strip

from quell.display.fences import FENCE
from quell.drawing.compositor import Part, PartsUpdate
from quell.drawing.placement import PlacedUpdate, Placement, is_disputed
from tests.support.bidi import reordered
from tests.support.wire import Screen

FAMILY = "👩\u200d👩\u200d👧"


def strip(text: str, width: int) -> Strip:
    return Strip([Segment(text)]).adjust_cell_length(width)


@pytest.fixture
def placement() -> Placement:
    """A line of three parts, ten cells each, is on the screen."""
    placement = Placement()
    placement.placed(LayoutUpdate([[strip(text, 10) for text in ("left", "gutter", "right")]], Region(0, 0, 30, 1)))
    return placement


def drawn(*updates: object, start: int = 0) -> str:
    """The line, from some column on, on a terminal that gives every character its own cell."""
    screen = Screen((30, 1), clusters=False)
    for update in updates:
        assert isinstance(update, PlacedUpdate)
        screen.feed(update.render_segments(Console()).encode())
    return "".join(screen.cells(start, 0, 30))


def change(text: str) -> ChopsUpdate:
    """Only the first part changed."""
    return ChopsUpdate([{0: strip(text, 10), 10: None, 20: None}], [(0, 0, 10)], [[10, 20, 30]])


def test_wide_text_can_not_push_or_cover_what_stands_right_of_it(placement: Placement) -> None:
    assert drawn(placement.placed(change(FAMILY * 5)), start=10) == "gutter    right     "


def test_narrow_text_leaves_nothing_of_what_was_there_before(placement: Placement) -> None:
    before, after = placement.placed(change("x" * 10)), placement.placed(change("☝🏽" + "\u093e" * 2))
    assert "x" not in drawn(before, after)


def test_plain_text_is_all_that_is_drawn_anew(placement: Placement) -> None:
    assert drawn(placement.placed(change("other"))) == "other".ljust(30)


def test_a_full_update_places_every_part(placement: Placement) -> None:
    update = LayoutUpdate([[strip(FAMILY * 5, 10), strip("gutter", 20)]], Region(0, 0, 30, 1))
    assert drawn(placement.placed(update), start=10) == "gutter".ljust(20)


def test_what_lies_beside_the_change_is_drawn_as_it_was(placement: Placement) -> None:
    chops = {0: strip(FAMILY * 5, 10), 10: strip("", 10), 20: strip("", 10)}
    update = ChopsUpdate([chops], [(0, 0, 10)], [[10, 20, 30]])
    assert drawn(placement.placed(update), start=10) == "gutter    right     "


def test_parts_may_be_cut_anew(placement: Placement) -> None:
    chops = {0: strip(FAMILY * 5, 10), 10: None, 13: None, 25: None}
    update = ChopsUpdate([chops], [(0, 0, 10)], [[10, 13, 25, 30]])
    assert drawn(placement.placed(update), start=10) == "gutter    right     "


def test_what_a_part_takes_the_place_of_is_not_drawn_again_for_what_stands_left_of_it(placement: Placement) -> None:
    parts = [Part(0, 0, strip(FAMILY * 5, 10)), Part(10, 0, strip("one for both", 20))]
    assert drawn(placement.placed(PartsUpdate(parts, Size(30, 1))), start=10) == "one for both".ljust(20)


def test_parts_that_are_not_known_are_not_drawn() -> None:
    assert drawn(Placement().placed(change(FAMILY)), start=10).strip() == ""


@pytest.mark.parametrize(("text", "disputed"), [("plain", False), ("漢字 ✓ é Ж", False), (FAMILY, True), ("का", True)])
def test_disputed_widths(text: str, disputed: bool) -> None:
    assert is_disputed(strip(text, 10)) is disputed


def test_text_of_the_other_direction_is_fenced_off(placement: Placement) -> None:
    assert drawn(placement.placed(change("שלום 12"))) == f"שלום 12  {FENCE}gutter    right     "


def test_what_stands_beside_such_text_begins_with_a_fence() -> None:
    """A name that fills its column leaves no place for one, and a dialog may cover what follows."""
    placement = Placement()
    line = [strip(text, width) for text, width in (("  ◈ שלום…", 9), ("│", 1), ("  09:41  ", 10), ("12 34", 10))]
    shown = drawn(placement.placed(LayoutUpdate([line], Region(0, 0, 30, 1))))
    assert shown == f"{FENCE} ◈ שלום…│{FENCE} 09:41   12 34     "
    assert reordered(shown) == f"{FENCE} ◈ םולש…│{FENCE} 09:41   12 34     "


def test_a_line_is_drawn_anew_while_it_holds_such_text_and_no_longer(placement: Placement) -> None:
    placement.placed(change("שלום עולם!"))
    later = placement.placed(ChopsUpdate([{0: None, 10: strip("  12", 10), 20: None}], [(0, 10, 20)], [[10, 20, 30]]))
    assert drawn(later) == f"שלום עולם!{FENCE} 12      right     "
    placement.placed(change("plain"))
    later = placement.placed(ChopsUpdate([{0: None, 10: strip("  12", 10), 20: None}], [(0, 10, 20)], [[10, 20, 30]]))
    assert drawn(later) == "            12                "
