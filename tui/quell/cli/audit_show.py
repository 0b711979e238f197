"""`quell audit show`: all that happened with one batch."""

import click

from quell.cli.audit_text import batch_line, entry_fields, entry_lines
from quell.cli.errors import CommandError
from quell.cli.journals import opened_journal
from quell.cli.options import config_option, json_option
from quell.cli.output import write, write_json
from quell.cli.runtime import run
from quell.config import journal_path
from quell.moderation.journal import Story


@click.command("show", short_help="Tell a batch's whole story.")
@click.argument("batch_id", metavar="BATCH")
@json_option
@config_option
def command(batch_id: str, as_json: bool) -> None:
    """Print every message of one batch with the state it is in, and every step on the way there."""
    story = run(_story(batch_id)) if journal_path().exists() else None
    if story is None:
        raise CommandError(f"the journal has no batch {batch_id!r}", remedy="list them with: quell audit list")
    if not as_json:
        write(batch_line(story.batch))
    for entry in story.entries:
        steps = story.steps[entry.deletion.id]
        if as_json:
            write_json(entry_fields(entry, steps))
        else:
            for line in entry_lines(entry, steps):
                write(line)


async def _story(batch_id: str) -> Story | None:
    async with opened_journal() as journal:
        return await journal.story(batch_id)
