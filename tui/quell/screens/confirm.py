"""The confirmation: the exact messages, what is expected of each, the reason, and one Enter."""

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Input, Static

from quell.moderation.counts import Counts
from quell.moderation.deletion import MessageKey, Reason, Target
from quell.moderation.forecast import ForecastSummary
from quell.moderation.reasons import Preset, problem_with
from quell.pauses import chunks_of, in_chunks
from quell.screens import confirm_text as words
from quell.screens.decision import DecisionScreen, Typed, is_escape, is_text
from quell.widgets.fitting import FittingVertical
from quell.widgets.lines import LinesView
from quell.widgets.reason_input import ReasonInput
from quell.widgets.slices import Slices
from quell.widgets.texts import say
from quell_providers.provider import Capabilities

AT_ONCE = 0.012
"""Seconds of leaving messages out before the screen is drawn."""


class Proposal(NamedTuple):
    """What the moderator is asked about."""

    targets: Sequence[Target]
    counts: Counts
    """Of the targets."""
    marked: bool
    """Whether these are the marked messages; else the one under the cursor."""
    hidden: frozenset[MessageKey]
    """Those that the filter hides at the moment."""
    services: dict[str, str]
    """The service's own name, by account."""
    capabilities: dict[str, Capabilities]
    """By account."""
    presets: tuple[Preset, ...]
    reason_required: bool
    type_count_above: int
    grace_seconds: float
    forecast: Callable[[Sequence[Target]], Awaitable[ForecastSummary]]
    estimate: Callable[[Mapping[str, int]], float]
    """Seconds that so many deletions of each account take at the rate allowed."""


class Confirmed(NamedTuple):
    """What the moderator decided."""

    targets: Sequence[Target]
    reason: Reason
    urgent: bool
    """Whether it overtakes the other batches."""


class ConfirmScreen(DecisionScreen[Confirmed | None]):
    """Asks once for a whole batch. Answers with what was confirmed, or `None`."""

    CSS_PATH = "confirm.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="confirm.cancel"),
        Binding("pageup", "scroll_rows(-1)", "Scroll up", show=False),
        Binding("pagedown", "scroll_rows(1)", "Scroll down", show=False),
    ]

    def __init__(self, proposal: Proposal) -> None:
        super().__init__()
        self._proposal = proposal
        self._targets = proposal.targets
        self._counts = proposal.counts
        self._hidden = len(proposal.hidden)
        """How many of the targets the filter hides."""
        self._rows = LinesView(id="rows")
        self._rows.can_focus = False
        self._rows.styles.height = len(self._targets)  # or as many lines as the style sheet allows
        self._dropping = Slices(self, self._dropped)
        self._summary: ForecastSummary | None = None
        self._urgent = False

    def compose(self) -> ComposeResult:
        """From what is deleted down to the key that does it."""
        with FittingVertical(id="dialog"):
            yield Static(id="title", markup=False)
            yield Static(id="counts", markup=False)
            yield self._rows
            yield Static(id="forecast", markup=False)
            yield Static(words.preset_line(self._proposal.presets), id="presets", markup=False)
            with Horizontal(id="reason-line"):
                yield Static("Reason ", classes="label", markup=False)
                yield ReasonInput(self._proposal.presets, self._commands, id="reason")
                yield Static(id="counter", markup=False)
            with Horizontal(id="count-line"):
                yield Static(id="count-label", classes="label", markup=False)
                yield Input(id="count", compact=True, type="integer")
            yield Static(id="problem", markup=False)
            yield Static(id="effect", markup=False)
            yield Static(id="keys", markup=False)

    def _screen_resized(self, size: Size) -> None:
        """Lay out for another size, but not once more when Textual tells the screen of the size it just got.

        What changes meanwhile is half laid out then; a scroll bar that comes for that moment takes the room that keeps
        it there.
        """
        if size != self.outer_size:
            super()._screen_resized(size)

    def is_meant(self, typed: Typed) -> bool:
        """A reason may be typed ahead."""
        return is_text(typed) or is_escape(typed)

    def on_mount(self) -> None:
        """Show what is known and ask for the rest."""
        self._rows.show(words.RowLines(self._targets), from_top=True)
        self._show()
        self.query_one("#reason", Input).focus()
        self._ask_forecast()

    @work(group="forecast", exclusive=True)
    async def _ask_forecast(self) -> None:
        self._summary = await self._proposal.forecast(self._targets)
        self.call_later(self._show)

    def _show(self) -> None:
        counts, proposal = self._counts, self._proposal
        self.query_one("#title", Static).update(words.title(len(self._targets), marked=proposal.marked))
        say(self.query_one("#counts", Static), Content("\n").join(words.counts(counts)))
        expected = [*words.forecast_lines(self._summary), *words.hidden_line(self._hidden)]
        say(self.query_one("#forecast", Static), Content("\n").join(expected))
        effect = words.effect_lines(counts.accounts, proposal.services, proposal.capabilities)
        effect.append(words.wait_line(proposal.estimate(counts.accounts), proposal.grace_seconds))
        say(self.query_one("#effect", Static), Content("\n").join(effect))
        self.query_one("#count-line").display = self._count_needed()
        self.query_one("#count-label", Static).update(f"Type {len(self._targets)} to confirm ")
        say(self.query_one("#keys", Static), words.key_line(urgent=self._urgent))
        self._show_counter()

    def _show_counter(self) -> None:
        text = self.query_one("#reason", Input).value
        limit = words.reason_limit(self._counts.accounts, self._proposal.capabilities)
        shown = f" {len(text)}" if limit is None else f" {len(text)}/{limit}"
        counter = self.query_one("#counter", Static)
        counter.update(shown)
        counter.set_class(limit is not None and len(text) > limit, "over")

    def _commands(self) -> str:
        refused = self._summary is not None and bool(self._summary.refused)
        return "!" + ("x" if refused else "") + ("h" if self._hidden else "")

    def _count_needed(self) -> bool:
        return len(self._targets) > self._proposal.type_count_above

    @on(ReasonInput.CommandPressed)
    def command(self, event: ReasonInput.CommandPressed) -> None:
        """Leave out those that will be refused, or those that are hidden; or let the batch overtake the others."""
        if event.character == "!":
            self._urgent = not self._urgent
            self._show()
        else:
            self._drop(event.character)

    def _drop(self, command: str) -> None:
        refused = self._summary.refused_keys if self._summary else ()
        left_out = refused if command == "x" else self._proposal.hidden
        self._dropping.start(self._leaving_out(left_out), at_once=AT_ONCE)

    def _leaving_out(self, keys: Collection[MessageKey]) -> Iterator[None]:
        """Go on without these."""
        left_out: set[MessageKey] = set()
        for some in chunks_of(keys):
            left_out.update(some)
            yield
        left: list[Target] = []
        counts = Counts()
        for chunk in in_chunks(self._targets):
            kept = [target for target in chunk if target.key not in left_out]
            left += kept
            counts.add(kept)
            yield
        self._hidden = sum(target.key in self._proposal.hidden for target in left) if self._hidden else 0
        self._targets, self._counts = left, counts

    def _dropped(self) -> None:
        if not self._targets:
            self.notify("Nothing is left to delete.", markup=False)
            self.dismiss(None)
            return
        self._summary = None
        self._rows.show(words.RowLines(self._targets), from_top=False)
        self._rows.styles.height = len(self._targets)
        self._show()
        self._ask_forecast()

    @on(Input.Changed, "#reason")
    def _reason_typed(self, event: Input.Changed) -> None:
        self._show_counter()
        self._say("")

    @on(Input.Submitted)
    def confirm(self, event: Input.Submitted) -> None:
        """Enter: delete, unless something is missing."""
        if self._dropping.busy:
            self._say("Some messages are still being left out: press Enter once they are.")
            return
        reason = self.query_one(ReasonInput).reason
        limit = words.reason_limit(self._counts.accounts, self._proposal.capabilities)
        problem = problem_with(reason.text, limit, self._proposal.reason_required)
        if problem is not None:
            self._say(problem)
            self.query_one("#reason", Input).focus()
            return
        count = self.query_one("#count", Input)
        if self._count_needed() and count.value.strip() != str(len(self._targets)):
            if event.input is count:
                self._say(f"That is not the number of messages: type {len(self._targets)}.")
            count.focus()
            return
        self.dismiss(Confirmed(self._targets, reason, self._urgent))

    def _say(self, problem: str) -> None:
        shown = self.query_one("#problem", Static)
        shown.display = bool(problem)
        shown.update(problem)

    def action_cancel(self) -> None:
        """Delete nothing."""
        self.dismiss(None)

    def action_scroll_rows(self, by: int) -> None:
        """Look at more of the messages."""
        self._rows.scroll_relative(y=by * max(self._rows.size.height - 1, 1), animate=False)
