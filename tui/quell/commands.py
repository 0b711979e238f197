"""What the command palette offers: the action of every key, and every room, by name."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple, Protocol, runtime_checkable

from rich.text import Text
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.types import IgnoreReturnCallbackType

from quell.display import Printable, printable
from quell.keys import KeyGroup
from quell.session.state import RoomKey, RoomState
from quell.widgets.naming import full_name


@runtime_checkable
class Commanded(Protocol):
    """A screen with keys and rooms."""

    def key_groups(self) -> list[KeyGroup]:
        """Every key, by the part it belongs to."""
        ...

    def all_rooms(self) -> list[RoomState]:
        """Every room of every account."""
        ...

    def look_at(self, key: RoomKey) -> None:
        """Show a room."""
        ...


class _Command(NamedTuple):
    shown: Printable
    about: Printable
    run: IgnoreReturnCallbackType


class ConsoleCommands(Provider):
    """Offers what the main screen can do.

    Titles are given as `Text`, because the palette reads every plain string as markup, and room names are not ours.
    """

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(Text(command.shown), command.run, text=command.shown, help=command.about)

    async def search(self, query: str) -> Hits:
        """What matches, best first."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(command.shown)
            if score > 0:
                yield Hit(score, Text(command.shown), command.run, text=command.shown, help=command.about)

    def _commands(self) -> Iterator[_Command]:
        screen = self.screen
        if not isinstance(screen, Commanded):
            return
        for group in screen.key_groups():
            for binding in group.bindings:
                if binding.tooltip:
                    run = partial(self.app.run_action, binding.action, group.target)
                    about = printable(f"{group.title}, key {binding.key_display or binding.key}")
                    yield _Command(printable(binding.tooltip), about, run)
        for room in screen.all_rooms():
            name = printable(f"Go to {room.account}/{full_name(room)}")
            yield _Command(name, Printable("Room"), partial(screen.look_at, room.key))
