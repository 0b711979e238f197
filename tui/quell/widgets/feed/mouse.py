"""A feed under the mouse: the wheel, clicks, and drags that go on beyond the edge."""

from textual import events
from textual.timer import Timer

from quell.moderation.timeline import Place, place
from quell.widgets.feed.feed import Feed

WHEEL = 3
"""Lines that one notch of the mouse wheel moves."""

PULL = 0.05
"""Seconds after which a drag that is held beyond the edge scrolls on, by as many lines as it is away from there."""

LEFT = 1


class MouseFeed(Feed):
    """A feed that takes the mouse: a press puts the cursor on a row, and a drag takes it along. Made as a `Feed` is."""

    _pressed: Place | None = None
    """Where the button went down, while it is down."""
    _dragging = False
    _beyond = 0
    """Lines that the mouse is below the last line, or, negative, above the first."""
    _pull: Timer | None = None

    @property
    def pressed(self) -> bool:
        """Whether the button is down: nothing may move under it."""
        return self._pressed is not None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the window; beyond the newest message, it follows again."""
        event.stop()
        self._scroll(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the window; beyond the oldest message, it asks for older ones."""
        event.stop()
        self._scroll(-WHEEL)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """The left button goes down on a row: it gets the cursor. With shift or ctrl, a drag from the cursor begins."""
        row = self._row_at(event.y)
        if row is None or event.button != LEFT:
            return
        here, before = place(self.rows[row]), self.viewport.cursor
        reaching = (event.shift or event.ctrl) and before is not None
        self._pressed, self._dragging = before if reaching else here, False
        self.hold()
        self.capture_mouse()
        self._move(row)
        if self._pressed != here:
            self._drag()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """With the button down, the cursor goes along."""
        if self._pressed is None:
            return
        if event.button != LEFT:
            self._release()  # it went up where the terminal does not tell of it
            return
        self._beyond = min(event.y, 0) + max(event.y - self.size.height + 1, 0)
        if self._beyond and self._pull is None:
            self._pull = self.set_interval(PULL, self._pulled)
        elif not self._beyond:
            self._stop_pulling()
        self._reach(event.y)

    def on_mouse_up(self) -> None:
        """The button goes up: on the row where it went down, that was a click."""
        self._release()

    def _release(self) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return
        self._stop_pulling()
        self.release_mouse()
        if self._dragging:
            self.drag_ended()
        else:
            self.clicked(pressed)
        self.hold()

    def hold(self) -> None:
        """Let the feed rest for as long as something must not move, such as what is under the button."""
        self.held = self.pressed

    def clicked(self, at: Place) -> None:
        """The row at this place was clicked."""

    def dragged(self, start: Place) -> None:
        """The mouse was dragged from the row at this place onto another one, which the cursor rests on."""

    def drag_ended(self) -> None:
        """The button went up at the end of a drag."""

    def _reach(self, y: int) -> None:
        """Take the cursor to the row on this line, or the nearest one in view."""
        y = max(0, min(y, self.size.height - 1))
        row = self._row_at(y)
        if row is None:
            row = 0 if self.viewport.top + y < 0 else len(self.rows) - 1
        if row != self.viewport.cursor_row and len(self.rows):
            self._move(row)
            self._drag()

    def _drag(self) -> None:
        if self._pressed is not None:
            self._dragging = True
            self.dragged(self._pressed)

    def _pulled(self) -> None:
        self._scroll(self._beyond)
        self._reach(self._beyond if self._beyond < 0 else self.size.height)

    def _stop_pulling(self) -> None:
        if self._pull is not None:
            self._pull.stop()
            self._pull = None

    def _row_at(self, y: int) -> int | None:
        found = self.rows.at(self.viewport.top + y)
        return None if found is None else found[0]
