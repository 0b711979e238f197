"""Messages, and facts about them that a test says."""

from dataclasses import dataclass, field

from quell.moderation.deletion import State
from quell.moderation.query import parse
from quell_providers.model import Author, Message

NOW = 1_767_258_100.0
"""Unix seconds: 2026-01-01, 09:01:40 UTC."""


def message(text: str = "", **fields: object) -> Message:
    """A message of Amara Okafor's, a minute old."""
    values: dict[str, object] = {
        "id": "m1",
        "room_id": "r1",
        "author": Author(id="u1", name="Amara Okafor", username="amara.o"),
        "text": text,
        "sent_at": NOW - 60,
    }
    return Message(**(values | fields))  # type: ignore[arg-type]  # fields differ from test to test


@dataclass
class Known:
    """Facts by message ids and room ids."""

    states: dict[str, State] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    mine: set[str] = field(default_factory=set)
    rooms: dict[str, str] = field(default_factory=dict)
    clock: float = NOW

    def state(self, message: Message) -> State | None:
        return self.states.get(message.id)

    def is_marked(self, message: Message) -> bool:
        return message.id in self.marked

    def is_mine(self, message: Message) -> bool:
        return message.id in self.mine

    def room_name(self, message: Message) -> str:
        return self.rooms.get(message.room_id, "")

    def account(self, message: Message) -> str:
        return "work"

    def now(self) -> float:
        return self.clock


def matches(line: str, looked_at: Message, facts: Known | None = None) -> bool:
    """Whether the line means the message."""
    return parse(line).matcher(facts or Known())(looked_at)


def finds(line: str, *texts: str) -> list[str]:
    """Those of the texts that the line matches, in the same order; nobody's name has anything in common with them."""
    match = parse(line).matcher(Known())
    return [text for text in texts if match(message(text, author=Author("u0", "\u2d59")))]
