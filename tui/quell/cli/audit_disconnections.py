"""`quell audit disconnections`: whose connections were ended, newest first."""

from typing import Any

import click

from quell.cli.audit_filter import filter_of, filter_options
from quell.cli.errors import in_words
from quell.cli.journals import opened_journal
from quell.cli.options import config_option, json_option
from quell.cli.output import local, tell, utc, write, write_json
from quell.cli.runtime import run
from quell.config import journal_path
from quell.display import WORDS, Printable, printable
from quell.moderation.journal import DisconnectionEntry, JournalFilter


@click.command("disconnections", short_help="List whose connections were ended.")
@filter_options
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="At most N.")
@json_option
@config_option
def command(limit: int, as_json: bool, **options: Any) -> None:
    """List the authors who were disconnected, newest first, and what the service answered.

    One that is "unknown" may be of a console that ended before the answer came.
    """
    if not journal_path().exists():
        tell("nobody was disconnected yet")
        return
    for entry in run(_disconnections(limit, filter_of(options))):
        if as_json:
            write_json(_fields(entry))
        else:
            write(_line(entry))


async def _disconnections(limit: int, wanted: JournalFilter) -> list[DisconnectionEntry]:
    async with opened_journal() as journal:
        return await journal.disconnections(wanted, limit=limit)


def _fields(entry: DisconnectionEntry) -> dict[str, object]:
    each = entry.disconnection
    refusal = each.refusal
    return {
        "record": entry.record,
        "id": each.id,
        "room": f"{each.account}/{each.room_id}",
        "room_name": each.room_name,
        "author_id": each.author_id,
        "moderator": each.moderator,
        "endpoint_host": each.endpoint_host or None,
        "acting_account": each.acting_account or None,
        "reason": {"code": each.reason.code, "text": each.reason.text},
        "state": each.state.value,
        "requested_at": utc(entry.decided_at),
        "at": utc(each.at),
        "code": refusal.code if refusal else None,
        "detail": refusal.detail if refusal else None,
        "cause": refusal.cause if refusal else None,
        "remedy": refusal.remedy if refusal else None,
    }


def _line(entry: DisconnectionEntry) -> Printable:
    each = entry.disconnection
    room = f"{each.account}/{each.room_name or each.room_id}"
    reason = ": ".join(part for part in (each.reason.code, each.reason.text) if part)
    parts = [local(entry.decided_at), room, each.author_id, each.moderator, WORDS[each.state], reason]
    if each.refusal is not None:
        parts += [in_words(each.refusal), each.refusal.remedy]
    return printable("  ".join(part for part in parts if part))
