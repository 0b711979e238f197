"""`quell audit`: what was deleted, by whom and why."""

import click

from quell.cli.errors import CommandError
from quell.cli.journals import opened_journal
from quell.cli.options import config_option, json_option
from quell.cli.outcome import counts_line, outcome_fields, outcome_lines
from quell.cli.output import local, tell, utc, write, write_json
from quell.cli.runtime import run
from quell.config import journal_path
from quell.display import Printable, printable
from quell.moderation.deletion import Deletion
from quell.moderation.journal import BatchSummary


@click.group("audit", short_help="Read the journal of all deletions.")
@config_option
def command() -> None:
    """Read the journal, in which every deletion is written down before it is asked for."""


@command.command("list")
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="At most N batches."
)
@json_option
@config_option
def list_batches(limit: int, as_json: bool) -> None:
    """List the batches, newest first, with the states their deletions are in."""
    if not journal_path().exists():
        tell("nothing was deleted yet")
        return
    for batch in run(_batches(limit)):
        if as_json:
            write_json(_batch_fields(batch))
        else:
            write(_batch_line(batch))


@command.command("show")
@click.argument("batch_id", metavar="BATCH")
@json_option
@config_option
def show_batch(batch_id: str, as_json: bool) -> None:
    """Print every message of one batch with the state it is in."""
    deletions = run(_deletions(batch_id)) if journal_path().exists() else []
    if not deletions:
        raise CommandError(f"the journal has no batch {batch_id!r}", remedy="list them with: quell audit list")
    for deletion in deletions:
        if as_json:
            write_json(_deletion_fields(deletion))
        else:
            for line in outcome_lines(deletion):
                write(line)


async def _batches(limit: int) -> list[BatchSummary]:
    async with opened_journal() as journal:
        return await journal.batches(limit)


async def _deletions(batch_id: str) -> list[Deletion]:
    async with opened_journal() as journal:
        return await journal.deletions(batch_id)


def _batch_fields(batch: BatchSummary) -> dict[str, object]:
    return {
        "batch_id": batch.id,
        "at": utc(batch.confirmed_at),
        "moderator": batch.moderator,
        "reason": {"code": batch.reason.code, "text": batch.reason.text},
        "rooms": [{"room": f"{account}/{room_id}", "name": name} for account, room_id, name in batch.rooms],
        "messages": batch.size,
        "states": {state.value: number for state, number in batch.states.items()},
    }


def _batch_line(batch: BatchSummary) -> Printable:
    rooms = ", ".join(f"{account}/{name or room_id}" for account, room_id, name in batch.rooms)
    reason = ": ".join(part for part in (batch.reason.code, batch.reason.text) if part)
    parts = (local(batch.confirmed_at), batch.id, batch.moderator, rooms, counts_line(batch.states), reason)
    return printable("  ".join(parts))


def _deletion_fields(deletion: Deletion) -> dict[str, object]:
    target = deletion.target
    snapshot = {
        "batch_id": deletion.batch_id,
        "author": target.author_name,
        "author_id": target.author_id,
        "text": target.text,
        "sent_at": utc(target.sent_at),
        "reason": {"code": deletion.reason.code, "text": deletion.reason.text},
    }
    return outcome_fields(deletion) | snapshot
