"""The line in which the filter is typed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.highlighter import Highlighter
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.events import MouseDown
from textual.message import Message
from textual.strip import Strip
from textual.suggester import Suggester
from textual.widgets import Input

from quell.display import Printable, printable
from quell.moderation.query import Query, QueryError, completions, parse
from quell.moderation.query.tokens import TERMS, Kind, Token, tokenise
from quell.widgets.line_history import LineHistory

PLACEHOLDER = 'words "phrase" /regex/ from: in: has: is: since: len> -not or ()'
_QUOTED = {Kind.PHRASE: "filter-bar--phrase", Kind.REGEX: "filter-bar--regex"}


def _nobody() -> Sequence[str]:
    return ()


class _Taken(NamedTuple):
    """What the completion key put into the line, and what it puts there when it is pressed again."""

    lines: list[str]
    at: int
    behind: int
    """Characters behind the cursor then."""

    @property
    def line(self) -> str:
        """What it put there."""
        return self.lines[self.at]

    @property
    def others(self) -> list[str]:
        """What it puts there next, in order."""
        return [*self.lines[self.at + 1 :], *self.lines[: self.at]]


class FilterBar(Input):
    """Parses while it is typed. A line that is no query leaves the last filter as it is.

    Args:
        names: Gives the authors that may be meant by `from:`, the likeliest first; raw. Asked while `from:` is typed.
        rooms: Gives the names of rooms that may be meant by `in:`; raw.
        id: As for every widget.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "keep", show=False, id="filter.keep", tooltip="Keep the filter; go to the messages"),
        Binding("tab", "complete", "complete", id="filter.complete", tooltip="Complete the word; again: the next one"),
        Binding("up", "older", "older", show=False, id="filter.older", tooltip="The filter before this one"),
        Binding("down", "newer", "newer", show=False, id="filter.newer", tooltip="The filter after this one"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "filter-bar--field",
        "filter-bar--sign",
        "filter-bar--phrase",
        "filter-bar--regex",
        "filter-bar--problem",
    }
    DEFAULT_CSS = """
    FilterBar {
      & > .filter-bar--field { color: $text-accent; }
      & > .filter-bar--sign { color: $text-primary; text-style: bold; }
      & > .filter-bar--phrase { color: $text-success; }
      & > .filter-bar--regex { color: $text-secondary; }
      & > .filter-bar--problem { color: $text-error; text-style: underline; }
    }
    """

    @dataclass
    class Filtered(Message):
        """Another filter applies; `None`: none."""

        query: Query | None

        def can_replace(self, message: Message) -> bool:
            """Nothing is searched for what was only a step on the way to the next filter."""
            return isinstance(message, FilterBar.Filtered)

    @dataclass
    class Mistyped(Message):
        """The line is no query, or the place where it ceases to be one stands in another column now."""

        error: QueryError

    class Closed(Message):
        """The moderator is done with the line; what it says goes on filtering."""

    def __init__(
        self,
        *,
        names: Callable[[], Sequence[str]] = _nobody,
        rooms: Callable[[], Sequence[str]] = _nobody,
        id: str,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(
            id=id,
            placeholder=PLACEHOLDER,
            compact=True,
            highlighter=_Colours(self),
            suggester=_Ghost(self),
        )
        self._names, self._rooms = names, rooms
        self._history = LineHistory()
        self._taken: _Taken | None = None
        self._offered: tuple[tuple[str, int], list[str]] = (("", 0), [])
        """A line with its cursor, and what was offered there: this is asked for with each blink of the cursor."""
        self.problem: QueryError | None = None
        """Why the line is no query."""
        self._kept = ""
        """The line that filtered when typing began."""

    @property
    def problem_at(self) -> int | None:
        """Where the line ceases to be a query."""
        return None if self.problem is None else self.problem.position

    def column_of(self, position: int) -> int:
        """The cell in which the character at this position is drawn; out of sight where the line is scrolled."""
        return cell_len(self.value[:position]) - self.scroll_offset.x

    def begin(self) -> None:
        """What the line says now is what typing goes back to when it is given up."""
        self._kept = self.value

    def put_away(self) -> None:
        """Say nothing; what filtered until now is one of the earlier filters."""
        if self.value.strip() and self.problem is None:
            self._history.add(self.value)
        self.value, self._kept, self.problem = "", "", None

    def back_out(self) -> None:
        """Give up what was typed: say again what filtered before; if nothing was typed, say nothing."""
        self.problem = None
        self._put(self._kept if self.value != self._kept else "")
        self.begin()

    def offered(self) -> list[str]:
        """The lines that completing the word before the cursor can give, the likeliest first."""
        place = self.value, self.cursor_position
        if self._offered[0] != place:
            self._offered = place, self._offers(*place)
        return self._offered[1]

    def _offers(self, line: str, cursor: int) -> list[str]:
        before = line[:cursor].casefold()
        if not before or before[-1].isspace():
            return []
        names = _typable(self._names()) if "from:" in before else []
        rooms = _typable(self._rooms()) if "in:" in before else []
        return completions(line, cursor, names, rooms)

    def action_complete(self) -> None:
        """Complete the word before the cursor, in another way each time; without a completion, go to the next pane."""
        behind = len(self.value) - self.cursor_position
        if (taken := self._going_on) is not None and taken.others:
            self._taken = _Taken(taken.lines, (taken.at + 1) % len(taken.lines), behind)
        elif lines := self.offered():
            self._taken = _Taken(lines, 0, behind)
        else:
            self.screen.focus_next()
            return
        self._put(self._taken.line, behind)

    def action_older(self) -> None:
        """Show the filter that was kept before this one."""
        self._put(self._history.older(self.value))

    def action_newer(self) -> None:
        """Show the filter that was kept after this one; at last what was being typed."""
        self._put(self._history.newer(self.value))

    def replace(self, text: str, start: int, end: int) -> None:
        """Put text in the place of other text, without characters that a terminal could act on.

        Invisible ones are no loss: words are compared without them, and regexes can name them.
        """
        kept = "".join(" " if character.isspace() else character for character in text)
        super().replace("".join(character for character in kept if printable(character) == character), start, end)

    def render_line(self, y: int) -> Strip:
        """The line, and on its right, where there is room, what the completion key offers."""
        strip = super().render_line(y)
        hint = self._shown_hint()
        if not hint:
            return strip
        style = self.get_component_rich_style("input--placeholder")
        return Strip.join([strip.crop(0, self.size.width - cell_len(hint)), Strip([Segment(hint, style)])])

    def _shown_hint(self) -> Printable:
        hint = printable(self._hint()) if self.has_focus else printable("")
        fits = self.content_width + self._ghost_width + 1 <= self.size.width - cell_len(hint)
        return hint if fits else printable("")

    def _on_mouse_down(self, event: MouseDown) -> None:  # type: ignore[override]  # Textual calls both
        """A click on what the completion key offers takes it."""
        hint = self._shown_hint()
        if hint and event.x >= self.size.width - cell_len(hint):
            event.prevent_default()
            self.action_complete()

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        """What is wrong stands in another column now."""
        super().watch_scroll_x(old_value, new_value)
        if self.problem is not None and round(old_value) != round(new_value):
            self.post_message(self.Mistyped(self.problem))

    def _put(self, line: str, behind: int = 0) -> None:
        self.value = printable(line)
        self.cursor_position = len(self.value) - behind

    @property
    def _going_on(self) -> _Taken | None:
        """What the completion key put into the line, as long as neither line nor cursor changed since."""
        taken = self._taken
        if taken is None or (taken.line, taken.behind) != (self.value, len(self.value) - self.cursor_position):
            return None
        return taken

    @property
    def _ghost_width(self) -> int:
        return max(cell_len(self._suggestion) - cell_len(self.value), 0)

    def _hint(self) -> str:
        lines = self.offered()
        if not lines and (taken := self._going_on) is not None:
            lines = taken.others
        if not lines:
            return ""
        begin = [token.start for token in tokenise(self.value[: self.cursor_position])][-1]
        behind = len(self.value) - self.cursor_position
        words = [line[begin : len(line) - behind] for line in lines]
        more = f" +{len(words) - 3}" if len(words) > 3 else ""
        return f" ⇥ {'  '.join(words[:3])}{more}"

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.problem = None
        try:
            query = parse(event.value) if event.value.strip() else None
        except QueryError as error:
            self.problem = error
            self.post_message(self.Mistyped(error))
        else:
            self.post_message(self.Filtered(query))

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            parse(event.value)
        except QueryError as error:
            error.unfinished = False  # the moderator thinks that it is finished
            self.problem = error
            self.refresh()
            self.post_message(self.Mistyped(error))
            return
        if event.value.strip():
            self._history.add(event.value)
        self.begin()
        self.post_message(self.Closed())


def _typable(names: Iterable[str]) -> list[str]:
    """The names that look the same in a terminal as they are."""
    return [name for name in names if printable(name) == name]


class _Ghost(Suggester):
    """Shows the first completion behind the cursor, where it goes on from what was typed.

    Args:
        bar: Whose line is completed.
    """

    def __init__(self, bar: FilterBar) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._bar = bar

    async def get_suggestion(self, value: str) -> str | None:
        """The line that the cursor key completes this one to."""
        if not self._bar.cursor_at_end:
            return None
        return next((line for line in self._bar.offered() if line.startswith(value)), None)


class _Colours(Highlighter):
    """Sets apart what is not looked for literally, and shows where the line ceases to be a query.

    Args:
        bar: Whose styles are used.
    """

    def __init__(self, bar: FilterBar) -> None:
        self._bar = bar

    def highlight(self, text: Text) -> None:
        """Style the text of the line in place."""
        problem = self._bar.problem
        for token in tokenise(text.plain):
            self._colour(text, token)
            if problem and not problem.unfinished and token.start <= problem.position < token.end:
                text.stylize(self._style("filter-bar--problem"), problem.position, token.end)

    def _colour(self, text: Text, token: Token) -> None:
        if token.kind not in TERMS:
            text.stylize(self._style("filter-bar--sign"), token.start, token.end)
            return
        if token.field:
            text.stylize(self._style("filter-bar--field"), token.start, token.value_at)
        if token.kind in _QUOTED:
            text.stylize(self._style(_QUOTED[token.kind]), token.value_at - 1, token.end)

    def _style(self, component: str) -> Style:
        return self._bar.get_component_rich_style(component, partial=True)
