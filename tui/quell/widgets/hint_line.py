"""The line below the feed, drawn anew when anything that it tells changes."""

from textual.widget import Widget

from quell.session.session import Session
from quell.widgets import hints
from quell.widgets.facts import Facts
from quell.widgets.filter_bar import FilterBar
from quell.widgets.selecting_feed import SelectingFeed
from quell.widgets.sifting import Sifting
from quell.widgets.tally import Tally
from quell.widgets.texts import Texts


class HintLine:
    """Tells what is marked, what the filter leaves, what is wrong with it, and what is under way.

    Args:
        owner: Holds the line and the `FilterBar`, and lends its timers.
        session: Where the selection is.
        facts: Which rooms are looked at.
        feed: What the line is about.
        sifting: The filter of the feed.
        texts: What changes the line.
    """

    def __init__(
        self, owner: Widget, session: Session, facts: Facts, feed: SelectingFeed, sifting: Sifting, texts: Texts
    ) -> None:
        self.asking: float | None = None
        """Which part of what a deletion is asked for is put together, where that takes long. `show` after a change."""
        self._owner = owner
        self._session = session
        self._facts = facts
        self._feed = feed
        self._sifting = sifting
        self._texts = texts
        self._tally = Tally(owner, self.show)

    def count_marks(self) -> None:
        """Count anew what is marked; while more is being marked, only how much."""
        scope, selection = self._facts.scope, self._session.selection
        if scope is None:
            return
        if self._feed.marking:
            self._tally.count_rooms(selection, scope)
        else:
            self._tally.count(selection, scope, self._feed.rows)
        self.show()

    def show(self) -> None:
        """Draw the line."""
        scope = self._facts.scope
        if scope is None:
            return
        bar, width = self._owner.query_one(FilterBar), self._feed.size.width + 2
        if bar.problem is not None:
            self._texts.say("#room-hints", hints.mistake(bar.problem, bar.column_of(bar.problem.position), width))
            return
        parts = hints.marks(self._tally)
        if self._feed.marking:
            parts.append(hints.marking(self._feed.marking_progress))
        if self.asking:
            parts.append(hints.asking(self.asking))
        if self._feed.ranging:
            parts.append(hints.ranging())
        parts += hints.matches(self._sifting, len(self._feed.rows), len(scope))
        self._texts.say("#room-hints", hints.line(parts, self._feed.unseen, width))
