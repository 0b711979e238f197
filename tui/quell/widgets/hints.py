"""The line below the feed: what is marked, what the filter leaves, what arrived out of sight. Pure."""

from textual.content import Content

from quell.display import printable
from quell.display.wording import plural
from quell.moderation.query import QueryError
from quell.widgets.sifting import Sifting
from quell.widgets.tally import Tally


def marks(tally: Tally) -> list[Content]:
    """How many messages are marked, by how many authors, and which of them are out of sight."""
    if not tally.marked:
        return []
    return [
        Content.styled(f"{tally.marked:,} marked", "bold $warning"),
        Content.styled(f" · {plural(tally.authors, 'author')}" if tally.authors else "", "$foreground-muted"),
        Content.styled(f" · {tally.elsewhere:,} in other rooms" if tally.elsewhere else "", "$foreground-muted"),
        Content.styled(f" · {tally.hidden:,} hidden by your filter" if tally.hidden else "", "$warning"),
    ]


def marking(progress: float) -> Content:
    """How far the search for what is to be marked is."""
    return Content.styled(f" · marking, {progress:.0%}", "$accent")


def asking(progress: float) -> Content:
    """How far putting together is what a deletion is asked for."""
    return Content.styled(f" · putting the question together, {progress:.0%}, esc stops it", "$accent")


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
    """The parts on the left, and on the right how many messages arrived below."""
    left = Content("").join([Content(" "), *parts])
    right = Content.styled(f"▼ {unseen:,} new " if unseen else "", "bold $accent")
    return Content.assemble(left, " " * max(width - left.cell_length - right.cell_length, 1), right)


def mistake(error: QueryError) -> Content:
    """What is wrong with the filter, under the place where it is wrong."""
    return Content.styled(printable(f"{' ' * error.position}^ {error.problem}"), "$error")
