"""The rooms of all accounts, grouped by account."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.visual import VisualType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from quell.display import Printable, needed, printable, shortened
from quell.display.wording import KIND_GLYPHS, plural, room_name
from quell.session.state import AccountState, RoomKey, RoomState
from quell.widgets.naming import short_traits, tail, traits
from quell.widgets.notices import WAITING, link_words

_LINK_SIGNS = {"connecting": "…", "catching_up": "…", "reconnecting": "↻", "refused": "✗", "closed": "✗"}
_NOT_JOINED = Content.styled("  not joined", "$foreground-muted italic")
ALL = "all"
"""The id of the option for all rooms."""

LEAST_NAME = 8
"""Cells that a room's name keeps beside what is special about the room, which is shortened before."""


class RoomList(OptionList):
    """A list to choose the room from that is looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("G", "last", "Last", show=False),
        Binding("g", "first", "First", show=False),
        Binding(
            "x", "leave_out", "Leave out", show=False, id="rooms.leave-out", tooltip="Leave a room out of all rooms"
        ),
    ]

    @dataclass
    class Chosen(Message):
        """A room was chosen."""

        room: RoomKey

    class AllChosen(Message):
        """All rooms were chosen, to be looked at together."""

    @dataclass
    class LeftOut(Message):
        """A room is to be left out of all rooms, or is wanted there again."""

        room: RoomKey

    @dataclass
    class AccountChosen(Message):
        """An account that is refused or out of reach was chosen: what is the matter with it?"""

        account: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, markup=False)
        self._keys: dict[str, RoomKey] = {}
        self._accounts: dict[str, str] = {}
        """Names of the accounts that can be chosen, by the id of their option."""
        self._order: list[str] = []
        self._shown: tuple[list[AccountState], Collection[RoomKey], Collection[RoomKey], Counter[RoomKey]]
        self._shown = ([], (), (), Counter())
        """What was given to `show` last."""

    def on_resize(self) -> None:
        """Use the new width: what stands on the right of a line must not fall off."""
        self.show(*self._shown)

    def show(
        self,
        accounts: Iterable[AccountState],
        viewed: Collection[RoomKey],
        left_out: Collection[RoomKey],
        marks: Counter[RoomKey],
    ) -> None:
        """Bring the list up to date without moving the highlight.

        Args:
            accounts: With their rooms.
            viewed: The rooms that are looked at.
            left_out: The rooms that are not wanted among all rooms.
            marks: How many messages are marked, by room.
        """
        self._shown = (list(accounts), viewed, left_out, marks)
        options = [Option(f"{'▸' if len(viewed) > 1 else ' '} ≡ all rooms", id=ALL)]
        self._keys, self._accounts = {}, {}
        for account in self._shown[0]:
            options.append(self._account_option(account))
            states = account.rooms.values()
            options += [self._room_option(state, viewed, left_out, marks) for state in states if state.joined]
            others = [self._room_option(state, viewed, left_out, marks) for state in states if not state.joined]
            if others:
                options += [Option(_NOT_JOINED, id=f"others {account.name}", disabled=True), *others]
        order = [f"{option.id} {option.disabled}" for option in options]
        if order == self._order:
            for position, option in enumerate(options):
                if not _same(option.prompt, self.get_option_at_index(position).prompt):
                    self.replace_option_prompt_at_index(position, option.prompt)
            return
        highlighted = self.highlighted_option.id if self.highlighted_option else None
        self.set_options(options)
        self._order = order
        if highlighted in self._keys or highlighted in self._accounts:
            self.highlighted = self.get_option_index(highlighted)

    def highlight_room(self, room: RoomKey) -> None:
        """Put the highlight on a room."""
        for option_id, key in self._keys.items():
            if key == room:
                self.highlighted = self.get_option_index(option_id)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click on a room looks at it."""
        event.stop()
        option_id = event.option_id or ""
        if option_id in self._keys:
            self.post_message(self.Chosen(self._keys[option_id]))
        elif option_id in self._accounts:
            self.post_message(self.AccountChosen(self._accounts[option_id]))
        elif option_id == ALL:
            self.post_message(self.AllChosen())

    def action_leave_out(self) -> None:
        """Leave the highlighted room out of all rooms, or take it in again."""
        option = self.highlighted_option
        if option is not None and option.id in self._keys:
            self.post_message(self.LeftOut(self._keys[option.id]))

    def _account_option(self, account: AccountState) -> Option:
        option_id = f"account {account.name}"
        troubled = account.refusal is not None
        if troubled:
            self._accounts[option_id] = account.name
        return Option(_account_line(account), id=option_id, disabled=not troubled)

    def _room_option(
        self, state: RoomState, viewed: Collection[RoomKey], left_out: Collection[RoomKey], marks: Counter[RoomKey]
    ) -> Option:
        option_id = f"room {state.account} {state.room.id}"
        self._keys[option_id] = state.key
        sign = "▸" if state.key in viewed else "∖" if state.key in left_out else " "
        return Option(_room_line(state, sign, marks[state.key], self._line_width()), id=option_id)

    def _line_width(self) -> int:
        return max(self.scrollable_content_region.width - 2, 10)


def _same(one: VisualType, other: VisualType) -> bool:
    return isinstance(one, Content) and isinstance(other, Content) and one.is_same(other)


def _account_line(account: AccountState) -> Content:
    sign = {"ready": "●", "connecting": "…", "refused": "✗", "unreachable": "↻"}[account.phase]
    waiting = sum(link_words(state) == WAITING for state in account.rooms.values())
    name = (f"{sign} {printable(account.name)}", "bold")
    if account.refusal is not None:
        return Content.assemble(name, (printable(f" {account.phase}"), "$error"), (" ⏎", "bold $accent"))
    if waiting:
        return Content.assemble(name, (f" {plural(waiting, 'room')} waiting", "$warning"))
    return Content.assemble(name, (f" {printable(account.service)}", "dim"))


def _room_line(state: RoomState, viewed: str, marked: int, width: int) -> Content:
    unread = str(state.unread) if 0 < state.unread < 1000 else "999+" if state.unread else ""
    sign = _LINK_SIGNS.get(state.link.state, "") if state.link else ""
    gap = "⚠" if state.timeline.gaps else ""
    right = " ".join(part for part in (gap, sign, f"◼{marked}" if marked else "", unread) if part)
    left = f"{viewed} {KIND_GLYPHS[state.room.kind]} "
    special = " ".join(traits(state.room))
    space = width - len(left) - len(right) - 1
    if special and space - len(special) - 1 < LEAST_NAME:
        special = " ".join(short_traits(state.room))
    after = Printable(f"{tail(state)}{f' {special}' if special else ''}")
    name = shortened(room_name(state.room), max(space - needed(after), 4))
    return Content.assemble(
        left,
        (name, "bold" if viewed == "▸" or state.unread else ""),
        (after, "$foreground-muted"),
        " " * max(space - needed(name) - needed(after) + 1, 1),
        (right, "bold $warning" if marked else "$accent"),
    )
