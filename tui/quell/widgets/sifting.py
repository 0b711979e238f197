"""The query at work on a feed: which messages have a row, also while more arrive and a long search is under way."""

import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from quell.collector import spare_if_many
from quell.moderation.query import Query
from quell.moderation.timeline import place
from quell.widgets.facts import Facts
from quell.widgets.feed import Feed
from quell.widgets.feed.sieve import Sieve
from quell.widgets.going import seeking
from quell.widgets.slices import Disposal, Slices
from quell_providers.model import Message

AT_ONCE = 0.012
"""Seconds until the first frame is drawn: what is in view is nearly always found in them."""

FIRST_SHOWN = 0.012
SHOWN = 0.25
"""Seconds after which the matches found so far are shown, at first and later on."""

MOST = 32_768
"""Matches that are shown together at the most: each time, all rows that come after them move."""

SEARCHES_APART = 10
"""How many times as long as a search takes nothing is searched for again only because time has passed."""

FEWEST = 256
"""Matches that are shown together at the least, once the first are shown."""


class Sifting:
    """Fills a feed with the messages of the scope that the query lets through.

    Args:
        feed: What to fill. Its rows are changed in here only.
        facts: What the query asks besides the message.
        done: Called when a search that took several frames is at its end.
    """

    def __init__(self, feed: Feed, facts: Facts, done: Callable[[], object]) -> None:
        self.query: Query | None = None
        """What is looked for; `None`: everything is shown. `restart` after a change."""
        self.hiding = True
        """Whether what does not match has no row; else it only is not highlighted. `restart` after a change."""
        self._feed = feed
        self._facts = facts
        self._matches: Callable[[Message], bool] | None = None
        self._sieve: Sieve | None = None
        """Only while a search is under way."""
        self._done = done
        self._slices = Slices(feed, self._finished)
        self._waiting: list[Callable[[], object]] = []
        self._dispose = Disposal(feed)
        self._began = self._took = 0.0
        """When the last search began, by the clock that the query looks at, and how long it took; seconds."""

    @property
    def busy(self) -> bool:
        """Whether a search is under way."""
        return self._slices.busy

    @property
    def progress(self) -> float:
        """Which part of the messages is looked through, from 0 to 1."""
        return self._sieve.progress if self._sieve is not None else 1.0

    @property
    def volatile(self) -> bool:
        """Whether a message can begin or cease to match without changing itself."""
        return self.query is not None and self.hiding and self.query.volatile

    def highlighted(self) -> Callable[[Message], bool] | None:
        """What tells the matches from all the other rows; `None` where these are hidden, or there is no query."""
        return None if self.hiding else self._matches

    def when_done(self, then: Callable[[], object]) -> None:
        """Call this once all that matches has a row: now, or at the end of the search."""
        if self.busy:
            self._waiting.append(then)
        else:
            then()

    def settle(self) -> None:
        """If something waits for the search, end the search now: what waits meant the query that is being changed."""
        if self._waiting:
            self._slices.finish()

    def stop(self) -> None:
        """Search no more: another scope is about to be looked at."""
        self.settle()
        self._slices.drop()
        self._drop_sieve()

    def restart(self) -> None:
        """Look through all messages of the scope anew."""
        began, self._began = time.perf_counter(), self._facts.now()
        self.settle()
        self._slices.drop()
        self._matches = self.query.matcher(self._facts) if self.query is not None else None
        if self._matches is None or not self.hiding:
            self._drop_sieve()
            self._dispose(self._feed.show(self._everything()))
            return
        messages, cursor = self._searched(), self._feed.viewport.cursor
        start = len(messages)
        if cursor is not None and not self._feed.following:
            start = bisect_left(messages, cursor, key=place)
        self._sieve = Sieve(messages, start, self._matches)
        left = began + AT_ONCE - time.perf_counter()
        self._slices.start(self._sift(self._sieve), at_once=max(left, AT_ONCE / 4))

    def tick(self) -> None:
        """Look through all messages anew where time alone may change what matches; seldom where that takes long."""
        if self.query is None or not self.hiding or self.busy:
            return
        if self._facts.now() - self._began >= max(self.query.due, SEARCHES_APART * self._took):
            self.restart()

    def take_in(self, messages: Sequence[Message]) -> None:
        """Give those of these new messages rows that are let through. Inside the feed's `keeping_place`."""
        if self._sieve is not None:
            messages = self._sieve.extend(messages)
        self._add(messages)

    def renew(self, message: Message) -> None:
        """Show a message's new form, or nothing when that is not let through. Inside the feed's `keeping_place`."""
        if self._sieve is not None and not self._sieve.replace(message):
            return
        rows = self._feed.rows
        if self._lets_through(message):
            if not rows.replace(message):
                self._add([message])
        elif (row := rows.position(place(message))) is not None:
            rows.remove(row)

    def look_again(self, message: Message) -> None:
        """Something beside a message changed: how high its row is, and whether it is let through, if that can change.

        Inside the feed's `keeping_place`.
        """
        if self.volatile:
            self.renew(message)
        if (row := self._feed.rows.position(place(message))) is not None:
            self._feed.rows.forget_height(row)

    def go_to_match(self, by: int, nothing: Callable[[], object]) -> None:
        """Put the cursor on the next message that matches, or on the previous one; round the end, if need be.

        Args:
            by: 1 or -1.
            nothing: Called when no other message matches.
        """
        row, matches = self._feed.viewport.cursor_row, self._matches
        if self.busy or row is None or matches is None:
            return

        def found(message: Message | None) -> None:
            if message is None:
                nothing()
            else:
                self._feed.move_to(place(message))

        self._slices.start(seeking(self._feed.rows, row, by, matches, found), at_once=AT_ONCE)

    def _lets_through(self, message: Message) -> bool:
        return self._matches is None or not self.hiding or self._matches(message)

    def _add(self, messages: Sequence[Message]) -> None:
        rows, scope = self._feed.rows, self._facts.scope
        if scope is None:
            return
        newest = place(rows[-1]) if len(rows) else (0.0, "")
        # A message that came while the rows were filled is among them already.
        wanted = [
            message
            for message in scope.still(messages)
            if self._lets_through(message) and ((at := place(message)) > newest or rows.position(at) is None)
        ]
        rows.add(sorted(wanted, key=place))

    def _sift(self, sieve: Sieve) -> Iterator[None]:
        """Look through all messages; show the first matches at once, and later ones in ever larger batches."""
        older: list[list[Message]] = []
        newer: list[Message] = []
        found, shown, wait, enough = 0, time.perf_counter(), FIRST_SHOWN, 2 * self._feed.viewport.height
        first = True
        while not sieve.done:
            more_older, more_newer = sieve.step()
            older.append(more_older)
            newer += more_newer
            found += len(more_older) + len(more_newer)
            if found >= enough or time.perf_counter() - shown > wait:
                self._show(older, newer, first=first)
                older, newer, first = [], [], False
                found, shown, wait, enough = 0, time.perf_counter(), SHOWN, min(max(FEWEST, len(self._feed.rows)), MOST)
            yield
        self._show(older, newer, first=first)
        self._took = self._facts.now() - self._began

    def _show(self, older: list[list[Message]], newer: list[Message], *, first: bool) -> None:
        """Give matches rows; the first ones in place of those of the query before."""
        scope = self._facts.scope
        if scope is None:
            return
        current = scope.still(chain(chain.from_iterable(reversed(older)), newer))
        if first:
            self._dispose(self._feed.show(current))
            return
        with self._feed.keeping_place() as rows:
            cut = len(current) if not len(rows) else bisect_left(current, place(rows[0]), key=place)
            rows.add(current[:cut])
            rows.add(current[cut:])

    def _searched(self) -> list[Message]:
        """What to look through: what a search that is under way has already, even if some is let go of, or a copy."""
        sieve, self._sieve = self._sieve, None
        return self._everything() if sieve is None else sieve.messages

    def _everything(self) -> list[Message]:
        messages = [] if self._facts.scope is None else self._facts.scope.messages()
        spare_if_many(messages)
        return messages

    def _drop_sieve(self) -> None:
        if self._sieve is not None:
            self._dispose(self._sieve.messages)
            self._sieve = None

    def _finished(self) -> None:
        self._drop_sieve()
        waiting, self._waiting = self._waiting, []
        self._done()
        for then in waiting:
            then()
