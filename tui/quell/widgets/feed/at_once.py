"""Drawing what a key changed without waiting for the next frame.

Textual draws at most sixty times a second. Beside many arrivals a frame has nearly always just been drawn when a key
comes, and what it changed would wait for most of the next one.
"""

import time

from textual.widget import Widget

LEAST = 1 / 120
"""Seconds between two drawings at once: keys that come faster share a frame."""


class AtOnce:
    """Draws a widget at once.

    Args:
        widget: What to draw.
    """

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._last = 0.0

    def __call__(self) -> None:
        """Draw what is to be drawn anew; where that can not be now, it is left to the next frame."""
        widget, now = self._widget, time.monotonic()
        screen = widget.screen
        if now - self._last < LEAST or not screen.is_current or screen._layout_required or widget.app._batch_count:
            return
        self._last = now
        widget._repaint_required = False
        screen._compositor.update_widgets({widget, *screen._dirty_widgets})
        screen._compositor_refresh()
