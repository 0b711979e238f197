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
from quell.moderation.journal import BatchSummary, JournalFilter


@click.command("list", short_help="List the batches.")
@filter_options
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="At most N batches."
)
@json_option
@config_option
def command(limit: int, as_json: bool, **options: Any) -> None:
    """List the batches, newest first, with the states their deletions are in.

    With any filter, only batches that hold a deletion that all filters fit.
    """
    if not journal_path().exists():
        tell("nothing was deleted yet")
        return
    for batch in run(_batches(limit, filter_of(options))):
        if as_json:
            write_json(batch_fields(batch))
        else:
            write(batch_line(batch))


async def _batches(limit: int, wanted: JournalFilter) -> list[BatchSummary]:
    async with opened_journal() as journal:
        return await journal.batches(limit, wanted)
