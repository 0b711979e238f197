"""A line of the filter language, read once and used on many messages."""

from collections.abc import Callable, Sequence

from quell.moderation.query.facts import Facts, NamedRoom
from quell.moderation.query.grammar import read
from quell.moderation.query.nodes import Node
from quell.moderation.query.shown import Shown, Span
from quell_providers.model import Message


class Query:
    """A parsed line. Build it with `parse`.

    Args:
        source: The line.
        root: What it means.
    """

    def __init__(self, source: str, root: Node) -> None:
        self.source = source
        """The line as it was typed."""
        self.volatile = root.volatile
        """Whether a message that stays as it is can come to match, or cease to: by the clock, a mark, a deletion."""
        self.due = root.due
        """Seconds after which the passing of time should be seen in what matches; infinite where it changes nothing."""
        self._root = root

    def __repr__(self) -> str:
        return f"Query({self.source!r})"

    def matcher(self, facts: Facts) -> Callable[[Message], bool]:
        """A function that tells whether a message is meant. Make it once and call it for every message.

        Args:
            facts: Asked for what messages do not tell themselves. Times of day and dates are taken from its clock now,
                all other answers when a message is looked at.
        """
        return self._root.compile(facts)

    def strange_rooms(self, rooms: Sequence[NamedRoom]) -> list[str]:
        """What `in:` names, raw, that is none of these rooms."""
        return list(dict.fromkeys(self._root.strange_rooms(rooms)))

    def highlights(self, text: str) -> list[Span]:
        """Where words, phrases and regexes that must match do so in a shown text.

        Args:
            text: A message's text, or its author's name, as the display made it printable.

        Returns:
            Start and end (behind the last character), in code points of the shown text; merged and in order.
        """
        merged: list[Span] = []
        for start, end in sorted(self._root.spans(Shown(text))):
            if merged and start <= merged[-1][1]:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            else:
                merged.append((start, end))
        return merged


def parse(text: str) -> Query:
    """Read a line of the filter language.

    Raises:
        QueryError: The line is no query.
    """
    return Query(text, read(text))
