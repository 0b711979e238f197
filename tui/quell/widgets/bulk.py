"""Marks made by one key, of any number of rows: those in view at once, the others a slice at a time."""

import time
from collections import deque
from collections.abc import Callable, Iterator

from quell.collector import spare, spare_if_many
from quell.widgets.feed import Feed
from quell.widgets.feed.sieve import Sieve
from quell.widgets.slices import Disposal, Slices
from quell_providers.model import Message

AT_ONCE = 0.012
"""Seconds of marking until the first frame is drawn: what is in view is nearly always marked in them."""

SHOWN = 0.1
"""Seconds after which the marks made so far are shown."""


class Bulk:
    """Marks rows of a feed, what one key asked for after what the key before it did.

    Args:
        feed: What has the rows.
        changed: Called when marks are to be shown: all, when `busy` is false, or those made so far.
    """

    def __init__(self, feed: Feed, changed: Callable[[], object]) -> None:
        self._feed = feed
        self._changed = changed
        self._waiting: deque[Iterator[None]] = deque()
        self._slices = Slices(feed, self._finished)
        self._dispose = Disposal(feed)
        self._sieve: Sieve | None = None
        """What is looked through at the moment, where that is all rows."""
        self._long = False
        """Whether what is done takes several slices, and so leaves much that the collector would look through."""

    @property
    def busy(self) -> bool:
        """Whether anything is left to do."""
        return self._slices.busy

    @property
    def progress(self) -> float:
        """Which part of the rows is looked through, from 0 to 1."""
        return self._sieve.progress if self._sieve is not None else 0.0

    def start(self, marking: Iterator[None]) -> None:
        """Do this once everything that was to be done before it is done: nearly always now.

        Args:
            marking: Each of its steps takes far less than a slice.
        """
        self._waiting.append(marking)
        if not self.busy:
            self._slices.start(self._working(), at_once=AT_ONCE)
            self._long = self._slices.busy
            if self._long:
                self._changed()

    def drop(self) -> None:
        """Do no more of it."""
        self._slices.drop()
        self._waiting.clear()
        self._sieve = None

    def rows(self, matches: Callable[[Message], bool]) -> Iterator[list[Message]]:
        """The rows that match as they are when this begins, some at a time, from the cursor outwards."""
        rows = self._feed.rows[:]
        spare_if_many(rows)
        cursor = self._feed.viewport.cursor_row
        self._sieve = sieve = Sieve(rows, len(rows) if cursor is None else cursor, matches)
        while not sieve.done:
            older, newer = sieve.step()
            yield older + newer
        self._sieve = None
        self._dispose(rows)

    def _finished(self) -> None:
        if self._long:
            spare()
        self._changed()

    def _working(self) -> Iterator[None]:
        shown = time.perf_counter()
        while self._waiting:
            for _ in self._waiting.popleft():
                yield
                if time.perf_counter() - shown > SHOWN:
                    shown = time.perf_counter()
                    spare()
                    self._changed()
