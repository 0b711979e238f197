"""The line below the feed: what is marked, what the filter leaves, what arrived out of sight. Pure."""

from textual.content import Content

from quell.display import printable
from quell.display.wording import plural
from quell.moderation.query import QueryError
from quell.moderation.selection import Selection
from quell.session.state import RoomState
from quell.widgets.feed.index import RowIndex

Part = tuple[str, str]


def marks(selection: Selection, room: RoomState, rows: RowIndex) -> list[Part]:
    """How many messages are marked, by how many authors, and which of them are out of sight."""
    if not len(selection):
        return []
    here = {key.message_id for key in selection if key[:2] == room.key}
    visible = [message for message in rows if message.id in here]
    authors = len({message.author.id for message in visible})
    elsewhere, hidden = len(selection) - len(here), len(here) - len(visible)
    return [
        (f"{len(selection):,} marked", "bold $warning"),
        (f" · {plural(authors, 'author')}", "$foreground-muted"),
        (f" · {elsewhere:,} in other rooms" if elsewhere else "", "$foreground-muted"),
        (f" · {hidden:,} hidden by your filter" if hidden else "", "$warning"),
    ]


def matches(shown: int, loaded: int) -> list[Part]:
    """How many of the loaded messages the filter lets through."""
    return [(f"  {shown:,} of {loaded:,} match", "$accent")]


def line(parts: list[Part], unseen: int, width: int) -> Content:
    """The parts on the left, and on the right how many messages arrived below."""
    left = Content.assemble(" ", *parts)
    right = Content.styled(f"▼ {unseen:,} new " if unseen else "", "bold $accent")
    return Content.assemble(left, " " * max(width - left.cell_length - right.cell_length, 1), right)


def mistake(error: QueryError) -> Content:
    """What is wrong with the filter, under the place where it is wrong."""
    return Content.styled(printable(f"{' ' * error.position}^ {error.problem}"), "$error")
