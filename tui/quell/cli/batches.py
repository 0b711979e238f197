"""`quell batches`: what a run that died left unfinished."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

import click

from quell.cli.deletion_options import outcome_option
from quell.cli.errors import CommandError, ExitCode
from quell.cli.journals import opened_journal
from quell.cli.lookup import acting_account
from quell.cli.opening import opened
from quell.cli.options import config_option, configured, json_option
from quell.cli.output import tell, write, write_json
from quell.cli.reporting import reported
from quell.cli.runtime import run
from quell.cli.unfinished import unfinished_fields, unfinished_line
from quell.config import Config, journal_path
from quell.display import printable
from quell.moderation.engine import Engine
from quell.moderation.journal.resume import Unfinished
from quell.moderation.whereabouts import MovedError, check_hosts, other_logins, told
from quell.paces import paces_path, recall, remembering
from quell_providers.provider import Provider


@click.group("batches", short_help="Go on with unfinished batches, or end them.")
@config_option
def command() -> None:
    """Go on with batches that were cut short by a crash, or end them.

    Of two runs that take up the same batch, only the first one gets it.
    """


@command.command("list")
@json_option
@config_option
def list_unfinished(as_json: bool) -> None:
    """List the unfinished batches of runs that died, oldest first."""
    found = run(_found()) if journal_path().exists() else []
    for batch in found:
        if as_json:
            write_json(unfinished_fields(batch))
        else:
            write(unfinished_line(batch))
    if found and not as_json:
        tell("quell batches resume BATCH   goes on where it stopped")
        tell("quell batches settle BATCH   finds out what happened, and deletes nothing more")
        tell("quell batches close BATCH    cancels what was not sent, and asks nobody about the rest")
    elif not found:
        tell("nothing is unfinished")


@command.command("resume")
@click.argument("batch_id", metavar="BATCH")
@outcome_option
@config_option
@click.pass_context
def resume(context: click.Context, batch_id: str, as_json: bool) -> None:
    """Go on with a batch where it stopped. What was on its way then is asked for once more."""
    context.exit(run(_resume(configured(), batch_id, as_json=as_json)))


@command.command("settle")
@click.argument("batch_id", metavar="BATCH")
@outcome_option
@config_option
@click.pass_context
def settle(context: click.Context, batch_id: str, as_json: bool) -> None:
    """Find out what happened to a batch, as far as its service can tell, and delete nothing more."""
    context.exit(run(_settle(configured(), batch_id, as_json=as_json)))


@command.command("close")
@click.argument("batch_id", metavar="BATCH")
@outcome_option
@config_option
@click.pass_context
def close(context: click.Context, batch_id: str, as_json: bool) -> None:
    """Cancel what was not sent of a batch. What was on its way then stays unknown."""
    context.exit(run(_close(batch_id, as_json=as_json)))


async def _found() -> list[Unfinished]:
    async with opened_journal() as journal:
        return await journal.unfinished()


async def _resume(config: Config, batch_id: str, *, as_json: bool) -> ExitCode:
    async with _taken_up(config, batch_id) as (engine, batch, providers):
        try:
            check_hosts(batch.deletions, engine.leftovers.host_of)
        except MovedError as error:
            raise CommandError(error.problem, remedy=error.remedy) from None
        logins = {account: await acting_account(provider) for account, provider in providers.items()}
        for login in other_logins(batch.deletions, lambda account: logins.get(account, "")):
            tell(printable(told(login)))
        async with reported(engine, batch_id, as_json=as_json) as report:
            for deletion in await engine.leftovers.resume(batch_id):
                report.note(deletion)
            await engine.settled()
    return report.exit_code()


async def _settle(config: Config, batch_id: str, *, as_json: bool) -> ExitCode:
    async with _taken_up(config, batch_id) as (engine, _, _), reported(engine, batch_id, as_json=as_json) as report:
        for deletion in await engine.leftovers.settle(batch_id):
            report.note(deletion)
    return report.exit_code()


async def _close(batch_id: str, *, as_json: bool) -> ExitCode:
    async with opened_journal() as journal:
        engine = Engine(journal)
        async with reported(engine, batch_id, as_json=as_json) as report:
            for deletion in await engine.leftovers.close(batch_id):
                report.note(deletion)
    return report.exit_code()


class _TakenUp(NamedTuple):
    """An unfinished batch, and what can act on it."""

    engine: Engine
    batch: Unfinished
    providers: dict[str, Provider]
    """Its accounts, as far as they are configured."""


@asynccontextmanager
async def _taken_up(config: Config, batch_id: str) -> AsyncIterator[_TakenUp]:
    """An engine with the accounts of an unfinished batch."""
    async with opened_journal() as journal, AsyncExitStack() as stack:
        batch = next((each for each in await journal.unfinished() if each.id == batch_id), None)
        if batch is None:
            raise CommandError(
                f"there is no unfinished batch {batch_id!r}", remedy="list them with: quell batches list"
            )
        wanted = {account for account, _, _ in batch.rooms}
        paces = paces_path(journal_path())
        engine = Engine(journal, grace_seconds=0.0, learned=recall(paces))
        await stack.enter_async_context(remembering(engine, paces))
        providers: dict[str, Provider] = {}
        for account in config.accounts:
            if account.name in wanted:
                providers[account.name] = provider = await stack.enter_async_context(opened(account))
                ceiling = config.deletion.ceiling_per_minute.get(account.name)
                engine.attach(account.name, provider, ceiling_per_minute=ceiling)
        for name in sorted(wanted - {account.name for account in config.accounts}):
            tell(printable(f"{name} is not configured any more; what belongs to it is ended"))
        yield _TakenUp(engine, batch, providers)
