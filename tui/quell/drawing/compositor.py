"""Rendering what changed on a screen, and no more than that.

Textual's own compositor renders everything that lies between the outermost changes: with a line at the top and one at
the bottom, the whole screen, many times a second. Here each change is rendered on its own.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, cast

from rich.console import Console, RenderableType
from textual._compositor import Compositor, CompositorMap, CompositorUpdate, ReflowResult
from textual._context import visible_screen_stack
from textual.geometry import Offset, Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from quell.drawing.strips import as_rich_counts

LEAST = 1 / 200
"""Seconds between two drawings at once on average: keys that come faster, such as pasted ones, share a frame.

Two may follow each other sooner, or a key would wait for the next frame because a message was drawn just before.
"""


TURN = 1 / 160
"""Seconds after which the rest of a drawing has to wait for the next turn, so that keys are heeded in between."""


class Part(NamedTuple):
    """A piece of one line of the screen. Column and line are counted in cells from 0."""

    x: int
    y: int
    strip: Strip


class PartsUpdate(CompositorUpdate):
    """Parts of the screen that changed; `quell.drawing.placement` draws them, each at its place."""

    def __init__(self, parts: Sequence[Part], size: Size) -> None:
        self.parts = parts
        self.size = size
        """Of the screen, in cells."""

    def render_segments(self, console: Console) -> str:
        """The parts as text for the terminal, without regard to their places."""
        return "".join(part.strip.render(console) for part in self.parts)


class _Layer(NamedTuple):
    """A widget, and where it is."""

    widget: Widget
    region: Region
    """All of it, on the screen."""
    visible: Region
    """What can be seen of it, unless something lies over it."""


class _Piece(NamedTuple):
    """A widget in a region of the screen."""

    widget: Widget
    offset: Offset
    """Where all of the widget begins on the screen."""
    region: Region
    visible: Region
    """What can be seen of the widget, unless something lies over it."""


class PartsCompositor(Compositor):
    """Textual's compositor, but for changes of parts of the screen."""

    next_at = 0.0
    """From when on something may be drawn at once, in seconds of the monotonic clock."""
    _layered: tuple[object, list[_Layer]] = (None, [])
    """What `visible_widgets` was, and the layers that are made of it."""

    _told: "CompositorMap | None" = None
    """Where everything was when it was laid out last."""

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lay out, and find out what changed since that was done before. As for Textual's own.

        That one compares with what it worked out meanwhile to look something up. What changed between would not be
        drawn, nor would widgets be told of their sizes.
        """
        if self._told is not None:
            self._full_map = self._told
        result = super().reflow(parent, size)
        self._told = self._full_map
        return result

    @property
    def unfinished(self) -> bool:
        """Whether something is still to be drawn."""
        return bool(self._dirty_regions)

    def render_update(
        self, full: bool = False, screen_stack: list[Screen[object]] | None = None, simplify: bool = False
    ) -> RenderableType | None:
        """What changed since the last update; `None` when nothing did. As for Textual's own.

        When rendering it takes long, the update is of a part of it, and the compositor `unfinished`.
        """
        dirty = self._dirty_regions
        if full or not dirty:
            return super().render_update(full, screen_stack, simplify)
        visible_screen_stack.set(screen_stack or [])
        whole, layers, until = self.size.region, self._front_to_back, time.monotonic() + TURN
        if whole in dirty:
            regions = [piece.region for piece in _pieces(whole, layers)]
        else:
            regions = [_uncut(region.intersection(whole), layers) for region in dirty]
        dirty.clear()
        parts: list[Part] = []
        for number, region in enumerate(regions, 1):
            parts += _parts(region, layers)
            if time.monotonic() >= until:
                dirty.update(regions[number:])
                break
        return cast("RenderableType", PartsUpdate(parts, self.size))

    def render_strips(self, size: Size | None = None) -> list[Strip]:
        """All lines, for a dialog to stand on. As for Textual's own, but that they can be divided into their parts."""
        size = size or self.size
        chops = self._render_chops(size.region, lambda _: True)
        return [Strip.join([as_rich_counts(part) for part in parts.values()]) for parts in chops[: size.height]]

    def update_of(self, regions: Iterable[Region]) -> PartsUpdate:
        """What can be seen in these regions of the screen now."""
        layers = self._front_to_back
        return PartsUpdate([part for region in regions for part in _parts(region, layers)], self.size)

    @property
    def _front_to_back(self) -> list[_Layer]:
        """The widgets that can be seen, from the front to the back."""
        visible = self.visible_widgets
        if self._layered[0] is not visible:
            layers = [_Layer(widget, region, region.intersection(clip)) for widget, (region, clip) in visible.items()]
            self._layered = (visible, layers)
        return self._layered[1]


def draw(widget: Widget, region: Region) -> None:
    """Draw a region of a widget, in its own coordinates.

    It is done at once, past the queues through which a frame goes otherwise: for what changes many times a second they
    cost more than the drawing, and a key would wait most of a frame for the next one. Where that can not be, or was
    done too often just now, the next frame has it.
    """
    screen, app, now = widget.screen, widget.app, time.monotonic()
    compositor = screen._compositor
    if (
        isinstance(compositor, PartsCompositor)
        and screen is app.screen
        and not screen._layout_required
        and not app._batch_count
        and now >= compositor.next_at
    ):
        compositor.next_at = max(compositor.next_at, now - LEAST) + LEAST
        visible = region.translate(widget.region.offset).intersection(compositor.size.region)
        app._display(screen, cast("RenderableType", compositor.update_of([visible])))
    else:
        Widget.refresh(widget, region)


def _parts(region: Region, layers: Sequence[_Layer]) -> Iterator[Part]:
    """What can be seen in a region of the screen, line by line."""
    for widget, offset, found, _ in _pieces(region, layers):
        for y, strip in enumerate(widget.render_lines(found.translate(-offset)), found.y):
            # A widget that has yet to hear of its new size may draw lines of the old one, over what stands beside it.
            yield Part(found.x, y, strip if strip.cell_length == found.width else strip.adjust_cell_length(found.width))


def _uncut(region: Region, layers: Sequence[_Layer]) -> Region:
    """A region widened to where the widgets at its sides end.

    What lay over a widget may have ended in the middle of a wide character, of which the terminal kept no half.
    """
    pieces = [piece for piece in _pieces(region, layers) if not piece.widget.is_container]  # those are blank
    left = min((piece.visible.x for piece in pieces if piece.region.x == region.x), default=region.x)
    right = max((piece.visible.right for piece in pieces if piece.region.right == region.right), default=region.right)
    wider = Region(left, region.y, right - left, region.height)
    return region if wider == region else _uncut(wider, layers)


def _pieces(region: Region, layers: Sequence[_Layer]) -> Iterator[_Piece]:
    """The pieces of a region, each with the one widget that can be seen there, ordered from the front to the back."""
    for number, (widget, whole, visible) in enumerate(layers):
        found = visible.intersection(region)
        if found:
            yield _Piece(widget, whole.offset, found, visible)
            for rest in _around(found, region):
                yield from _pieces(rest, layers[number + 1 :])
            return


def _around(inner: Region, outer: Region) -> list[Region]:
    """What is left of a region without another one inside it."""
    sides = (
        Region(outer.x, outer.y, outer.width, inner.y - outer.y),
        Region(outer.x, inner.bottom, outer.width, outer.bottom - inner.bottom),
        Region(outer.x, inner.y, inner.x - outer.x, inner.height),
        Region(inner.right, inner.y, outer.right - inner.right, inner.height),
    )
    return [side for side in sides if side]
