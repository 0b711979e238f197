"""`quell audit disconnections`: whose connections were ended, newest first."""

import click

from quell.cli.errors import in_words
from quell.cli.journals import opened_journal
from quell.cli.options import config_option, json_option
from quell.cli.output import local, tell, utc, write, write_json
from quell.cli.runtime import run
from quell.config import journal_path
from quell.display import WORDS, Printable, printable
from quell.moderation.disconnection import Disconnection


@click.command("disconnections", short_help="List whose connections were ended.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="At most N.")
@json_option
@config_option
def command(limit: int, as_json: bool) -> None:
    """List the authors who were disconnected, newest first, and what the service answered.

    One that is "sent" belongs to a console that ended before the answer came.
    """
    if not journal_path().exists():
        tell("nobody was disconnected yet")
        return
    for each in run(_disconnections(limit)):
        if as_json:
            write_json(_fields(each))
        else:
            write(_line(each))


async def _disconnections(limit: int) -> list[Disconnection]:
    async with opened_journal() as journal:
        return [each.disconnection for each in await journal.disconnections(limit=limit)]


def _fields(each: Disconnection) -> dict[str, object]:
    refusal = each.refusal
    return {
        "id": each.id,
        "room": f"{each.account}/{each.room_id}",
        "room_name": each.room_name,
        "author_id": each.author_id,
        "moderator": each.moderator,
        "reason": {"code": each.reason.code, "text": each.reason.text},
        "state": each.state.value,
        "at": utc(each.at),
        "code": refusal.code if refusal else None,
        "detail": refusal.detail if refusal else None,
        "cause": refusal.cause if refusal else None,
        "remedy": refusal.remedy if refusal else None,
    }


def _line(each: Disconnection) -> Printable:
    room = f"{each.account}/{each.room_name or each.room_id}"
    reason = ": ".join(part for part in (each.reason.code, each.reason.text) if part)
    parts = [local(each.at), room, each.author_id, each.moderator, WORDS[each.state], reason]
    if each.refusal is not None:
        parts += [in_words(each.refusal), each.refusal.remedy]
    return printable("  ".join(part for part in parts if part))
