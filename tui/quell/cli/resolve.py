"""Which room `account/room` means."""

import difflib
import re
from collections.abc import Iterable, Sequence

from quell.cli.errors import CommandError
from quell.config import Account
from quell_providers.model import Room
from quell_providers.provider import Provider

_ARN = re.compile(r"arn:[^/]+:room/(.+)")
"""An IVS room as the AWS console and CLI name it; what stands last is the room's id."""


def split_room(reference: str, accounts: Iterable[Account]) -> tuple[Account, str]:
    """The account that a reference names, and the room's id or name within it.

    Raises:
        CommandError: It has not the form `account/room`, or there is no such account.
    """
    by_name = {account.name: account for account in accounts}
    everyone = f"accounts: {', '.join(by_name)}"
    name, slash, room = reference.partition("/")
    if not slash or not room:
        raise CommandError(f"{reference!r} names no room", remedy=f"write account/room; {everyone}")
    if name not in by_name:
        near = _near(name, by_name)
        raise CommandError(f"there is no account {name!r}", remedy=_did_you_mean(near) if near else everyone)
    return by_name[name], room


async def look_up(account: str, wanted: str, provider: Provider) -> Room:
    """The room with this id or ARN, or the only one with this name. The service is asked for just that room where it
    can be (IVS: GetRoom, ListRooms by name), because listing all may take long or not be allowed.

    Raises:
        CommandError: There is none, or several have this name.
        RefusedError: The service refuses to tell.
    """
    return find_room(account, wanted, await provider.find_rooms(wanted) or await provider.rooms())


def find_room(account: str, wanted: str, rooms: Sequence[Room]) -> Room:
    """The room with this id or ARN, or the only one with this name.

    Raises:
        CommandError: There is none, or several have this name.
    """
    arn = _ARN.fullmatch(wanted)
    room_id = arn[1] if arn else wanted
    for room in rooms:
        if room.id == room_id:
            return room
    named = [room for room in rooms if room.name == wanted]
    if len(named) == 1:
        return named[0]
    if named:
        ids = " or ".join(f"{account}/{room.id}" for room in named)
        raise CommandError(f"{len(named)} rooms of {account} are named {wanted!r}", remedy=f"use the id: {ids}")
    near = _near(wanted, [*(room.id for room in rooms), *(room.name for room in rooms)])
    remedy = _did_you_mean([f"{account}/{word}" for word in near]) if near else "list them with: quell rooms"
    raise CommandError(f"{account} has no room {wanted!r}", remedy=remedy)


def _near(wanted: str, known: Iterable[str]) -> list[str]:
    """The known words most like the wanted one, whatever their case, best first."""
    by_folded = {word.casefold(): word for word in known if word}
    folded = difflib.get_close_matches(wanted.casefold(), by_folded, n=5, cutoff=0.5)
    return [by_folded[word] for word in folded]


def _did_you_mean(words: Sequence[str]) -> str:
    return f"did you mean {' or '.join(words)}?"
