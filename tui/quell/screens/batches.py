"""The batches panel: how far each has come, and what can still be done about it."""

from collections.abc import Awaitable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from quell.display import printable
from quell.display.wording import plural
from quell.moderation.deletion import MessageKey
from quell.moderation.engine import Engine
from quell.moderation.journal import JournalError
from quell.screens.batch_text import batch_lines

REFRESH = 0.5
"""Seconds between two looks at the engine."""

KEYS = Content.assemble(
    *(
        part
        for key, does in (
            ("p", "pause or go on"),
            ("c", "cancel the rest"),
            ("r", "retry what failed"),
            ("x", "drop the refused"),
            ("!", "urgent"),
            ("Enter", "go to a failed message"),
            ("Esc", "close"),
        )
        for part in ((key, "bold $accent"), f" {does}   ")
    )
)


class BatchesScreen(ModalScreen[MessageKey | None]):
    """Shows the batches of this run; answers with a message to go to, or `None`.

    Args:
        engine: Whose batches they are.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,b,q", "dismiss", "Close", id="batches.close"),
        Binding("p", "pause", "Pause or go on", id="batches.pause"),
        Binding("c", "cancel_rest", "Cancel the rest", id="batches.cancel"),
        Binding("r", "retry", "Retry what failed", id="batches.retry"),
        Binding("x", "drop_refused", "Drop the refused", id="batches.drop"),
        Binding("exclamation_mark", "hurry", "Urgent", id="batches.urgent"),
        Binding("j", "list.cursor_down", show=False),
        Binding("k", "list.cursor_up", show=False),
    ]

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._ids: list[str] = []

    def compose(self) -> ComposeResult:
        """A list and the keys for it."""
        with Vertical(classes="dialog wide"):
            yield Static("Batches of this run, the newest first", classes="title", markup=False)
            yield OptionList(id="list", markup=False)
            yield Static("Nothing was deleted yet.", id="none", markup=False)
            yield Static(KEYS, markup=False)

    def on_mount(self) -> None:
        """Look at the engine now and then."""
        self._show()
        self.set_interval(REFRESH, self._show)

    def _show(self) -> None:
        batches = list(reversed(self._engine.batches.progress()))
        shown = self.query_one("#list", OptionList)
        shown.display = bool(batches)
        self.query_one("#none").display = not batches
        ids = [batch.id for batch in batches]
        if ids != self._ids:
            chosen = self._chosen()
            shown.set_options([Option(batch_lines(batch), id=batch.id) for batch in batches])
            self._ids = ids
            shown.highlighted = ids.index(chosen) if chosen in ids else 0 if ids else None
            return
        for position, batch in enumerate(batches):
            shown.replace_option_prompt_at_index(position, batch_lines(batch))

    def _chosen(self) -> str | None:
        option = self.query_one("#list", OptionList).highlighted_option
        return option.id if option else None

    def action_pause(self) -> None:
        """Pause the batch, or go on with it."""
        chosen, batches = self._chosen(), self._engine.batches
        if chosen is not None:
            if chosen in batches.paused:
                batches.resume(chosen)
            else:
                batches.pause(chosen)
            self._show()

    def action_hurry(self) -> None:
        """Let the batch overtake the others."""
        chosen = self._chosen()
        if chosen is not None:
            self._hurry(chosen)

    def action_drop_refused(self) -> None:
        """Accept the refusals of the batch, so that they are not tried again."""
        chosen = self._chosen()
        if chosen is not None:
            self._drop_refused(chosen)

    def action_cancel_rest(self) -> None:
        """Cancel what still waits of the batch."""
        chosen = self._chosen()
        if chosen is not None:
            self._tell(self._engine.batches.cancel_rest(chosen), "cancelled")

    def action_retry(self) -> None:
        """Try again what failed or was refused of the batch, and was not dropped."""
        chosen = self._chosen()
        if chosen is not None:
            self._tell(self._engine.batches.retry_failed(chosen), "tried again")

    @work(group="urgent")
    async def _hurry(self, batch_id: str) -> None:
        try:
            await self._engine.batches.hurry(batch_id)
        except JournalError as error:
            self.notify(printable(f"Urgent until this console ends. {error}"), severity="warning", markup=False)
        self._show()

    @work(group="drop")
    async def _drop_refused(self, batch_id: str) -> None:
        try:
            dropped = await self._engine.batches.drop_refused(batch_id)
        except JournalError as error:
            self.notify(printable(f"Dropped until this console ends. {error}"), severity="warning", markup=False)
        else:
            self.notify(f"{plural(dropped, 'refused deletion')} dropped.", markup=False)
        self._show()

    @work(group="batches")
    async def _tell(self, counted: Awaitable[int], what: str) -> None:
        self.notify(f"{plural(await counted, 'deletion')} {what}.", markup=False)
        self._show()

    @on(OptionList.OptionSelected)
    def jump(self, event: OptionList.OptionSelected) -> None:
        """Go to the first message of the batch whose deletion went wrong; else to its first message."""
        batches, chosen = self._engine.batches, event.option_id or ""
        deletions = batches.deletions_of(chosen)
        self.dismiss((batches.troubled(chosen) or deletions[0]).key if deletions else None)
