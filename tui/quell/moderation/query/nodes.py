"""What a line means: a tree whose leaves look at messages, and how it becomes one function of a message."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence

from quell.moderation.query.facts import Facts, NamedRoom
from quell.moderation.query.shown import Shown, Span
from quell_providers.model import Message

Match = Callable[[Message], bool]


class Node(ABC):
    """A part of a query."""

    cost = 1
    """How long a message takes, roughly, in tenths of a microsecond; cheap parts are asked first."""
    volatile = False
    """Whether the answer can change while the message stays as it is."""
    due = math.inf
    """Seconds after which the answer should be asked for anew, since time alone can change it."""

    @abstractmethod
    def compile(self, facts: Facts) -> Match:
        """A function that tells of many messages whether this part matches them."""

    def spans(self, shown: Shown) -> Iterable[Span]:
        """Where this part matches in a shown text; nowhere when it does not look for text."""
        return ()

    def strange_rooms(self, rooms: Sequence[NamedRoom]) -> Iterable[str]:
        """What it names that is none of these rooms."""
        return ()


class _Branch(Node):
    """Asks its parts, the cheapest first, until one decides.

    Args:
        parts: In the order in which they were typed.
    """

    decisive: bool
    """The answer of a part that settles the matter."""

    def __init__(self, parts: Sequence[Node]) -> None:
        self.parts = tuple(parts)
        self.cost = sum(part.cost for part in parts)
        self.volatile = any(part.volatile for part in parts)
        self.due = min((part.due for part in parts), default=math.inf)

    def compile(self, facts: Facts) -> Match:
        """Asks the parts until one is decisive."""
        decisive = self.decisive
        parts = [part.compile(facts) for part in sorted(self.parts, key=lambda part: part.cost)]

        def match(message: Message) -> bool:
            for part in parts:
                if part(message) is decisive:
                    return decisive
            return not decisive

        return match

    def spans(self, shown: Shown) -> Iterable[Span]:
        """Of every part."""
        for part in self.parts:
            yield from part.spans(shown)

    def strange_rooms(self, rooms: Sequence[NamedRoom]) -> Iterable[str]:
        """Of every part."""
        for part in self.parts:
            yield from part.strange_rooms(rooms)


class And(_Branch):
    """All parts match; without parts, every message does."""

    decisive = False


class Or(_Branch):
    """At least one part matches."""

    decisive = True


class Not(Node):
    """The part does not match. It is not looked for in shown texts: no message that matches has it."""

    def __init__(self, part: Node) -> None:
        self.part = part
        self.cost, self.volatile, self.due = part.cost, part.volatile, part.due

    def compile(self, facts: Facts) -> Match:
        """The opposite of the part's answer."""
        match = self.part.compile(facts)
        return lambda message: not match(message)

    def strange_rooms(self, rooms: Sequence[NamedRoom]) -> Iterable[str]:
        """Of the part."""
        return self.part.strange_rooms(rooms)
