"""Strips of which nothing is left when nobody needs them any more."""

from collections.abc import Iterable, Sequence

from textual.strip import Strip


class RowStrip(Strip):
    """A line of a row.

    Textual keeps with each strip what it was divided into, which for a strip that is as wide as its widget is the strip
    itself. So each would wait for the garbage collector, a thousand a second when messages rush by.
    """

    __slots__ = ()

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """As in Textual, but a strip does not hold itself."""
        cuts = [cut for cut in cuts if cut <= self.cell_length]
        return [self] if cuts == [self.cell_length] else super().divide(cuts)
