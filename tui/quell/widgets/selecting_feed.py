"""The feed under the keys: marking messages one by one, in ranges and in bulk, and going from one to the next.

Marks are of messages, not of rows: nothing that arrives, scrolls or is filtered changes them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message as TextualMessage

from quell.collector import spare_if_many
from quell.moderation.deletion import RETRYABLE, MessageKey, State
from quell.moderation.timeline import Place, place
from quell.session.session import Session
from quell.widgets.facts import Facts
from quell.widgets.feed import MouseFeed
from quell.widgets.feed.rows import Rows
from quell.widgets.marking import Marker, SameText
from quell.widgets.slices import Disposal, Slices
from quell_providers.model import Message

FAILURES = RETRYABLE | {State.UNKNOWN}
"""States of deletions that want to be looked at."""

SCANNED_AT_ONCE = 0.02
"""Seconds that looking for messages takes before the screen is drawn in between."""

CHUNK = 512
"""Messages looked at in one step."""


class SelectingFeed(MouseFeed):
    """A feed with the selection of its session.

    Args:
        session: Where selection and deletions are.
        facts: What rows show besides their messages.
        id: As for every widget.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "mark", id="mark.toggle", tooltip="Mark or unmark this message"),
        Binding("v", "range", "range", id="mark.range", tooltip="Mark a range: v, move, v"),
        Binding("shift+down", "stretch(1)", "range", show=False, id="mark.down", tooltip="Mark a range downwards"),
        Binding("shift+up", "stretch(-1)", "range", show=False, id="mark.up", tooltip="Mark a range upwards"),
        Binding("a", "mark_author", "author", id="mark.author", tooltip="Mark everything shown by this author"),
        Binding("=", "mark_same", "same text", show=False, id="mark.same", tooltip="Mark the same text"),
        Binding(
            "*", "mark_all", "all", show=False, id="mark.all", tooltip="Mark all that matches, or all that is shown"
        ),
        Binding("!", "invert", "invert", show=False, id="mark.invert", tooltip="Mark what is not marked"),
        Binding("R", "restore", "restore", show=False, id="mark.restore", tooltip="Bring the last selection back"),
        Binding("m", "next_marked(1)", "next marked", show=False, id="go.marked", tooltip="Next marked message"),
        Binding("M", "next_marked(-1)", "", show=False, id="go.marked-back", tooltip="Previous marked message"),
        Binding(
            "f", "next_failed(1)", "next failed", show=False, id="go.failed", tooltip="Next refused or failed deletion"
        ),
        Binding(
            "F", "next_failed(-1)", "", show=False, id="go.failed-back", tooltip="Previous refused or failed deletion"
        ),
    ]

    class SelectionChanged(TextualMessage):
        """Messages were marked or unmarked, or a range began or ended."""

    def __init__(self, session: Session, facts: Facts, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(facts, id=id)
        self._session = session
        self._facts = facts
        self._marker = Marker(session.selection)
        self._scanning = Slices(self, self._marks_changed)
        self._dispose = Disposal(self)
        self._shifting = False
        self._not_shown = 0
        """How often something was to be marked for which not everything is shown yet."""
        self._then: Callable[[], object] | None = None
        """What waits for the marks."""
        self.all_shown: Callable[[Callable[[], object]], object] = lambda then: then()
        """Calls back once everything that belongs to the rows is in them; a filter may still be at work."""
        self.meant: Callable[[], Callable[[Message], bool] | None] = lambda: None
        """Gives what tells which of the rows are meant by all; `None`: every one."""

    async def on_key(self, event: Key) -> None:
        """Do at once what a key of the feed's own means.

        Textual asks for bindings once a key has been through the queue of every widget around this one; while deletions
        run, something is ahead of it in each.
        """
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if not binding.priority and await self.app.run_action(binding.action, self):
                event.stop()
                event.prevent_default()
                return

    @property
    def marking(self) -> bool:
        """Whether messages are still being looked for that are to be marked."""
        return self._not_shown > 0 or self._scanning.busy

    def when_marked(self, then: Callable[[], object]) -> None:
        """Call this, and not what was to be called before, once everything is marked that is to be: maybe now."""
        if self.marking:
            self._then = then
        else:
            then()

    @property
    def ranging(self) -> bool:
        """Whether a range has begun and not ended."""
        return self._marker.ranging

    def clear_marks(self) -> None:
        """Unmark everything; `R` brings the marks back. Nothing waits for marks any more."""
        self._then = None
        self._scanning.drop()
        self._marker.clear()
        self._marks_changed()

    def drop_range(self) -> None:
        """Unmark the range that has begun."""
        self._marker.drop_range()
        self._marks_changed()

    def end_range(self) -> None:
        """Let the range be: what it marked stays marked, and the cursor moves on without it."""
        self._shifting = False
        self._marker.end_range()
        self.hold()

    def hold(self) -> None:
        """Let the feed rest while anything is marked, or the mouse is about to."""
        self.held = self.pressed or self._marker.ranging or len(self._session.selection) > 0

    # Marking

    def action_mark(self) -> None:
        """Mark or unmark the message under the cursor; a range that has begun ends with it."""
        message = self.cursor_message
        if self._marker.ranging:
            self.end_range()
            self._marks_changed()
        elif message is not None:
            self._toggle([message])

    def action_mark_author(self) -> None:
        """Mark everything shown by the author of the message under the cursor, or unmark it when all is marked."""
        message, scope = self.cursor_message, self._facts.scope
        if message is not None and scope is not None:
            author_id = message.author.id
            self._when_shown(lambda: self._toggle(self._shown(scope.by_author(author_id))))

    def action_mark_same(self) -> None:
        """Mark every message shown with the text of the one under the cursor, or unmark them when all are marked."""
        message = self.cursor_message
        if message is not None:
            same = SameText(message.text)
            self._when_shown(lambda: self._scanning.start(self._toggling(same), at_once=SCANNED_AT_ONCE))

    def action_mark_all(self) -> None:
        """Mark all that matches the filter; without one, all that is shown."""
        self._when_shown(lambda: self._scanning.start(self._marking_all(), at_once=SCANNED_AT_ONCE))

    def action_invert(self) -> None:
        """Mark what is shown and not marked, and unmark the rest of it."""
        self._when_shown(lambda: self._scanning.start(self._inverting(), at_once=SCANNED_AT_ONCE))

    def action_restore(self) -> None:
        """Bring the last selection back."""
        self.end_range()
        if not self._session.selection.restore():
            self.notify("No selection was left or deleted before this one.", markup=False)
        self._marks_changed()

    def action_range(self) -> None:
        """Begin a range at the cursor, or end it."""
        message = self.cursor_message
        if self._marker.ranging:
            self.end_range()
            self._marks_changed()
        elif message is not None:
            self._marker.begin_range(place(message))
            self._stretch()

    def action_stretch(self, by: int) -> None:
        """Move the cursor with a range behind it, which ends with the next move without it."""
        shifting, self._shifting = self._shifting or not self._marker.ranging, False
        if not self._marker.ranging:
            self.action_range()
        self.action_move(by)
        self._shifting = shifting

    @contextmanager
    def _moving(self) -> Iterator[None]:
        if self._shifting:
            self.end_range()
        with super()._moving():
            yield
            self._stretch()

    def _when_shown(self, mark: Callable[[], object]) -> None:
        self.end_range()  # its next step would take these marks away again

        def shown() -> None:
            self._not_shown -= 1
            mark()

        self._not_shown += 1
        self.all_shown(shown)

    def _marking_all(self) -> Iterator[None]:
        for rows in self._chunks():
            if self._facts.scope is not None:
                self._marker.add(self._facts.scope, filter(self.meant(), rows))
            yield

    def _inverting(self) -> Iterator[None]:
        for rows in self._chunks():
            if self._facts.scope is not None:
                self._marker.invert(self._facts.scope, rows)
            yield

    def _toggling(self, same: SameText) -> Iterator[None]:
        """Look through all rows, and mark or unmark what was found at the end."""
        found: list[Message] = []
        for rows in self._chunks():
            found += filter(same, rows)
            yield
        self._toggle(found)

    def _chunks(self) -> Iterator[list[Message]]:
        """The rows as they are now, some at a time; the list may change meanwhile."""
        rows = self.rows[:]
        spare_if_many(rows)
        for start in range(0, len(rows), CHUNK):
            yield rows[start : start + CHUNK]
        self._dispose(rows)

    def _shown(self, messages: list[Message]) -> list[Message]:
        """Those of the messages that have a row."""
        everything = self._facts.scope is not None and len(self.rows) == len(self._facts.scope)
        return messages if everything else shown(self.rows, messages)

    def _toggle(self, messages: Iterable[Message]) -> None:
        if self._facts.scope is None:
            return
        if not self._marker.toggle(self._facts.scope, messages):
            self.notify("This message is already deleted.", markup=False)
        self._marks_changed()

    def _stretch(self) -> None:
        cursor, scope = self.viewport.cursor, self._facts.scope
        if self._marker.ranging and cursor is not None and scope is not None:
            self._marker.stretch_range(scope, self.rows, cursor)
            self._marks_changed()

    def _marks_changed(self) -> None:
        """Draw marks anew, and let the feed rest while anything is marked."""
        self.hold()
        self._changed()
        self.post_message(self.SelectionChanged())
        if self._then is not None and not self.marking:
            then, self._then = self._then, None
            then()

    def clicked(self, at: Place) -> None:
        """Mark or unmark the row; a range that has begun ends with it."""
        row = self.rows.position(at)
        if self._marker.ranging:
            self.end_range()
            self._marks_changed()
        elif row is not None:
            self._toggle([self.rows[row]])

    def dragged(self, start: Place) -> None:
        """Mark the rows from where the drag began, or the range that was begun before, to the cursor."""
        if not self._marker.ranging:
            self._marker.begin_range(start)
        self._stretch()

    def drag_ended(self) -> None:
        """Let the range be."""
        self.end_range()
        self._marks_changed()

    # Going from one to the next

    def action_next_marked(self, by: int) -> None:
        """Go to the next marked message, or the previous one."""
        self._go(list(self._session.selection), by, "No other message shown here is marked.")

    def action_next_failed(self, by: int) -> None:
        """Go to the next message whose deletion was refused, failed or is unknown, or the previous one."""
        self._go(self._session.engine.keys_in(FAILURES), by, "No other deletion shown here was refused or failed.")

    def _go(self, keys: Sequence[MessageKey], by: int, nothing: str) -> None:
        scope, cursor = self._facts.scope, self.viewport.cursor
        if scope is None or cursor is None:
            return
        messages = [message for key in keys if (message := scope.find(key)) is not None]
        target = neighbour(cursor, map(place, shown(self.rows, messages)), by)
        if target is None:
            self.notify(nothing, markup=False)
        else:
            self.move_to(target)


def shown(rows: Rows, messages: Iterable[Message]) -> list[Message]:
    """Those of the messages that have a row."""
    return [message for message in messages if rows.position(place(message)) is not None]


def neighbour(cursor: Place, places: Iterable[Place], by: int) -> Place | None:
    """The next of the places after the cursor, or before it when `by` is negative; round the end, if need be.

    `None` when there is no place but the cursor's own.
    """
    others = sorted(each for each in places if each != cursor)
    beyond = [each for each in others if (each > cursor if by > 0 else each < cursor)]
    ordered = beyond or others
    return (ordered[0] if by > 0 else ordered[-1]) if ordered else None
