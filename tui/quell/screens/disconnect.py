"""The confirmation before all connections of an author are ended."""

from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from quell.display import clock_time, printable
from quell.display.wording import room_name
from quell.moderation.deletion import Reason
from quell.moderation.reasons import Preset, problem_with
from quell.screens.confirm_text import preset_line
from quell.screens.decision import DecisionScreen, Typed, is_escape, is_text
from quell.session.state import RoomState
from quell.widgets.fitting import FittingVertical
from quell.widgets.key_bar import Key, KeyBar
from quell.widgets.reason_input import ReasonInput
from quell_providers.model import Message

EFFECT = (
    "Ends all of the author's connections to this room. It bans nobody: whoever is given a new token comes back. "
    "Messages stay; delete them with d."
)


class Question(NamedTuple):
    """What the moderator is asked about."""

    room: RoomState
    message: Message
    """Its author is the one to disconnect."""
    service: str
    """The service's own name."""
    reason_limit: int | None
    """Characters of a reason that the service takes."""
    presets: tuple[Preset, ...]
    reason_required: bool


class DisconnectScreen(DecisionScreen[Reason | None]):
    """Asks for the reason; answers with it, or `None` when nobody is to be disconnected."""

    CSS_PATH = "confirm.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Leave", id="disconnect.leave")]

    def __init__(self, asked: Question) -> None:
        super().__init__()
        self._asked = asked

    def compose(self) -> ComposeResult:
        """From who is disconnected down to the key that does it."""
        asked = self._asked
        with FittingVertical(id="dialog"):
            yield Static("Disconnect the author of this message?", id="title", markup=False)
            yield Static(_who(asked), id="counts", markup=False)
            yield Static(_message(asked.message), id="rows", markup=False)
            yield Static(preset_line(asked.presets), id="presets", markup=False)
            with Horizontal(id="reason-line"):
                yield Static("Reason ", classes="label", markup=False)
                yield ReasonInput(asked.presets, str, id="reason")
                yield Static(id="counter", markup=False)
            yield Static(id="problem", markup=False)
            yield Static(
                Content.assemble((f"{printable(asked.service)}: ", "bold"), (EFFECT, "$foreground-muted")),
                id="effect",
                markup=False,
            )
            yield KeyBar(
                self, [Key("Enter", "disconnects", "confirm"), Key("Esc", "leaves", "dismiss(None)")], id="keys"
            )

    def is_meant(self, typed: Typed) -> bool:
        """A reason may be typed ahead."""
        return is_text(typed) or is_escape(typed)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one("#reason", Input).focus()
        self._show_counter()

    @on(Input.Changed, "#reason")
    def _show_counter(self) -> None:
        length, limit = len(self.query_one("#reason", Input).value), self._asked.reason_limit
        counter = self.query_one("#counter", Static)
        counter.update(f" {length}" if limit is None else f" {length}/{limit}")
        counter.set_class(limit is not None and length > limit, "over")
        self._say("")

    @on(Input.Submitted, "#reason")
    def action_confirm(self) -> None:
        """Enter: disconnect, unless something is wrong with the reason."""
        reason = self.query_one(ReasonInput).reason
        problem = problem_with(reason.text, self._asked.reason_limit, self._asked.reason_required)
        if problem is not None:
            self._say(problem)
            self.query_one("#reason", Input).focus()
            return
        self.dismiss(reason)

    def _say(self, problem: str) -> None:
        shown = self.query_one("#problem", Static)
        shown.display = bool(problem)
        shown.update(problem)


def _who(asked: Question) -> Content:
    author, room = asked.message.author, asked.room
    return Content.assemble(
        ("author ", "$foreground-muted"),
        (printable(author.name or author.id), "bold"),
        (printable(f"  id {author.id}"), "$foreground-muted"),
        ("\nroom   ", "$foreground-muted"),
        (room_name(room.room), "$accent"),
        (printable(f"  id {room.room.id} · {room.account}"), "$foreground-muted"),
    )


def _message(message: Message) -> Content:
    return Content.assemble(
        (clock_time(message.sent_at), "$foreground-muted"), "  ", printable(message.text) or "(no text)"
    )
