"""The work of `quell delete`: ask, delete, report."""

import asyncio
import time

from quell.cli.ask import ask
from quell.cli.errors import CommandError, ExitCode
from quell.cli.journals import opened_journal
from quell.cli.lookup import LOOK_BACK, Found, Order, looked_up
from quell.cli.output import tell
from quell.cli.reporting import reported
from quell.cli.unfinished import tell_unfinished
from quell.config import journal_path
from quell.display import duration, printable
from quell.moderation.deletion import Batch
from quell.moderation.engine import Engine
from quell.moderation.forecast import summarize
from quell.moderation.journal import Journal
from quell.paces import paces_path, recall, remembering


async def delete(order: Order, *, as_json: bool, ask_first: bool) -> ExitCode:
    """Delete, and print what became of each message.

    Raises:
        CommandError: The order can not be carried out, or the journal can not be written; nothing was sent.
        RefusedError: The service lets nobody in, or can not be reached; nothing was sent.
    """
    async with looked_up(order) as found:
        tell_changed(found)
        if not found.targets:
            raise CommandError("nothing is left to delete", code=ExitCode.INCOMPLETE)
        if ask_first and not await _confirmed(order, found):
            tell("nothing was deleted")
            return ExitCode.INTERRUPTED
        async with opened_journal() as journal:
            return await _carry_out(order, found, journal, as_json=as_json)


async def _carry_out(order: Order, found: Found, journal: Journal, *, as_json: bool) -> ExitCode:
    """See the batch through. When cancelled, what was not sent is cancelled too, and the rest is waited for briefly."""
    batch = Batch(
        moderator=order.config.moderator,
        reason=order.reason,
        targets=found.targets,
        confirmed_at=time.time(),
        urgent=order.urgent,
    )
    paces = paces_path(journal_path())
    engine = Engine(journal, grace_seconds=order.grace_seconds, learned=recall(paces))
    engine.attach(
        order.account.name,
        found.provider,
        ceiling_per_minute=order.config.deletion.ceiling_per_minute.get(order.account.name),
    )
    tell_unfinished(await engine.leftovers.found())
    async with remembering(engine, paces), reported(engine, batch.id, as_json=as_json) as report:
        # Once it is begun, the journal has to learn how it ends.
        await asyncio.shield(engine.submit(batch))
        if order.grace_seconds:
            tell(f"{len(found.targets)} held for {duration(order.grace_seconds)}; Ctrl+C sends nothing")
        if (wait := engine.eta(order.account.name, 0)) >= 1:
            tell(f"about {duration(wait)} at the rate that is allowed")
        await engine.settled()
    code = report.exit_code()
    return ExitCode.INCOMPLETE if found.changed and code is ExitCode.DONE else code


async def _confirmed(order: Order, found: Found) -> bool:
    """Show what is about to be done, and ask; many messages take typing their number."""
    summary = summarize(found.targets, await found.forecasts())
    count = len(found.targets)
    tell(printable(f"{count} of {order.account.name}/{found.room.name or found.room.id}"))
    tell(printable(f"Reason: {order.reason.text or order.reason.code}"))
    tell(printable(found.provider.capabilities.deletion_effect))
    for group in summary.refused:
        tell(printable(f"{len(group.keys)} will be refused: {group.cause}"))
    if count > order.config.deletion.type_count_above:
        return await ask(f"Type {count} to delete them:") == str(count)
    return (await ask("Delete? [y/N]")).lower() in ("y", "yes")


def tell_changed(found: Found) -> None:
    """Say which messages are left out because they were edited since they were reviewed, and where it can't be told."""
    for id_ in found.changed:
        tell(printable(f"{id_} was edited since it was reviewed, and is left out"))
    if found.unchecked:
        tell(
            f"{len(found.unchecked)} are not among the newest {LOOK_BACK} messages of the room, "
            "so it could not be seen whether they were edited since they were reviewed"
        )
