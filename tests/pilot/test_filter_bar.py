"""The line in which the filter is typed, by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual import on
from textual.app import App, ComposeResult
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input

from quell.moderation.query import Query, QueryError
from quell.widgets.filter_bar import PLACEHOLDER, FilterBar

NAMES = ["Vlad_1998", "Amara Okafor", "vlada", "ev\x1bil", "ev\u202eil"]


class Bar(App[None]):
    """A filter bar with something beside it, and what the bar said."""

    def __init__(self) -> None:
        super().__init__()
        self.queries: list[Query | None] = []
        self.errors: list[QueryError] = []
        self.closed = 0

    def compose(self) -> ComposeResult:
        yield FilterBar(id="filter", names=lambda: NAMES, rooms=lambda: ["general", "mods"])
        yield Input(id="other")

    @on(FilterBar.Filtered)
    def _filtered(self, event: FilterBar.Filtered) -> None:
        self.queries.append(event.query)

    @on(FilterBar.Mistyped)
    def _mistyped(self, event: FilterBar.Mistyped) -> None:
        self.errors.append(event.error)

    @on(FilterBar.Closed)
    def _bar_closed(self) -> None:
        self.closed += 1

    @property
    def bar(self) -> FilterBar:
        return self.query_one(FilterBar)

    @property
    def drawn(self) -> str:
        return self.bar.render_line(0).text


@asynccontextmanager
async def running() -> AsyncIterator[tuple[Bar, Pilot[None]]]:
    app = Bar()
    async with app.run_test(size=(90, 5)) as pilot:
        app.bar.focus()
        await pilot.pause()
        yield app, pilot


async def _ghost(app: Bar, pilot: Pilot[None], expected: str) -> None:
    for _ in range(100):
        if app.bar._suggestion == expected:
            return
        await pilot.pause()
    raise AssertionError(f"{app.bar._suggestion!r} is suggested")


def _problem_at(app: Bar) -> int | None:
    return app.bar.problem_at


async def test_the_empty_line_says_what_can_be_typed() -> None:
    async with running() as (app, _):
        assert PLACEHOLDER in app.drawn
        for construct in ('"phrase"', "/regex/", "from:", "in:", "has:", "is:", "since:", "len>", "-not", "or", "()"):
            assert construct in PLACEHOLDER


async def test_it_parses_while_it_is_typed() -> None:
    async with running() as (app, pilot):
        await pilot.press(*"a (b")
        assert [query.source for query in app.queries if query] == ["a", "a "]
        assert [error.position for error in app.errors] == [3, 2]
        assert _problem_at(app) == 2
        await pilot.press(")")
        assert app.queries[-1] is not None
        assert app.queries[-1].source == "a (b)"
        assert _problem_at(app) is None
        await pilot.press("ctrl+u")
        assert app.queries[-1] is None


async def test_enter_keeps_a_query_and_does_not_leave_a_line_that_is_none() -> None:
    async with running() as (app, pilot):
        await pilot.press(*"is:x", "enter")
        assert (app.closed, len(app.errors)) == (0, 3)
        await pilot.press("backspace", *"mine", "enter")
        assert app.closed == 1


async def test_what_is_unfinished_is_no_error_until_it_is_left_or_entered() -> None:
    async with running() as (app, pilot):
        await pilot.press(*'from:"ama')
        assert all(error.unfinished for error in app.errors)
        assert not any(segment.style and segment.style.underline for segment in app.bar.render_line(0))
        await pilot.press("enter")
        assert (app.closed, app.errors[-1].unfinished) == (0, False)
        assert any(segment.style and segment.style.underline for segment in app.bar.render_line(0))


async def test_the_place_of_a_problem_is_known_by_its_cell_also_where_the_line_is_scrolled() -> None:
    async with running() as (app, pilot):
        app.bar.value = "日本語 is:x"
        await pilot.pause()
        assert app.bar.problem_at is not None
        assert app.drawn[: app.bar.problem_at].endswith("is:")
        assert app.bar.column_of(app.bar.problem_at) == len("日本語") * 2 + len(" is:")
        told = len(app.errors)
        app.bar.value = f"{'日本語 ' * 20}is:x"
        await pilot.press("end")
        for _ in range(100):
            if app.bar.scroll_offset.x and len(app.errors) > told + 1:
                break
            await pilot.pause()
        column = app.bar.column_of(app.bar.problem_at)
        assert app.drawn[: app.drawn.index("x")].endswith("is:")
        assert column == app.bar.size.width - len("x") - 1
        assert len(app.errors) > told + 1  # once more when it came to stand in another column


async def test_escape_goes_back_to_what_filtered_before() -> None:
    async with running() as (app, pilot):
        await pilot.press(*"nitro", "enter")
        await pilot.press(*" is:x")
        app.bar.back_out()
        assert app.bar.value == "nitro"
        app.bar.back_out()
        assert app.bar.value == ""


async def test_a_filter_that_is_put_away_is_among_the_earlier_ones() -> None:
    async with running() as (app, pilot):
        await pilot.press(*"nitro")
        app.bar.put_away()
        await pilot.press(*"is:x")
        app.bar.put_away()
        await pilot.press("up")
        assert app.bar.value == "nitro"


async def test_tab_completes_and_goes_on_through_the_other_completions() -> None:
    async with running() as (app, pilot):
        await pilot.press("h", "tab")
        assert app.bar.value == "has:"
        await pilot.press("tab")
        assert app.bar.value == "has:link"
        assert "⇥ has:file" in app.drawn
        await pilot.press("tab")
        assert app.bar.value == "has:file"
        await pilot.press("tab")
        assert app.bar.value == "has:link"
        assert app.bar.has_focus


async def test_a_click_on_what_is_offered_takes_it_and_one_on_the_line_does_not() -> None:
    async with running() as (app, pilot):
        await pilot.press("h")
        await pilot.click("#filter", offset=(app.drawn.index("⇥") + 1, 0))
        assert app.bar.value == "has:"
        await pilot.click("#filter", offset=(app.drawn.index("has:file"), 0))
        assert app.bar.value == "has:link"
        await pilot.click("#filter", offset=(0, 0))
        assert (app.bar.value, app.bar.cursor_position) == ("has:link", 0)


async def test_the_cursor_may_go_anywhere_after_a_completion() -> None:
    async with running() as (app, pilot):
        await pilot.press("h", "tab", "tab", "home")
        assert (app.bar.value, app.bar.cursor_position) == ("has:link", 0)
        assert "⇥" not in app.drawn
        for _ in range(len(app.bar.value)):
            await pilot.press("right")
        assert "⇥ has:file" in app.drawn


async def test_tab_leaves_the_bar_when_nothing_can_be_completed() -> None:
    async with running() as (app, pilot):
        await pilot.press(*"zebra", "tab")
        assert app.query_one("#other").has_focus
        assert app.bar.value == "zebra"
        app.bar.value = ""
        app.bar.focus()
        await pilot.press("tab")
        assert app.query_one("#other").has_focus


async def test_what_is_offered_is_shown_and_right_takes_it() -> None:
    async with running() as (app, pilot):
        await pilot.press(*"from:v")
        assert "⇥ from:Vlad_1998  from:vlada" in app.drawn
        await pilot.press("l")
        await _ghost(app, pilot, "from:vlada")
        await pilot.press("right")
        assert app.bar.value == "from:vlada"


async def test_a_name_with_a_space_is_completed_in_quotes_in_the_middle_of_the_line() -> None:
    async with running() as (app, pilot):
        await pilot.press(*"from:am x", "left", "left", "tab")
        assert app.bar.value == 'from:"Amara Okafor" x'
        assert app.bar.cursor_position == len('from:"Amara Okafor"')


async def test_names_that_would_act_on_the_terminal_are_not_offered() -> None:
    async with running() as (app, pilot):
        await pilot.press(*"from:ev")
        assert app.bar.offered() == []
        await pilot.press("tab")
        assert app.bar.value == "from:ev"


async def test_rooms_are_offered() -> None:
    async with running() as (app, pilot):
        await pilot.press(*"in:", "tab", "tab")
        assert app.bar.value == "in:mods"


async def test_up_and_down_walk_through_the_filters_that_were_kept() -> None:
    async with running() as (app, pilot):
        for line in ("a1", "b2", "a1"):
            await pilot.press(*line, "enter", "ctrl+u")
        await pilot.press(*"c3", "up")
        assert app.bar.value == "a1"
        await pilot.press("up", "up")
        assert app.bar.value == "b2"
        await pilot.press("down", "down")
        assert app.bar.value == "c3"
        assert app.queries[-1] is not None
        assert app.queries[-1].source == "c3"


async def test_the_parts_of_the_line_look_different() -> None:
    async with running() as (app, pilot):
        app.bar.value = 'a "b" /c/ from:d or is:x'
        await pilot.pause()
        style_of = {segment.text.strip(): segment.style for segment in app.bar.render_line(0) if segment.text.strip()}
        parts = ["a", '"b"', "/c/", "from:", "or", "x"]
        colours = [style.color for part in parts if (style := style_of[part]) is not None]
        assert len(set(colours)) == len(parts)
        problem = style_of["x"]
        assert problem is not None
        assert problem.underline


async def test_what_is_pasted_can_not_act_on_the_terminal() -> None:
    async with running() as (app, pilot):
        app.bar.post_message(Paste("ni\x1b[31mt\u202ero\u200b\tnow\nmore"))
        await pilot.pause()
        assert app.bar.value == "ni[31mtro now"
