"""Parts of what shines through from behind dialogs."""

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widgets import Static

from quell.drawing.backdrop import divided
from quell.drawing.compositor import Part, PartsCompositor


class Behind(Screen[None]):
    CSS = "#left { width: 10; } #right { width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._compositor = PartsCompositor()

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("left", id="left")
            yield Static("right", id="right")


class Lower(ModalScreen[None]):
    CSS = "Lower { background: black 50%; } Static { width: 12; height: 3; offset: 4 2; }"

    def compose(self) -> ComposeResult:
        yield Static("one\ntwo\nthree")


class Upper(ModalScreen[None]):
    CSS = "Upper { background: black 50%; } Static { width: 6; height: 1; offset: 20 3; }"

    def compose(self) -> ComposeResult:
        yield Static("upper")


def parts(app: App[None], y: int) -> list[tuple[int, str]]:
    """Where on a line what begins."""
    screens = [*app._background_screens, app.screen]
    line = app.screen._compositor._render_chops(app.screen.size.region, lambda _: True)[y]
    pieces = [piece for x, strip in line.items() for piece in divided(Part(x, y, strip), screens)]
    assert sum(piece.strip.cell_length for piece in pieces) == app.screen.size.width
    return [(piece.x, piece.strip.text.rstrip()) for piece in pieces]


async def test_each_screen_is_divided_where_it_shows() -> None:
    app = App[None]()
    async with app.run_test(size=(40, 6)) as pilot:
        await app.push_screen(Behind())
        await pilot.pause()
        assert parts(app, 0) == [(0, "left"), (10, "right")]
        await app.push_screen(Lower())
        await pilot.pause()
        assert parts(app, 0) == [(0, "left"), (10, "right")]
        assert parts(app, 3) == [(0, ""), (4, "two"), (16, "")]
        await app.push_screen(Upper())
        await pilot.pause()
        assert parts(app, 0) == [(0, "left"), (10, "right")]
        assert parts(app, 3) == [(0, ""), (4, "two"), (16, ""), (20, "upper"), (26, "")]


def test_what_lies_on_top_is_left_as_it_is() -> None:
    part = Part(3, 2, Strip.blank(5))
    assert list(divided(part, [Screen()])) == [part]
