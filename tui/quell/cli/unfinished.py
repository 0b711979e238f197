"""Batches that were left unfinished, told to people and programs."""

from collections.abc import Sequence

from quell.cli.outcome import counts_line
from quell.cli.output import local, tell, utc
from quell.display import Printable, printable
from quell.moderation.journal.resume import Unfinished


def tell_unfinished(batches: Sequence[Unfinished]) -> None:
    """Say that something was left unfinished, and how to deal with it; nothing where all is done."""
    if batches:
        waiting, in_flight = sum(each.waiting for each in batches), sum(each.in_flight for each in batches)
        tell(f"an earlier run did not end in good order: {in_flight} may have happened or not, {waiting} were not sent")
        tell("  go on with it or end it: quell batches list")


def unfinished_fields(batch: Unfinished) -> dict[str, object]:
    """One batch as a JSON object."""
    return {
        "batch_id": batch.id,
        "at": utc(batch.confirmed_at),
        "moderator": batch.moderator,
        "reason": {"code": batch.reason.code, "text": batch.reason.text},
        "rooms": [{"room": f"{account}/{room_id}", "name": name} for account, room_id, name in batch.rooms],
        "messages": len(batch.deletions),
        "waiting": batch.waiting,
        "in_flight": batch.in_flight,
        "urgent": batch.urgent,
        "dropped": len(batch.dropped),
        "states": {state.value: number for state, number in batch.states.items()},
    }


def unfinished_line(batch: Unfinished) -> Printable:
    """One batch for people."""
    rooms = ", ".join(f"{account}/{name or room_id}" for account, room_id, name in batch.rooms)
    reason = ": ".join(part for part in (batch.reason.code, batch.reason.text) if part)
    urgent = "urgent" if batch.urgent else ""
    parts = (local(batch.confirmed_at), batch.id, batch.moderator, rooms, counts_line(batch.states), urgent, reason)
    return printable("  ".join(part for part in parts if part))
