"""The line below the feed: what is marked, what the filter leaves, what arrived out of sight. Pure."""

from textual.content import Content
from textual.style import Style

from quell.display import printable
from quell.display.wording import plural
from quell.moderation.query import QueryError
from quell.widgets.sifting import Sifting
from quell.widgets.tally import Tally

NEWEST = "newest"
"""What the count of new messages carries, for whoever is told of a click on it."""


def marks(tally: Tally) -> list[Content]:
    """How many messages are marked, by how many authors, and which of them are out of sight."""
    if not tally.marked:
        return []
    return [
        Content.styled(f"{tally.marked:,} marked", "bold $warning"),
        Content.styled(f" · {plural(tally.authors, 'author')}" if tally.authors else "", "$foreground-muted"),
        Content.styled(f" · {tally.elsewhere:,} in other rooms" if tally.elsewhere else "", "$foreground-muted"),
        Content.styled(f" · {tally.hidden:,} hidden by your filter" if tally.hidden else "", "$warning"),
        Content.styled(f" · {tally.deleted:,} deleted already" if tally.deleted else "", "$foreground-muted"),
        Content.styled(f" · {tally.let_go:,} let go of" if tally.let_go else "", "$foreground-muted"),
    ]


def ranging() -> Content:
    """A range has begun."""
    return Content.styled("  RANGE", "bold $accent")


def matches(sifting: Sifting, shown: int, loaded: int) -> list[Content]:
    """How many of the loaded messages the filter lets through, and how far the search is."""
    if sifting.query is None:
        return []
    if not sifting.hiding:
        return [Content.styled("  highlighted: n N go on, h hides the rest", "$accent")]
    progress = f" · searching, {sifting.progress:.0%}" if sifting.busy else ""
    return [Content.styled(f"  {shown:,} of {loaded:,} match{progress}", "$accent")]


def line(parts: list[Content], unseen: int, width: int) -> Content:
    """The parts on the left, and on the right how many messages arrived below; a click there goes to the newest."""
    left = Content("").join([Content(" "), *parts])
    right = Content.styled(f"▼ {unseen:,} new " if unseen else "", "bold $accent")
    right = right.stylize(Style.from_meta({NEWEST: True}))
    room = max(width - right.cell_length - 1, 0)
    if left.cell_length > room:
        left = left.truncate(room, ellipsis=True)
    return Content.assemble(left, " " * max(width - left.cell_length - right.cell_length, 1), right)


def mistake(error: QueryError) -> Content:
    """What is wrong with the filter, under the place where it is wrong."""
    return Content.styled(printable(f"{' ' * error.position}^ {error.problem}"), "$error")
