"""A box that scrolls only while what is in it does not fit."""

from textual.containers import Vertical


class FittingVertical(Vertical):
    """Of automatic height, with a scroll bar as long as it has to be lower than what is in it.

    Textual keeps a scroll bar for good where text fits without it and, for the column that it takes, not beside it.
    """

    def _refresh_scrollbars(self) -> None:
        super()._refresh_scrollbars()
        if self.show_vertical_scrollbar and self._fits():
            self.show_vertical_scrollbar = False
            self.vertical_scrollbar.display = False

    def _fits(self) -> bool:
        room = self.container_size
        return self.get_content_height(room, self.app.size, room.width) <= room.height
