"""`quell delete`: delete messages by id."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

import click

from quell.cli.deleting import delete
from quell.cli.deletion_options import deletion_options
from quell.cli.dry_run import dry_run
from quell.cli.errors import CommandError
from quell.cli.lookup import Order
from quell.cli.options import config_option, configured
from quell.cli.output import tell
from quell.cli.planning import write_plan
from quell.cli.resolve import split_room
from quell.cli.runtime import run
from quell.moderation.deletion import Reason
from quell.moderation.reasons import Preset


@click.command("delete", short_help="Delete messages by id.")
@click.argument("room")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--ids", "source", type=click.File(encoding="utf-8"), metavar="FILE", help="Ids, one a line; - is stdin.")
@click.option(
    "--reason",
    "words",
    default="",
    metavar="TEXT",
    help="Why, in your own words.",
)
@click.option(
    "--plan",
    "plan",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what would be done to FILE, for `quell apply`; change nothing.",
)
@deletion_options
@config_option
@click.pass_context
def command(
    context: click.Context,
    room: str,
    ids: tuple[str, ...],
    source: TextIO | None,
    words: str,
    plan: Path | None,
    urgent: bool,
    only_forecast: bool,
    yes: bool,
    grace: float | None,
    as_json: bool,
) -> None:
    """Delete messages of ROOM by their ids, and print what became of each.

    On a terminal that is a bar and a line a message; into a file or pipe one JSON object a message, then a summary.
    Ctrl+C stops whatever was not sent yet. With --dry-run, the exit code is 1 when the service is expected to refuse
    any of the messages.
    """
    config = configured()
    account, wanted = split_room(room, config.accounts)
    order = Order(
        config=config,
        account=account,
        room=wanted,
        ids=_distinct(_given(ids, source)),
        reason=reason_for(words, config.reasons),
        grace_seconds=config.deletion.grace_seconds if grace is None else grace,
        urgent=urgent,
    )
    if plan is not None:
        context.exit(run(write_plan(order, plan)))
    if only_forecast:
        context.exit(run(dry_run(order, as_json=as_json)))
    require_somebody(yes=yes)
    context.exit(run(delete(order, as_json=as_json, ask_first=not yes)))


def require_somebody(*, yes: bool) -> None:
    """Raise `CommandError` when there is nobody to ask and nobody said yes beforehand."""
    if not yes and not sys.stdin.isatty():
        raise CommandError("nobody is there to confirm", remedy="look at it with --dry-run, then add --yes")


def reason_for(words: str, presets: Iterable[Preset]) -> Reason:
    """These very words, counted under the preset whose code they are, if there is one."""
    known = {preset.code for preset in presets}
    return Reason(words if words in known else "other", words)


def _given(ids: Sequence[str], source: TextIO | None) -> Sequence[str]:
    if ids and source:
        raise CommandError("ids are given twice", remedy="give them as arguments or with --ids, not both")
    if source is None:
        return ids
    try:
        return source.read().splitlines()
    except UnicodeDecodeError:
        raise CommandError(f"{source.name} is not UTF-8 text") from None


def _distinct(ids: Sequence[str]) -> tuple[str, ...]:
    given = [id_ for line in ids if (id_ := line.strip())]
    distinct = tuple(dict.fromkeys(given))
    if not distinct:
        raise CommandError("no message ids are given", remedy="give them as arguments or with --ids FILE")
    if len(distinct) < len(given):
        tell(f"{len(given) - len(distinct)} of {len(given)} ids are repeated; each message is deleted once")
    return distinct
