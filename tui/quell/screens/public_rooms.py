"""The rooms that one may read without having joined them, to choose one from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from quell.display import printable
from quell.display.wording import KIND_GLYPHS, in_a_row, plural, room_name
from quell.session.session import Session
from quell.widgets.key_bar import Key, KeyBar
from quell.widgets.naming import traits
from quell.widgets.texts import say
from quell_providers.model import Room
from quell_providers.refusal import Refusal, RefusedError

MOST_SHOWN = 200
"""Rooms listed at once; a filter finds the others."""


class PublicRoom(NamedTuple):
    """A room to look at, and through which account."""

    account: str
    room: Room


class PublicRoomsScreen(ModalScreen[PublicRoom | None]):
    """Asks every account that is logged in for its public rooms; answers with the one that is chosen, or `None`.

    Args:
        session: Whose accounts are asked.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", id="public.close"),
        Binding("down", "move(1)", "Next", show=False, priority=True),
        Binding("up", "move(-1)", "Previous", show=False, priority=True),
        Binding("pagedown", "move(10)", "Further down", show=False, priority=True),
        Binding("pageup", "move(-10)", "Further up", show=False, priority=True),
        Binding("ctrl+r", "ask", "Ask again", id="public.ask"),
    ]

    @dataclass
    class Answered(Message):
        """An account told its public rooms, or why it does not."""

        account: str
        answer: tuple[Room, ...] | Refusal

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._answers: dict[str, tuple[Room, ...] | Refusal | None] = {}
        """By account; `None` while it is being asked."""
        self._listed: list[PublicRoom] = []

    def compose(self) -> ComposeResult:
        """The filter, the rooms, what there is to say of them, the keys."""
        with Vertical(classes="dialog wide"):
            yield Static("Public rooms that you have not joined", classes="title", markup=False)
            yield Input(placeholder="type a part of the name or topic", compact=True, id="wanted")
            yield OptionList(markup=False, id="found")
            yield Static(id="told", markup=False)
            yield KeyBar(
                self,
                [
                    Key("Enter", "shows the room", "open"),
                    Key("ctrl+r", "asks again", "ask"),
                    Key("Esc", "closes", "dismiss(None)"),
                ],
                id="keys",
            )

    def on_mount(self) -> None:
        """Ask at once."""
        self.query_one("#wanted", Input).focus()
        self.action_ask()

    def action_ask(self) -> None:
        """Ask every account that is logged in."""
        ready = [account.name for account in self._session.accounts.values() if account.phase == "ready"]
        self._answers = dict.fromkeys(ready)
        self._show()
        self._ask(ready)

    @work(group="public rooms", exclusive=True)
    async def _ask(self, accounts: list[str]) -> None:
        for account in accounts:
            try:
                answer: tuple[Room, ...] | Refusal = await self._session.public_rooms(account)
            except RefusedError as error:
                answer = error.refusal
            self.post_message(self.Answered(account, answer))

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        self._answers[event.account] = event.answer
        self._show()

    @on(Input.Changed, "#wanted")
    def _show(self) -> None:
        """List the rooms that the filter lets through, and say what there is to say."""
        matching = list(self._matching())
        self._listed = matching[:MOST_SHOWN]
        found = self.query_one("#found", OptionList)
        found.display = bool(self._listed)
        several = len(self._session.accounts) > 1
        found.set_options(Option(_room_line(each, several)) for each in self._listed)
        found.highlighted = 0 if self._listed else None
        say(self.query_one("#told", Static), Content("\n").join(self._told(len(matching))))

    def _matching(self) -> Iterator[PublicRoom]:
        words = self.query_one("#wanted", Input).value.casefold().split()
        for account, answer in self._answers.items():
            if isinstance(answer, tuple):
                for room in sorted(answer, key=lambda each: each.name.casefold()):
                    looked_at = f"{room.name} {room.topic}".casefold()
                    if all(word in looked_at for word in words):
                        yield PublicRoom(account, room)

    def _told(self, matching: int) -> Iterator[Content]:
        """How far the accounts are, and what the filter leaves."""
        answers = self._answers.values()
        if not answers:
            yield Content.styled("No account is logged in.", "$warning")
        for account, answer in self._answers.items():
            if answer is None:
                yield Content.styled(printable(f"… asking {account}"), "$foreground-muted")
            elif isinstance(answer, Refusal):
                said = " ".join(part for part in (answer.code, answer.detail) if part)
                yield Content.styled(f"✗ {printable(account)}: {in_a_row(said, answer.cause, answer.remedy)}", "$error")
        known = sum(len(answer) for answer in answers if isinstance(answer, tuple))
        if matching > MOST_SHOWN:
            yield Content.styled(f"The first {MOST_SHOWN} of {plural(matching, 'room')}: type to narrow.", "$warning")
        elif known:
            yield Content.styled(f"{matching:,} of {plural(known, 'room')}", "$foreground-muted")
        elif answers and all(isinstance(answer, tuple) for answer in answers):
            yield Content.styled("There is no public room that you have not joined.", "$foreground-muted")

    def action_move(self, by: int) -> None:
        """Highlight another room, with the keys still on the filter."""
        found = self.query_one("#found", OptionList)
        if found.highlighted is not None:
            found.highlighted = min(max(found.highlighted + by, 0), found.option_count - 1)

    @on(Input.Submitted, "#wanted")
    def action_open(self) -> None:
        """Show the highlighted room."""
        highlighted = self.query_one("#found", OptionList).highlighted
        if highlighted is not None:
            self.dismiss(self._listed[highlighted])

    @on(OptionList.OptionSelected, "#found")
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._listed[event.option_index])


def _room_line(found: PublicRoom, several: bool) -> Content:
    room = found.room
    special = " · ".join(traits(room))
    return Content.assemble(
        f"{KIND_GLYPHS[room.kind]} ",
        (room_name(room), "bold"),
        (f"  {printable(found.account)}" if several else "", "$foreground-muted"),
        (f"  {special}" if special else "", "$warning"),
        (f"  {printable(room.topic)}" if room.topic else "", "$foreground-muted italic"),
    )
