"""`quell rooms`: every room of every account."""

import asyncio
from collections.abc import Sequence

import click

from quell.cli.errors import ExitCode, exit_code_of, in_words, tell_error
from quell.cli.opening import opened
from quell.cli.options import config_option, configured, json_option
from quell.cli.output import write, write_json
from quell.cli.runtime import run
from quell.config import Account
from quell.display import printable
from quell_providers.model import Room
from quell_providers.refusal import Refusal, RefusedError


@click.command("rooms")
@config_option
@json_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """List the rooms of every account.

    An account that can not be reached is told on stderr and makes the exit code 1, one that refuses the login 3; the
    rooms of the others are listed all the same.
    """
    accounts = configured().accounts
    context.exit(run(list_rooms(accounts, as_json=as_json)))


async def list_rooms(accounts: Sequence[Account], *, as_json: bool) -> ExitCode:
    """Ask all accounts at once, and print their rooms in the order of the accounts."""
    refusals: list[Refusal] = []
    answers = await asyncio.gather(*(_rooms_of(account) for account in accounts))
    for account, answer in zip(accounts, answers, strict=True):
        if isinstance(answer, Refusal):
            refusals.append(answer)
            tell_error(f"{account.name}: {in_words(answer)}", answer.remedy)
        elif as_json:
            _write_json(account, answer)
        else:
            _write_table(account, answer)
    return max(map(exit_code_of, refusals), default=ExitCode.DONE)


async def _rooms_of(account: Account) -> tuple[Room, ...] | Refusal:
    try:
        async with opened(account) as provider:
            return await provider.rooms()
    except RefusedError as error:
        return error.refusal


def _write_json(account: Account, rooms: Sequence[Room]) -> None:
    for room in rooms:
        write_json(
            {
                "account": account.name,
                "provider": account.plugin.name,
                "id": room.id,
                "name": room.name,
                "kind": room.kind,
                "unread": room.unread,
            }
        )


def _write_table(account: Account, rooms: Sequence[Room]) -> None:
    """One room a line; the name comes last, because its writer chose its length and its characters."""
    references = [printable(f"{account.name}/{room.id}") for room in rooms]
    width = max(map(len, references), default=0)
    for reference, room in zip(references, rooms, strict=True):
        unread = f"{room.unread} unread" if room.unread else ""
        write(printable(f"{reference:<{width}}  {room.kind:<10}  {unread:>10}  {room.name}".rstrip()))
