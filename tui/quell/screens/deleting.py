"""What the main screen does about deletions: asking for them, stopping them, trying them again, telling of them."""

from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from quell.display import printable
from quell.display.wording import plural
from quell.moderation.deletion import RETRYABLE, WAITING, MessageKey, State
from quell.moderation.journal import JournalError
from quell.screens.accounts import AccountsScreen
from quell.screens.confirm import ConfirmScreen
from quell.screens.outcome import OutcomeScreen
from quell.screens.propose import propose
from quell.session.session import Session
from quell.widgets.room_view import RoomView


class DeletingScreen(AccountsScreen):
    """The part of the main screen that deletes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "delete", "delete", id="deletion.delete", tooltip="Delete what is marked, or this message"),
        Binding("u", "cancel", "undo", id="deletion.cancel", tooltip="Cancel what is still held or queued"),
        Binding("r", "retry", "retry", id="deletion.retry", tooltip="Try again what failed or was refused"),
        Binding("o", "outcome", "outcome", id="deletion.outcome", tooltip="What the service answered, in full"),
    ]

    def action_delete(self) -> None:
        """Ask for the deletion of what is marked, once all of it is, or of the message under the cursor."""
        self._room_view.feed.when_marked(self._ask)

    @work(group="confirm", exclusive=True)
    async def _ask(self) -> None:
        session = self._session
        proposal = await propose(session, self._room_view)
        if proposal is None:
            self.notify("There is nothing to delete here.", markup=False)
            return
        confirmed = await self.app.push_screen_wait(ConfirmScreen(proposal))
        if confirmed is None:
            return
        self._room_view.feed.clear_marks()  # before anything is waited for: what is marked from here on stays marked
        try:
            await session.decisions.confirm(confirmed.targets, confirmed.reason, urgent=confirmed.urgent)
        except JournalError as error:
            if proposal.marked:
                self._room_view.feed.action_restore()
            self.notify(
                printable(f"{error} Nothing was deleted."),
                title="No record, no deletion",
                severity="error",
                timeout=15,
                markup=False,
            )

    @on(RoomView.AskingStopped)
    def _stop_asking(self) -> None:
        self.workers.cancel_group(self, "confirm")

    @work(group="cancel")
    async def action_cancel(self) -> None:
        """Cancel what is marked and still waiting, or everything that is waiting."""
        session = self._session
        waiting = session.engine.keys_in(WAITING)
        chosen = [key for key in waiting if key in session.selection] or waiting
        cancelled = await session.engine.cancel(chosen)
        told = f"Cancelled {plural(cancelled, 'deletion')}." if cancelled else "No deletion is waiting."
        self.notify(told, markup=False)

    @work(group="retry")
    async def action_retry(self) -> None:
        """Try again what is marked; else the message under the cursor; else everything that failed."""
        session = self._session
        retried = await session.engine.retry(self._to_retry(session))
        told = f"Trying {plural(retried, 'deletion')} again." if retried else "Nothing here failed or was refused."
        self.notify(told, markup=False)

    def _to_retry(self, session: Session) -> list[MessageKey]:
        retryable = session.engine.keys_in(RETRYABLE)
        marked = [key for key in retryable if key in session.selection]
        if marked:
            return marked
        room, message = self._room_view.room, self._room_view.feed.cursor_message
        if room is not None and message is not None and room.message_key(message.id) in retryable:
            return [room.message_key(message.id)]
        return session.engine.keys_in({State.FAILED})

    def action_outcome(self) -> None:
        """Show the deletion of the message under the cursor in full."""
        message = self._room_view.feed.cursor_message
        deletion = self._room_view.deletion_of(message) if message else None
        if deletion is None:
            self.notify("This message was not deleted from here.", markup=False)
        else:
            self.app.push_screen(OutcomeScreen(deletion, now=self._session.now()))
