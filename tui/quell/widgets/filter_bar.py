"""The line in which the filter is typed."""

from dataclasses import dataclass

from textual import on
from textual.message import Message
from textual.widgets import Input

from quell.moderation.query import Query, QueryError, parse


class FilterBar(Input):
    """Parses while it is typed. A line that is no query leaves the last filter as it is."""

    @dataclass
    class Filtered(Message):
        """Another filter applies; `None`: none."""

        query: Query | None

    @dataclass
    class Mistyped(Message):
        """The line is no query."""

        error: QueryError

    class Closed(Message):
        """The moderator is done with the line; what it says goes on filtering."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, placeholder='words  "a phrase"  from:name  has:link  is:deleted  -not', compact=True)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        try:
            query = parse(event.value) if event.value.strip() else None
        except QueryError as error:
            self.post_message(self.Mistyped(error))
        else:
            self.post_message(self.Filtered(query))

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Closed())
