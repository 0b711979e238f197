from collections.abc import Callable

from quell.moderation.timeline import place
from quell.widgets.feed.rows import FEW, Rows
from quell_providers.model import Message
from tests.support.fake_provider import message


def words(each: Message) -> int:
    """A line a word."""
    return len(each.text.split())


def many(*numbers: int, text: str = "x") -> list[Message]:
    return [message(number, text) for number in numbers]


def filled(*numbers: int, height_of: Callable[[Message], int] = words) -> Rows:
    rows = Rows(height_of)
    rows.reset(many(*numbers))
    return rows


def ids(rows: Rows) -> list[str]:
    return [each.id for each in rows]


def test_messages_are_added_below_above_and_between() -> None:
    rows = filled(4, 6)
    rows.add(many(8, 9))
    rows.add(many(1, 2))
    rows.add(many(3, 5, 7))
    assert ids(rows) == [f"m{number:04}" for number in range(1, 10)]
    rows.add([])
    assert len(rows) == 9


def test_many_messages_between_others_are_sorted_in() -> None:
    rows = filled(*range(0, 4 * FEW, 2))
    rows.add(many(*range(1, 4 * FEW, 2)))
    assert ids(rows) == [f"m{number:04}" for number in range(4 * FEW)]


def test_a_row_is_found_by_its_place() -> None:
    rows = filled(2, 4, 6)
    assert [rows.position(place(each)) for each in many(2, 4, 6)] == [0, 1, 2]
    assert rows.position(place(message(3, "x"))) is None
    assert rows.position(None) is None
    assert [rows.nearest(place(message(number, "x"))) for number in (1, 3, 4, 9)] == [0, 1, 1, 2]


def test_a_new_form_takes_its_place_and_its_height() -> None:
    rows = filled(1, 2, 3)
    rows.measure(0, 3)
    assert rows.replace(message(2, "now three lines"))
    assert not rows.replace(message(9, "not shown"))
    rows.measure(0, 3)
    assert (rows[1].text, rows.lines, rows.top(2)) == ("now three lines", 5, 4)


def test_only_what_is_needed_is_measured() -> None:
    measured: list[str] = []

    def height_of(each: Message) -> int:
        measured.append(each.id)
        return 2

    rows = filled(*range(1000), height_of=height_of)
    assert (measured, rows.lines) == ([], 1000)
    rows.measure(500, 502)
    rows.measure(499, 503)
    assert sorted(measured) == ["m0499", "m0500", "m0501", "m0502"]
    rows.measure(-5, 1)
    assert (len(measured), rows.lines) == (5, 1005)
    rows.forget_height(900)
    rows.replace(message(501, "another"))
    assert (len(measured), rows.lines) == (5, 1004)
    rows.measure(499, 503)
    assert (measured[5:], rows.lines) == (["m0501"], 1005)
    rows.forget_heights()
    assert rows.lines == 1000


def test_rows_let_go_of_at_the_top_leave_those_that_are_kept() -> None:
    rows = filled(*range(10))
    rows.measure(0, 10)
    rows.sweep(place(message(6, "x")), lambda each: each.id in ("m0002", "m0005"))
    assert ids(rows) == ["m0002", "m0005", "m0007", "m0008", "m0009"]
    assert rows.lines == 5
    rows.remove(1)
    assert [rows.position(place(each)) for each in many(2, 5, 7)] == [0, None, 1]
