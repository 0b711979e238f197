from quell.widgets.feed.index import RowIndex
from quell_providers.model import Message
from tests.support.fake_provider import message

HEIGHTS = {"m0000": 1, "m0001": 3, "m0002": 2, "m0003": 1}


def height_of(each: Message) -> int:
    return HEIGHTS[each.id]


def index(count: int = 4) -> RowIndex:
    rows = RowIndex(height_of)
    rows.reset([message(number, "x") for number in range(count)])
    return rows


def test_every_line_belongs_to_its_row() -> None:
    rows = index()
    assert [rows.at(line) for line in range(8)] == [(0, 0), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (3, 0), None]
    assert rows.at(-1) is None
    assert rows.height == 7


def test_added_rows_continue_where_the_others_end() -> None:
    rows = index(2)
    rows.extend([message(2, "x"), message(3, "x")])
    assert [(rows.top(position), rows.bottom(position)) for position in range(4)] == [(0, 1), (1, 4), (4, 6), (6, 7)]
    assert rows.position("m0003") == 3


def test_a_changed_height_moves_what_is_below() -> None:
    rows = index()
    HEIGHTS["m0001"] = 5
    try:
        rows.measure(["m0001", "not shown"])
        assert (rows.top(2), rows.height) == (6, 9)
    finally:
        HEIGHTS["m0001"] = 3


def test_an_empty_index_has_no_lines() -> None:
    rows = RowIndex(height_of)
    assert (rows.at(0), rows.height, len(rows), rows.position(None)) == (None, 0, 0, None)


def test_rows_let_go_of_at_the_top_leave_the_others_where_they_belong() -> None:
    rows = index()
    rows.drop(2)
    assert [rows.at(line) for line in range(4)] == [(0, 0), (0, 1), (1, 0), None]
    assert (rows.position("m0000"), rows.position("m0002"), rows.top(1), rows.height) == (None, 0, 2, 3)
    rows.extend([message(0, "x")])
    assert (rows.position("m0000"), rows.top(2), rows.bottom(2)) == (2, 3, 4)


def test_a_new_form_of_a_message_takes_its_place() -> None:
    rows = index()
    rows.drop(1)
    rows.replace([message(2, "edited"), message(99, "not shown")])
    assert rows[1].text == "edited"
    assert len(rows) == 3
