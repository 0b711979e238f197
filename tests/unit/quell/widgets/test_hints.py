"""Where the line below the feed points to, and that nothing of what it says is cut off."""

import pytest

from quell.moderation.query import QueryError
from quell.widgets.hints import mistake

PROBLEM = "“is:” takes deleted, refused, failed, edited, thread, mine or marked."


@pytest.mark.parametrize(
    ("column", "width", "lines"),
    [
        (3, 80, [f"   ^ {PROBLEM}"]),
        (70, 80, [f"{PROBLEM} ^"]),
        (75, 80, [f"     {PROBLEM} ^"]),
        (0, 40, ["^ “is:” takes deleted, refused, failed, ", "  edited, thread, mine or marked."]),
        (38, 40, ["“is:” takes deleted, refused, failed, ^", "edited, thread, mine or marked."]),
        # Scrolled out of sight: it points to where the line goes on.
        (-7, 80, [f"^ {PROBLEM}"]),
        (200, 80, [f"{' ' * 9}{PROBLEM} ^"]),
    ],
)
def test_the_sign_stands_below_the_place_and_all_is_said(column: int, width: int, lines: list[str]) -> None:
    shown = mistake(QueryError(0, PROBLEM), column, width).plain.split("\n")
    assert [line.rstrip() for line in shown] == [line.rstrip() for line in lines]
    assert all(len(line.rstrip()) <= width for line in shown)


@pytest.mark.parametrize("width", [1, 2, 3, 5, 20])
def test_the_narrowest_line_bears_it(width: int) -> None:
    for column in range(width + 1):
        shown = mistake(QueryError(0, "a problem"), column, width).plain
        assert shown.replace("\n", "").replace(" ", "").replace("^", "") == "aproblem"


def test_what_is_only_unfinished_is_no_alarm() -> None:
    assert "$error" in mistake(QueryError(0, "x"), 0, 9).markup
    assert "$error" not in mistake(QueryError(0, "x", unfinished=True), 0, 9).markup
