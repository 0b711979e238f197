"""The line below the feed: what is marked, what the filter leaves, what arrived out of sight. Pure."""

from textual.content import Content
from textual.style import Style

from quell.display import Printable, needed, printable, wrapped
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
    """The parts on the left, and on the right how many messages arrived below; a click there goes to the newest."""
    left = Content("").join([Content(" "), *parts])
    right = Content.styled(f"▼ {unseen:,} new " if unseen else "", "bold $accent")
    right = right.stylize(Style.from_meta({NEWEST: True}))
    room = max(width - right.cell_length - 1, 0)
    if left.cell_length > room:
        left = left.truncate(room, ellipsis=True)
    return Content.assemble(left, " " * max(width - left.cell_length - right.cell_length, 1), right)


def mistake(error: QueryError, column: int, width: int) -> Content:
    """What is wrong with the filter, below the place where it is wrong, in as many lines as it takes.

    Args:
        error: What is wrong. What is only unfinished is no cause for alarm.
        column: Cell below which the place is; before or behind the line where it is scrolled out of sight.
        width: Cells of a line.
    """
    at, problem = min(max(column, 0), width - 1), printable(error.problem)
    style = "$foreground-muted" if error.unfinished else "$error"
    on_the_right = 2 * at < width
    rows = wrapped(problem, max(width - at - 2 if on_the_right else at - 1, 1))
    if on_the_right:
        signs = ["^ ", *["  "] * (len(rows) - 1)]
        lines = [Content.assemble(" " * at, sign, row) for sign, row in zip(signs, rows, strict=True)]
    else:
        first = Printable(rows[0].rstrip())
        lines = [Content.assemble(" " * (at - 1 - needed(first)), first, " ^"), *(Content(row) for row in rows[1:])]
    return Content("\n").join(lines).stylize(style)
