"""A feed with its filter: typing it, highlighting instead of hiding, going from match to match, backing out."""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from quell.session.session import Session
from quell.widgets.facts import Facts
from quell.widgets.filter_bar import FilterBar
from quell.widgets.hint_line import HintLine
from quell.widgets.selecting_feed import SelectingFeed
from quell.widgets.sifting import Sifting
from quell.widgets.texts import Texts

NO_FILTER = "There is no filter: type one with /."


class FilteredView(Vertical):
    """The part of a room's view that filters. Whoever inherits composes the feed, the `FilterBar` and the line below.

    Args:
        session: Where rooms, selection and deletions are.
        id: As for every widget.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("/", "filter", "filter", id="feed.filter", tooltip="Filter the messages"),
        Binding(
            "h",
            "highlight",
            "show all",
            show=False,
            id="feed.show-all",
            tooltip="Show all again, what matches highlighted; and back",
        ),
        Binding("n", "next_match(1)", "next match", show=False, id="go.match", tooltip="Next message that matches"),
        Binding("N", "next_match(-1)", "", show=False, id="go.match-back", tooltip="Previous message that matches"),
        Binding(
            "escape",
            "back",
            "back",
            show=False,
            id="mark.clear",
            tooltip="End the range, then the selection, then the filter",
        ),
    ]

    class AskingStopped(Message):
        """What was to be asked about is not to be deleted after all."""

    def __init__(self, session: Session, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._session = session
        self._facts = Facts(session)
        self._feed = SelectingFeed(session, self._facts, id="feed")
        self._sifting = Sifting(self._feed, self._facts, self._sifted)
        self._feed.all_shown = self._sifting.when_done
        self._feed.meant = self._sifting.highlighted
        self._trying = False
        """Whether a filter is typed that is not kept yet."""
        self._texts = Texts(self)
        self._hints = HintLine(self, session, self._facts, self._feed, self._sifting, self._texts)

    def _sifted(self) -> None:
        """Other messages have rows now."""
        self._hints.count_marks()

    def action_filter(self) -> None:
        """Type a filter; what matches is shown at once."""
        self._feed.viewport.stay()
        self._trying = True
        self.add_class("filtering")
        bar = self.query_one(FilterBar)
        bar.begin()
        self._take_keys(bar)

    def action_highlight(self) -> None:
        """Show all messages, with what matches the query highlighted; or only those that match, again."""
        if self._sifting.query is None:
            self.notify(NO_FILTER, markup=False)
            return
        self._sifting.hiding = not self._sifting.hiding
        self._refill()

    def action_next_match(self, by: int) -> None:
        """Go to the next message that matches the query, or to the previous one."""
        if self._sifting.query is None:
            self.notify(NO_FILTER, markup=False)
        else:
            self._sifting.go_to_match(by, lambda: self.notify("No other message matches.", markup=False))

    @on(FilterBar.Filtered)
    def _filter(self, event: FilterBar.Filtered) -> None:
        event.stop()
        if self._sifting.query is event.query:
            self._hints.show()
        else:
            self._sifting.query = event.query
            self._feed.highlight(None if event.query is None else event.query.highlights)
            self._refill()

    @on(FilterBar.Mistyped)
    def _show_mistake(self, event: FilterBar.Mistyped) -> None:
        event.stop()
        self._hints.show()

    @on(FilterBar.Closed)
    def _filter_closed(self, event: FilterBar.Closed) -> None:
        event.stop()
        self._trying = False
        self._leave_filter()

    def _leave_filter(self) -> None:
        """Go back to the messages; the line stays in sight as long as it says anything."""
        is_left = bool(self.query_one(FilterBar).value.strip())
        self._sifting.hiding = self._sifting.hiding or not is_left
        self.set_class(is_left, "filtering")
        self._take_keys(self._feed)

    def _take_keys(self, target: Widget) -> None:
        """Focus at once: `Widget.focus` waits its turn, and keys that are typed meanwhile would go to the wrong one."""
        self.screen.set_focus(target)

    def _refill(self) -> None:
        """Show anew what the filter lets through; while one is tried out, around the message it was begun on."""
        if self._trying:
            self._feed.viewport.return_to_message()
        self._trying = self.screen.focused is self.query_one(FilterBar)
        self._sifting.restart()
        self._sifted()

    def action_back(self) -> None:
        """Back out of one thing: the filter while it is typed, asking, the range, the selection, the filter."""
        # Not `has_focus`, which follows the focus only in the widget's own turn, when the next key may be here already.
        if self.screen.focused is (bar := self.query_one(FilterBar)):
            bar.back_out()
            self._leave_filter()
        elif self._hints.asking is not None:
            self.post_message(self.AskingStopped())
        elif self._feed.ranging:
            self._feed.drop_range()
        elif len(self._session.selection):
            self._feed.clear_marks()
        elif self.has_class("filtering"):
            self.query_one(FilterBar).value = ""
            self._leave_filter()
