"""`quell audit list`: the batches, newest first."""

from typing import Any

import click

from quell.cli.audit_filter import filter_of, filter_options
from quell.cli.audit_text import batch_fields, batch_line
from quell.cli.journals import opened_journal
from quell.cli.options import config_option, json_option
from quell.cli.output import tell, write, write_json
from quell.cli.runtime import run
from quell.config import journal_path
from quell.display.wording import plural
from quell.moderation.journal import BatchSummary, JournalFilter
from quell.moderation.journal.filters import NEVER_ENDING


@click.command("list", short_help="List the batches.")
@filter_options
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="At most N batches."
)
@json_option
@config_option
def command(limit: int, as_json: bool, **options: Any) -> None:
    """List the batches, newest first, with the states their deletions are in.

    With any filter, only batches that hold a deletion that all filters fit. Disconnections are counted below, and
    listed by `quell audit disconnections`, which takes the same filters.
    """
    if not journal_path().exists():
        tell("nothing was deleted yet")
        return
    batches, disconnections = run(_found(limit, filter_of(options)))
    for batch in batches:
        if as_json:
            write_json(batch_fields(batch))
        else:
            write(batch_line(batch))
    if disconnections:
        tell(f"and {plural(disconnections, 'disconnection')}: quell audit disconnections")


async def _found(limit: int, wanted: JournalFilter) -> tuple[list[BatchSummary], int]:
    """The batches, and how many disconnections there are beside them."""
    async with opened_journal() as journal:
        disconnections = await journal.disconnections(wanted, limit=NEVER_ENDING)
        return await journal.batches(limit, wanted), len(disconnections)
