"""Bringing one account up: logging in, listing its rooms, and trying again when the service is out of reach."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator

from quell.moderation.timeline import Timeline
from quell.session.state import AccountState, RoomState
from quell_providers.model import Room, RoomGone, RoomListed, RoomsEvent, Unread
from quell_providers.provider import Provider
from quell_providers.refusal import TRANSIENT, RefusalKind, RefusedError

FIRST_DELAY = 2.0
LONGEST_DELAY = 60.0
"""Seconds between attempts to reach a service: doubled each time, up to this."""
FIRST_LOOK = 60.0
LONGEST_LOOK = 900.0
"""Seconds before it is looked whether refused credentials were renewed outside: doubled each time, up to this."""


async def bring_up(
    account: AccountState, provider: Provider, changed: Callable[[], None], *, now: Callable[[], float]
) -> bool:
    """Log in and list the rooms, until it works or the service refuses for good.

    Args:
        account: Whose phase, identity and rooms are filled in.
        provider: The account's provider.
        changed: Called after every change of the account's state.
        now: Unix seconds.

    Returns:
        Whether the account is ready; if not, `account.refusal` says why.
    """
    delay = FIRST_DELAY
    while True:
        account.phase, account.retry_at = "connecting", None
        changed()
        try:
            account.identity = await provider.login()
            await list_rooms(account, provider)
        except RefusedError as error:
            account.refusal = error.refusal
            if error.refusal.kind not in TRANSIENT:
                account.phase = "refused"
                changed()
                return False
            wait = max(delay, error.refusal.retry_after or 0.0)
            account.phase, account.retry_at = "unreachable", now() + wait
            changed()
            await asyncio.sleep(wait)
            delay = min(delay * 2, LONGEST_DELAY)
        else:
            account.phase, account.refusal = "ready", None
            changed()
            return True


def looks() -> Iterator[float]:
    """The pauses before each look at refused credentials."""
    pause = FIRST_LOOK
    while True:
        yield pause
        pause = min(2 * pause, LONGEST_LOOK)


async def until_renewed(provider: Provider, pauses: Iterator[float]) -> None:
    """Wait until credentials that were refused are renewed outside: a file, a password manager, a profile of AWS.

    Args:
        provider: The account's provider.
        pauses: Seconds before each look.
    """
    for pause in pauses:
        await asyncio.sleep(pause)
        if await provider.renewed():
            return


async def keep_rooms_fresh(account: AccountState, provider: Provider, changed: Callable[[], None]) -> None:
    """Take in how the list of rooms changes, for as long as the service tells.

    A refusal ends it: every room's own stream says then what is wrong; one of the login is the account's as well, even
    where rooms are still live.
    """
    try:
        async for event in provider.watch_rooms():
            take_in(account, event)
            changed()
    except RefusedError as error:
        if error.refusal.kind is RefusalKind.LOGIN:
            account.phase, account.refusal = "refused", error.refusal
            changed()


def take_in(account: AccountState, event: RoomsEvent) -> None:
    """Change the account's list of rooms as an event says."""
    match event:
        case RoomListed(room):
            known = account.rooms.get(room.id)
            if known is None:
                account.rooms[room.id] = RoomState(account.name, room, Timeline(), unread=room.unread)
            else:
                known.room, known.joined = room, True
            note_shared_names(account)
        case RoomGone(room_id):
            account.rooms.pop(room_id, None)
            note_shared_names(account)
        case Unread(room_id, count):
            if room_id in account.rooms:
                account.rooms[room_id].unread = count


async def list_rooms(account: AccountState, provider: Provider) -> None:
    """Bring the account's list of rooms up to date, keeping the timelines of those that stay.

    Public rooms that were asked for stay at the end, unless the account has joined them.
    """
    listed = await provider.rooms()
    known = account.rooms
    account.rooms = {}
    for room in listed:
        state = known.get(room.id)
        if state is None:
            state = RoomState(account.name, room, Timeline(), unread=room.unread)
        else:
            state.room, state.joined = room, True
        account.rooms[room.id] = state
    account.rooms |= {each: state for each, state in known.items() if not state.joined and each not in account.rooms}
    note_shared_names(account)


def show_public(account: AccountState, room: Room) -> None:
    """Put a public room that the account is not in at the end of its list, unless it is there."""
    if room.id not in account.rooms:
        account.rooms[room.id] = RoomState(account.name, room, Timeline(), joined=False)
        note_shared_names(account)


def note_shared_names(account: AccountState) -> None:
    """Mark the rooms whose name looks like that of another room; on IVS it may even be the same."""
    looks = {room_id: " ".join(state.room.name.split()).casefold() for room_id, state in account.rooms.items()}
    names = Counter(looks.values())
    for room_id, state in account.rooms.items():
        state.shares_name = bool(looks[room_id]) and names[looks[room_id]] > 1
