"""`quell watch`: what happens in one room, as it happens."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing

import click

from quell.cli.errors import ExitCode, in_words, tell_error
from quell.cli.events import event_fields, event_line
from quell.cli.opening import opened
from quell.cli.options import NumberRange, config_option, configured, json_option
from quell.cli.output import tell, write, write_json
from quell.cli.resolve import look_up, split_room
from quell.cli.runtime import run
from quell.config import Account
from quell_providers.model import Event, Message, Posted, StateChanged
from quell_providers.provider import HistoryPage, Provider
from quell_providers.refusal import RefusedError

Show = Callable[[Event], None]


@click.command("watch", short_help="Follow a room.")
@click.argument("room")
@config_option
@click.option("--history", type=click.IntRange(min=0), default=0, metavar="N", help="Begin with the last N messages.")
@click.option("--for", "seconds", type=NumberRange(min=0), metavar="SECONDS", help="End after so many seconds.")
@json_option
@click.pass_context
def command(context: click.Context, room: str, history: int, seconds: float | None, as_json: bool) -> None:
    """Follow ROOM until Ctrl+C.

    Messages and deletions go to stdout; how the connection stands goes to stderr, or to stdout as well with --json.
    """
    account, wanted = split_room(room, configured().accounts)
    context.exit(run(watch(account, wanted, history=history, seconds=seconds, as_json=as_json)))


async def watch(account: Account, wanted: str, *, history: int, seconds: float | None, as_json: bool) -> ExitCode:
    """Print events until the time is up or the service refuses the live stream."""
    async with opened(account) as provider:
        room = await look_up(account.name, wanted, provider)
        show = _json_lines(f"{account.name}/{room.id}") if as_json else _text_lines
        try:
            async with asyncio.timeout(seconds):
                await _follow(provider, room.id, history, show)
        except TimeoutError:
            return ExitCode.DONE
        return ExitCode.INCOMPLETE


async def _follow(provider: Provider, room_id: str, history: int, show: Show) -> None:
    """Show the history as soon as the live stream stands, so that nothing is missing between the two."""
    shown: tuple[Message, ...] = ()
    pending = history > 0
    async with aclosing(provider.follow(room_id)) as events:
        async for event in events:
            if isinstance(event, StateChanged):
                show(event)
                if event.state == "connecting":
                    continue
            if pending:
                pending = False
                shown = await _show_history(provider, room_id, history, show)
            if not isinstance(event, StateChanged) and not _says_nothing_new(event, shown):
                show(event)


def _says_nothing_new(event: Event, shown: tuple[Message, ...]) -> bool:
    """Whether this posts a message of the history once more, as it was; it may also be posted anew as deleted."""
    return isinstance(event, Posted) and event.message in shown


async def _show_history(provider: Provider, room_id: str, limit: int, show: Show) -> tuple[Message, ...]:
    try:
        page = await provider.history(room_id, limit=limit)
    except RefusedError as error:
        page = HistoryPage(messages=(), missing=error.refusal)
    if page.missing is not None:
        tell_error(f"no history: {in_words(page.missing)}", page.missing.remedy)
    shown = page.messages[-limit:]
    for message in shown:
        show(Posted(message))
    return shown


def _json_lines(room: str) -> Show:
    return lambda event: write_json(event_fields(room, event))


def _text_lines(event: Event) -> None:
    (tell if isinstance(event, StateChanged) else write)(event_line(event))
