"""Asked at the start, when a console was stopped in the middle of a batch: what is to become of the rest."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from quell.display import printable
from quell.moderation.deletion import Deletion
from quell.moderation.journal import JournalError
from quell.moderation.journal.resume import Unfinished
from quell.moderation.leftovers import Leftovers
from quell.moderation.whereabouts import MovedError, other_logins, told
from quell.screens.batch_text import counts, headline
from quell.screens.decision import DecisionScreen

EXPLAINED = Content.assemble(
    ("r", "bold $accent"),
    " goes on with it as it was confirmed.\n",
    ("s", "bold $accent"),
    " finds out what happened to the messages that were on their way, and cancels the rest.\n",
    ("c", "bold $accent"),
    " asks nobody: what was on its way is unknown, the rest is cancelled.\n",
    ("Esc", "bold $accent"),
    " leaves it for later; `quell batches` does the same from a shell.",
)


class LeftoversScreen(DecisionScreen[None]):
    """Offers to go on with each unfinished batch, to settle it, or to close it.

    Args:
        unfinished: What dead consoles left behind.
        leftovers: What carries the decision out.
        login_of: The service's id of whom an account is logged in as; empty where that is not known yet.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Later", id="leftovers.later"),
        Binding("r", "resume", "Go on", id="leftovers.resume"),
        Binding("s", "settle", "Settle", id="leftovers.settle"),
        Binding("c", "close", "Close", id="leftovers.close"),
    ]

    def __init__(self, unfinished: Sequence[Unfinished], leftovers: Leftovers, login_of: Callable[[str], str]) -> None:
        super().__init__()
        self._unfinished = {batch.id: batch for batch in unfinished}
        self._leftovers = leftovers
        self._login_of = login_of

    def compose(self) -> ComposeResult:
        """The batches and the keys for them."""
        with Vertical(classes="dialog wide"):
            yield Static("Quell was stopped in the middle of this", classes="title", markup=False)
            yield OptionList(*(Option(_lines(batch), id=batch.id) for batch in self._unfinished.values()), markup=False)
            yield Static(EXPLAINED, markup=False)

    def action_resume(self) -> None:
        """Go on with the highlighted batch."""
        self._decide(self._resume)

    def action_settle(self) -> None:
        """Find out what became of the highlighted batch."""
        self._decide(self._leftovers.settle)

    def action_close(self) -> None:
        """End the highlighted batch without asking anybody."""
        self._decide(self._leftovers.close)

    async def _resume(self, batch_id: str) -> list[Deletion]:
        resumed = await self._leftovers.resume(batch_id)
        for login in other_logins(self._unfinished[batch_id].deletions, self._login_of):
            self.notify(printable(told(login)), severity="warning", timeout=15, markup=False)
        return resumed

    @work(group="leftovers", exclusive=True)
    async def _decide(self, decision: Callable[[str], Awaitable[list[Deletion]]]) -> None:
        listed = self.query_one(OptionList)
        chosen = listed.highlighted_option
        if chosen is None or chosen.id is None:
            return
        try:
            await decision(chosen.id)
        except MovedError as error:
            self.notify(printable(str(error)), severity="error", timeout=15, markup=False)
            return
        except JournalError as error:
            self.notify(printable(str(error)), severity="error", markup=False)
        listed.remove_option(chosen.id)
        if listed.option_count == 0:
            self.dismiss(None)


def _lines(batch: Unfinished) -> Content:
    first = headline(batch.reason.code, batch.reason.text, len(batch.deletions), batch.rooms, batch.confirmed_at)
    return Content("\n").join([first, counts(batch.states)])
