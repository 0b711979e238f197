"""The rooms of all accounts, grouped by account."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.visual import VisualType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from quell.display import printable
from quell.display.wording import KIND_GLYPHS, room_name
from quell.session.state import AccountState, RoomKey, RoomState

_LINK_SIGNS = {"connecting": "…", "catching_up": "…", "reconnecting": "↻", "refused": "✗", "closed": "✗"}


class RoomList(OptionList):
    """A list to choose the room from that is looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("G", "last", "Last", show=False),
        Binding("g", "first", "First", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """A room was chosen."""

        room: RoomKey

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, markup=False)
        self._keys: dict[str, RoomKey] = {}
        self._order: list[str] = []

    def show(self, accounts: Iterable[AccountState], current: RoomKey | None, marks: Counter[RoomKey]) -> None:
        """Bring the list up to date without moving the highlight."""
        options: list[Option] = []
        self._keys = {}
        for account in accounts:
            options.append(Option(_account_line(account), id=f"account {account.name}", disabled=True))
            for state in account.rooms.values():
                option_id = f"room {state.account} {state.room.id}"
                self._keys[option_id] = state.key
                prompt = _room_line(state, state.key == current, marks[state.key], self._line_width())
                options.append(Option(prompt, id=option_id))
        order = [option.id or "" for option in options]
        if order == self._order:
            for position, option in enumerate(options):
                if not _same(option.prompt, self.get_option_at_index(position).prompt):
                    self.replace_option_prompt_at_index(position, option.prompt)
            return
        highlighted = self.highlighted_option.id if self.highlighted_option else None
        self.set_options(options)
        self._order = order
        if highlighted in self._keys:
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
        room = self._keys.get(event.option_id or "")
        if room is not None:
            self.post_message(self.Chosen(room))

    def _line_width(self) -> int:
        return max(self.scrollable_content_region.width - 2, 10)


def _same(one: VisualType, other: VisualType) -> bool:
    return isinstance(one, Content) and isinstance(other, Content) and one.is_same(other)


def _account_line(account: AccountState) -> Content:
    sign = {"ready": "●", "connecting": "…", "refused": "✗", "unreachable": "↻"}[account.phase]
    return Content.assemble((f"{sign} {printable(account.name)}", "bold"), (f" {printable(account.service)}", "dim"))


def _room_line(state: RoomState, current: bool, marked: int, width: int) -> Content:
    counts = f"◼{marked} " if marked else ""
    counts += str(state.unread) if 0 < state.unread < 1000 else "999+" if state.unread else ""
    sign = _LINK_SIGNS.get(state.link.state, "") if state.link else ""
    right = " ".join(part for part in (sign, counts.strip()) if part)
    left = f"{'▸' if current else ' '} {KIND_GLYPHS[state.room.kind]} "
    name = Content(room_name(state.room)).truncate(max(width - len(left) - len(right) - 1, 4), ellipsis=True, pad=True)
    style = "bold" if current or state.unread else ""
    return Content.assemble(left, name.stylize(style), " ", (right, "bold $warning" if marked else "$accent"))
