"""What the control page's forms do."""

from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import TYPE_CHECKING

from quell_providers.sandbox.fault_spec import parse_fault
from quell_providers.sandbox.faults import near
from quell_providers.sandbox.seeding import spam
from quell_providers.sandbox.world import Person, Place

if TYPE_CHECKING:
    from quell_providers.sandbox.sandbox import Sandbox

MOST_MESSAGES = 5_000
"""Messages that one raid may have."""

Form = Mapping[str, str]
Action = Callable[["Sandbox", Form], Awaitable[None]]
"""Raises ValueError for a form that can not be carried out."""


async def _add_fault(sandbox: "Sandbox", form: Form) -> None:
    sandbox.faults.add(parse_fault(form.get("spec", "").strip()))


async def _remove_fault(sandbox: "Sandbox", form: Form) -> None:
    for handle in sandbox.faults.active():
        if str(handle.number) == form.get("number"):
            handle.remove()


async def _drop(sandbox: "Sandbox", form: Form) -> None:
    """Cut the live connections of the named service."""
    match form:
        case {"service": "ivs"}:
            await sandbox.ivs.drop_connections()
        case {"service": "rocketchat"}:
            await sandbox.rocketchat.drop_connections()
        case _:
            raise ValueError("no such service")


async def _post(sandbox: "Sandbox", form: Form) -> None:
    """Write one message."""
    place, text = _place(sandbox, form), form.get("text", "").strip()
    if not text:
        raise ValueError("the message is empty")
    sandbox.post(place, _author(place, form), text)


async def _raid(sandbox: "Sandbox", form: Form) -> None:
    """Flood a room with shouting from the raiders' accounts, all at once."""
    place, rng = _place(sandbox, form), Random(sandbox.options.seed)
    count = form.get("count", "")
    if not count.isdecimal() or not 1 <= int(count) <= MOST_MESSAGES:
        raise ValueError(f"a raid has 1 to {MOST_MESSAGES} messages")
    for _ in range(int(count)):
        sandbox.post(place, *spam.shout(rng, sandbox.cast.raiders))


ACTIONS: dict[str, Action] = {
    "add-fault": _add_fault,
    "remove-fault": _remove_fault,
    "drop": _drop,
    "post": _post,
    "raid": _raid,
}


def _place(sandbox: "Sandbox", form: Form) -> Place:
    place = sandbox.world.places.get(form.get("room", ""))
    if place is None:
        raise ValueError("no such room")
    return place


def _author(place: Place, form: Form) -> Person:
    username = form.get("author", "").strip()
    found = next((member for member in place.members if member.username == username), None)
    if found is None:
        hint = near(username, (member.username for member in place.members))
        raise ValueError(f"nobody in {place.name or place.id} is called {username!r}{hint}")
    return found
