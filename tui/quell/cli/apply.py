"""`quell apply`: do what a plan says, after looking at everything anew."""

from typing import TextIO

import click

from quell.cli.delete import require_somebody
from quell.cli.deleting import delete
from quell.cli.deletion_options import deletion_options
from quell.cli.dry_run import dry_run
from quell.cli.errors import CommandError
from quell.cli.lookup import Order
from quell.cli.options import config_option, configured
from quell.cli.plan import Plan, read_plan
from quell.cli.resolve import split_room
from quell.cli.runtime import run
from quell.config import Config
from quell.moderation.deletion import Reason


@click.command("apply", short_help="Delete what a plan of quell delete --plan names.")
@click.argument("file", type=click.File(encoding="utf-8"))
@deletion_options
@config_option
@click.pass_context
def command(
    context: click.Context,
    file: TextIO,
    urgent: bool,
    only_forecast: bool,
    yes: bool,
    grace: float | None,
    as_json: bool,
) -> None:
    """Delete the messages that the plan in FILE names; - is stdin.

    Everything is looked at anew first: a message that was edited since the plan was written is left out.
    """
    config = configured()
    order = _order(config, _read(file), urgent=urgent, grace=grace)
    if only_forecast:
        context.exit(run(dry_run(order, as_json=as_json)))
    require_somebody(yes=yes)
    context.exit(run(delete(order, as_json=as_json, ask_first=not yes)))


def _read(file: TextIO) -> Plan:
    try:
        return read_plan(file.read(), file.name)
    except UnicodeDecodeError:
        raise CommandError(f"{file.name} is not UTF-8 text") from None


def _order(config: Config, plan: Plan, *, urgent: bool, grace: float | None) -> Order:
    header = plan.header
    account, room = split_room(f"{header.account}/{header.room_id}", config.accounts)
    if account.plugin.name != header.provider:
        raise CommandError(
            f"the plan is for {header.provider}, but the account {account.name} is {account.plugin.name}"
        )
    return Order(
        config=config,
        account=account,
        room=room,
        ids=tuple(row.message_id for row in plan.rows),
        reason=Reason(header.reason_code, header.reason),
        grace_seconds=config.deletion.grace_seconds if grace is None else grace,
        urgent=urgent or header.urgent,
        reviewed=plan.reviewed(),
    )
