"""The feed under the keys: marking messages one by one, in ranges and in bulk, and going from one to the next.

Marks are of messages, not of rows: nothing that arrives, scrolls or is filtered changes them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message as TextualMessage

from quell.moderation.deletion import RETRYABLE, MessageKey, State
from quell.moderation.timeline import Place, place
from quell.pauses import FEW, in_chunks
from quell.session.scope import Scope
from quell.session.session import Session
from quell.widgets.bulk import Bulk
from quell.widgets.facts import Facts
from quell.widgets.feed import MouseFeed
from quell.widgets.going import neighbour, seeking, shown
from quell.widgets.marking import Found, Marker, SameText
from quell.widgets.slices import Disposal, Slices
from quell_providers.model import Message

FAILURES = RETRYABLE | {State.UNKNOWN}
"""States of deletions that want to be looked at."""

SOUGHT_AT_ONCE = 0.012
"""Seconds that looking for the next row of a kind takes at once."""

NO_MARKS = "No other message shown here is marked."
"""Said when there is no message to go to."""


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
        self._bulk = Bulk(self, self._marks_changed)
        self._dispose = Disposal(self)
        self._seeking = Slices(self, lambda: None)
        self._shifting = False
        self._not_shown = 0
        """How often something was to be marked for which not everything is shown yet."""
        self._read = False
        """Whether the message under the cursor is read in full."""
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
        return self._not_shown > 0 or self._bulk.busy

    @property
    def marking_progress(self) -> float:
        """Which part of the rows is looked through for what is to be marked, from 0 to 1."""
        return self._bulk.progress

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
        self._bulk.drop()
        for ids in self._marker.clear().values():
            self._dispose(ids.pages(), at_once=1)
        self._marks_changed()

    def drop_range(self) -> None:
        """Unmark the range that has begun."""
        self._bulk.drop()
        self._marker.drop_range()
        self._marks_changed()

    def end_range(self) -> None:
        """Let the range be: what it marked stays marked, and the cursor moves on without it."""
        self._shifting = False
        self._marker.end_range()
        self.hold()

    def hold(self) -> None:
        """Let the feed rest while anything is marked or read in full, or the mouse is about to mark."""
        self.held = self.pressed or self._read or self._marker.ranging or len(self._session.selection) > 0

    # Marking

    def action_mark(self) -> None:
        """Mark or unmark the message under the cursor; a range that has begun ends with it."""
        self._mark_one(self.cursor_message)

    def action_mark_author(self) -> None:
        """Mark everything shown by the author of the message under the cursor, or unmark it when all is marked."""
        message = self.cursor_message
        if message is not None:
            author_id = message.author.id
            self._mark(lambda scope: self._toggling(scope, self._by_author(scope, author_id)))

    def action_mark_same(self) -> None:
        """Mark every message shown with the text of the one under the cursor, or unmark them when all are marked."""
        message = self.cursor_message
        if message is not None:
            same = SameText(message.text)
            self._mark(lambda scope: self._toggling(scope, self._bulk.rows(same)))

    def action_mark_all(self) -> None:
        """Mark all that matches the filter; without one, all that is shown."""
        self._mark(lambda scope: self._marker.adding(scope, self._bulk.rows(self.meant() or _can_be_marked)))

    def action_invert(self) -> None:
        """Mark what is shown and not marked, and unmark the rest of it."""
        self._mark(lambda scope: self._marker.inverting(scope, self._bulk.rows(lambda _: True)))

    def action_restore(self) -> None:
        """Bring the last selection back."""
        self.end_range()
        if not self._session.selection.remembers:
            self.notify("No selection was left or deleted before this one.", markup=False)
        self._bulk.start(self._session.selection.restoring())

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

    def _mark(self, marking: Callable[[Scope], Iterator[None]]) -> None:
        """Do this once everything has a row that is to have one. A range ends: its next step would undo this."""
        self.end_range()

        def shown() -> None:
            self._not_shown -= 1
            if self._facts.scope is not None:
                self._bulk.start(marking(self._facts.scope))

        self._not_shown += 1
        self.all_shown(shown)

    def _toggling(self, scope: Scope, found: Found) -> Iterator[None]:
        return self._marker.toggling(scope, found, self._tell_deleted)

    def _mark_one(self, message: Message | None) -> None:
        scope = self._facts.scope
        if self._marker.ranging:
            self.end_range()
        elif message is not None and scope is not None and not self._marker.toggle(scope, message):
            self._tell_deleted()
        self._marks_changed()

    def _tell_deleted(self) -> None:
        self.notify("This message is already deleted.", markup=False)

    def _by_author(self, scope: Scope, author_id: str) -> Found:
        """All rows of an author."""
        if scope.count_by(author_id) > FEW:
            return self._bulk.rows(lambda message: message.author.id == author_id)
        messages = scope.by_author(author_id)
        if len(self.rows) == len(scope):
            return in_chunks(messages)
        return (shown(self.rows, some) for some in in_chunks(messages))

    def _stretch(self) -> None:
        cursor, scope = self.viewport.cursor, self._facts.scope
        if self._marker.ranging and cursor is not None and scope is not None:
            self._bulk.start(self._marker.stretching(scope, self.rows, cursor))

    def _marks_changed(self) -> None:
        """Draw marks anew, and let the feed rest while anything is marked."""
        self.hold()
        self._changed()
        self.post_message(self.SelectionChanged())
        if self._then is not None and not self.marking:
            then, self._then = self._then, None
            then()

    def hold_for_reading(self, reading: bool) -> None:
        """Let the feed rest while its message is read in full. Afterwards the cursor is on it still."""
        row = self.viewport.cursor_row
        if self._read and not reading and row is not None:
            self.viewport.move(row)
        self._read = reading
        self.hold()

    def clicked(self, at: Place) -> None:
        """Mark or unmark the row; a range that has begun ends with it."""
        row = self.rows.position(at)
        self._mark_one(None if row is None else self.rows[row])

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
        selection, scope, row = self._session.selection, self._facts.scope, self.viewport.cursor_row
        if len(selection) < FEW:
            self._go(list(selection), by, NO_MARKS)
        elif scope is not None and row is not None:
            found = partial(self._go_to, nothing=NO_MARKS)
            seek = seeking(self.rows, row, by, lambda message: scope.key_of(message) in selection, found)
            self._seeking.start(seek, at_once=SOUGHT_AT_ONCE)

    def action_next_failed(self, by: int) -> None:
        """Go to the next message whose deletion was refused, failed or is unknown, or the previous one."""
        self._go(self._session.engine.keys_in(FAILURES), by, "No other deletion shown here was refused or failed.")

    def _go(self, keys: Sequence[MessageKey], by: int, nothing: str) -> None:
        scope, cursor = self._facts.scope, self.viewport.cursor
        if scope is None or cursor is None:
            return
        messages = [message for key in keys if (message := scope.find(key)) is not None]
        self._go_to(neighbour(cursor, shown(self.rows, messages), by), nothing)

    def _go_to(self, message: Message | None, nothing: str) -> None:
        if message is None:
            self.notify(nothing, markup=False)
        else:
            self.move_to(place(message))


def _can_be_marked(message: Message) -> bool:
    return not message.deleted
