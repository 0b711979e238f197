"""A screen that draws what changed and no more, and never for so long that a key has to wait."""

import asyncio

from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip

from quell.drawing.compositor import PartsCompositor
from quell.drawing.line_filters import filtered

FRAME = 1 / 60
"""Seconds until what can not be drawn now is tried again."""


class PartsScreen(Screen[None]):
    """Draws itself by a `PartsCompositor`."""

    def __init__(self) -> None:
        super().__init__()
        self._parts = self._compositor = PartsCompositor()
        self._goes_on = False
        """Whether the rest of a drawing is about to follow."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The background; what Textual draws for screens that are blank keeps its colour whatever the filters say."""
        return [Strip.blank(crop.width, filtered(self.visual_style.rich_style, self))] * crop.height

    def _screen_resized(self, size: Size) -> None:
        """Lay out for another size and draw everything, once.

        Textual would do both again when it tells the screen of the size it just got, and a third time because widgets
        ask for it as they learn their sizes from the first.
        """
        if size == self.outer_size:
            return
        asked = {each for each in self._compositor.widgets if each._layout_required}
        super()._screen_resized(size)
        if self.is_active:
            for widget in self._compositor.widgets - asked:
                widget._layout_required = widget._repaint_required = False

    def _compositor_refresh(self) -> None:
        """Draw what changed; where that takes long, the rest after the keys that came meanwhile."""
        if self.is_active and self.app._batch_count:
            self._go_on_in(FRAME)  # nothing reaches the terminal now, and it would be taken for drawn
            return
        super()._compositor_refresh()
        if self.is_active and self._parts.unfinished:
            self._go_on_in(0.0)

    def _go_on_in(self, seconds: float) -> None:
        if not self._goes_on:
            self._goes_on = True
            asyncio.get_running_loop().call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        """Draw what is left, and only that: of widgets that ask meanwhile, the compositor does not know yet."""
        self._goes_on = False
        if not self.is_active or not self._parts.unfinished:
            return
        if self.app._batch_count:
            self._go_on_in(FRAME)
            return
        try:
            self.app._display(self, self._parts.render_update())
        except Exception as error:  # noqa: BLE001 - as Textual does with what is raised while it draws
            self.app._handle_exception(error)
        else:
            if self._parts.unfinished:
                self._go_on_in(0.0)
