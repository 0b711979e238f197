"""The journal screen: what was deleted and who was disconnected, by whom and why, and the whole story of each."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from quell.display import printable
from quell.moderation.journal import DisconnectionEntry, Journal, JournalError
from quell.moderation.journal.filters import NEVER_ENDING, JournalFilter
from quell.moderation.journal.search import JournalEntry
from quell.screens.journal_text import (
    HINT,
    FilterError,
    disconnection_line,
    disconnection_lines,
    entry_line,
    parse_filter,
    story_lines,
)

PAGE = 100
"""Deletions read at once."""
Entry = JournalEntry | DisconnectionEntry


class JournalScreen(ModalScreen[None]):
    """Browses the journal: deletions and disconnections, the newest first.

    Args:
        journal: What to read.
        now: Unix seconds.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close", id="journal.close"),
        Binding("down", "into_list", "List", show=False),
    ]

    def __init__(self, journal: Journal, *, now: float) -> None:
        super().__init__()
        self._journal = journal
        self._now = now
        self._wanted = JournalFilter()
        self._entries: list[Entry] = []
        self._complete = False

    def compose(self) -> ComposeResult:
        """The filter, what fits it, and the keys for it."""
        with Vertical(classes="dialog wide"):
            yield Static("Journal: every deletion and disconnection, the newest first", classes="title", markup=False)
            yield Input(placeholder=HINT, compact=True, id="wanted")
            yield Static(id="problem", markup=False)
            yield OptionList(markup=False, id="entries")
            yield Static(
                Content.assemble(
                    ("Enter", "bold $accent"),
                    " looks; on a line: the whole story   ",
                    ("↓", "bold $accent"),
                    " list   ",
                    ("Esc", "bold $accent"),
                    " closes",
                ),
                markup=False,
            )

    def on_mount(self) -> None:
        """Show the newest page."""
        self._read_more()

    @on(Input.Submitted)
    def look(self, event: Input.Submitted) -> None:
        """Look for what the filter says."""
        try:
            self._wanted = parse_filter(event.value, now=self._now)
        except FilterError as error:
            self._say(str(error))
            return
        self._say("")
        self._entries, self._complete = [], False
        self.query_one(OptionList).clear_options()
        self._read_more()

    @on(OptionList.OptionHighlighted)
    def read_on(self, event: OptionList.OptionHighlighted) -> None:
        """Read the next page when the end comes near."""
        if event.option_index >= len(self._entries) - 5:
            self._read_more()

    @on(OptionList.OptionSelected)
    def tell(self, event: OptionList.OptionSelected) -> None:
        """Show the story of the batch that a deletion belongs to, or of a disconnection."""
        match self._entries[event.option_index]:
            case JournalEntry() as entry:
                self._show_story(entry.deletion.batch_id)
            case disconnection:
                self.app.push_screen(StoryScreen(disconnection_lines(disconnection)))

    @work(group="journal", exclusive=True)
    async def _read_more(self) -> None:
        if self._complete:
            return
        try:
            page = await self._page(self._entries[-1].record if self._entries else None)
        except JournalError as error:
            self._say(str(error))
            return
        self._entries += page
        self.query_one(OptionList).add_options(Option(_line(entry)) for entry in page)
        if not self._entries:
            self._say("Nothing is written down that fits.")

    async def _page(self, before: int | None) -> list[Entry]:
        """The next deletions, and the disconnections that belong between them."""
        deletions = await self._journal.search(self._wanted, limit=PAGE, before=before)
        complete = len(deletions) < PAGE
        after = 0 if complete else deletions[-1].record
        between = await self._journal.disconnections(self._wanted, limit=NEVER_ENDING, before=before, after=after)
        self._complete = complete  # not earlier: reading may be cut short, and begins anew then
        return sorted([*deletions, *between], key=lambda entry: entry.record, reverse=True)

    @work(group="story", exclusive=True)
    async def _show_story(self, batch_id: str) -> None:
        story = await self._journal.story(batch_id)
        if story is not None:
            self.app.push_screen(StoryScreen(story_lines(story)))

    def action_into_list(self) -> None:
        """From the filter into the list."""
        listed = self.query_one(OptionList)
        listed.focus()
        if listed.highlighted is None and listed.option_count:
            listed.highlighted = 0

    def _say(self, text: str) -> None:
        problem = self.query_one("#problem", Static)
        problem.display = bool(text)
        problem.update(printable(text))


def _line(entry: Entry) -> Content:
    return entry_line(entry) if isinstance(entry, JournalEntry) else disconnection_line(entry)


class StoryScreen(ModalScreen[None]):
    """One batch, or one disconnection, from its confirmation to its last outcome."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter", "dismiss", "Close", id="story.close")]

    def __init__(self, lines: Content) -> None:
        super().__init__()
        self._lines = lines

    def compose(self) -> ComposeResult:
        """One text; it scrolls."""
        with VerticalScroll(classes="dialog wide"):
            yield Static(self._lines, markup=False)
