"""How a room is called among the others of its account. Pure."""

from quell.display import Printable, printable
from quell.display.wording import room_name
from quell.session.state import RoomState
from quell_providers.model import Room

TAIL = 4
"""Characters of an id that tell rooms of one name apart where there is no place for the whole id."""


def full_name(state: RoomState) -> Printable:
    """The room's name, with its id where the name is empty or another room has it too."""
    name = room_name(state.room)
    return Printable(f"{name} ({printable(state.room.id)})") if state.shares_name else name


def tail(state: RoomState) -> Printable:
    """The end of the room's id where another room has the same name; else empty."""
    return printable(f"·{state.room.id[-TAIL:]}") if state.shares_name else Printable("")


def traits(room: Room) -> list[str]:
    """What is special about reading and writing in the room, a word each."""
    named = {"encrypted": room.encrypted, "archived": room.archived, "read-only": room.read_only}
    return [word for word, holds in named.items() if holds]


def short_traits(room: Room) -> list[str]:
    """The same where there is little place."""
    return [_SHORT[word] for word in traits(room)]


_SHORT = {"encrypted": "enc", "archived": "arch", "read-only": "r/o"}
