"""Small pieces of English that several screens share."""

from collections.abc import Iterable

from quell.display.fences import with_blank
from quell.display.printable import Printable, printable
from quell_providers.model import Room, RoomKind

KIND_GLYPHS: dict[RoomKind, str] = {"room": "⬡", "channel": "#", "group": "◈", "direct": "@", "discussion": "»"}

KIND_WORDS: dict[RoomKind, str] = {
    "room": "IVS chat room",
    "channel": "public channel",
    "group": "private group",
    "direct": "direct messages",
    "discussion": "discussion",
}


def plural(count: int, one: str, many: str | None = None) -> Printable:
    """`1 message`, `2 messages`."""
    return Printable(f"{count:,} {one if count == 1 else many or one + 's'}")


def room_name(room: Room) -> Printable:
    """A room's name; its id where it has none."""
    return printable(room.name) if room.name.strip() else printable(f"({room.id})")


def with_files(text: str, names: Iterable[str]) -> str:
    """What a message says, and the files that hang on it; raw, as both were. Empty where there is neither."""
    return " ".join(filter(None, (text, *(f"⟨file {name}⟩" for name in names))))


def said(author: str, text: str) -> Printable:
    """Who said what, in a line; on terminals that reorder text, the name stays in front of it."""
    return Printable(f"{with_blank(printable(f'{author}:'))}{printable(text)}")


def in_a_row(*parts: str) -> Printable:
    """Texts of a service or of ours as one line; empty ones are left out."""
    line = ""
    for part in filter(None, parts):
        between = "" if not line else " " if line.endswith((".", "!", "?", "…")) else "; "
        line = f"{line}{between}{printable(part)}"
    return Printable(line)
