"""Batches, deletions and disconnections of the journal, as text and as JSON objects."""

from datetime import datetime

from quell.cli.errors import in_words
from quell.cli.outcome import counts_line, outcome_fields, outcome_lines
from quell.cli.output import local, utc
from quell.display import WORDS, Printable, printable
from quell.moderation.deletion import DONE, Reason
from quell.moderation.journal import BatchSummary, DisconnectionEntry, JournalEntry, Step

Record = dict[str, str | int | None]
"""A flat record for other programs; all of one kind have the same fields."""

_EFFECTS = {"ivs": "ivs-event-only", "rocketchat": "rc-unknown"}
"""What a deletion does to a message that others have on their screens. Rocket.Chat's settings decide it, unseen."""


def batch_fields(batch: BatchSummary) -> dict[str, object]:
    """One batch as a JSON object."""
    return {
        "batch_id": batch.id,
        "at": utc(batch.confirmed_at),
        "moderator": batch.moderator,
        "reason": _reason_fields(batch.reason),
        "rooms": [{"room": f"{account}/{room_id}", "name": name} for account, room_id, name in batch.rooms],
        "messages": batch.size,
        "states": {state.value: number for state, number in batch.states.items()},
    }


def batch_line(batch: BatchSummary) -> Printable:
    """One batch for people."""
    rooms = ", ".join(f"{account}/{name or room_id}" for account, room_id, name in batch.rooms)
    reason = ": ".join(part for part in (batch.reason.code, batch.reason.text) if part)
    parts = (local(batch.confirmed_at), batch.id, batch.moderator, rooms, counts_line(batch.states), reason)
    return printable("  ".join(parts))


def entry_lines(entry: JournalEntry, steps: tuple[Step, ...]) -> list[Printable]:
    """One deletion with its whole life, for people."""
    return [*outcome_lines(entry.deletion), *map(_step_line, steps)]


def entry_fields(entry: JournalEntry, steps: tuple[Step, ...]) -> dict[str, object]:
    """One deletion with its whole life, as a JSON object."""
    target = entry.deletion.target
    return outcome_fields(entry.deletion) | {
        "record": entry.record,
        "batch_id": entry.deletion.batch_id,
        "author": target.author_name,
        "author_id": target.author_id,
        "text": target.text,
        "evidence": entry.evidence,
        "sent_at": utc(target.sent_at),
        "reason": _reason_fields(entry.deletion.reason),
        "moderator": entry.moderator,
        "requested_at": utc(entry.confirmed_at),
        "released_at": utc(entry.released_at),
        "confirmed_by": entry.confirmed_by,
        "steps": [_step_fields(step) for step in steps],
    }


def record_fields(entry: JournalEntry) -> Record:
    """One deletion for other programs."""
    deletion, target = entry.deletion, entry.deletion.target
    refusal = deletion.refusal
    return {
        "record": entry.record,
        "action": "delete",
        "record_id": deletion.id,
        "hash": entry.hash,
        "schema": entry.schema,
        "tool_version": entry.tool_version,
        "batch_id": deletion.batch_id,
        "provider": target.provider,
        "acting_account": target.account,
        "room_id": target.room_id,
        "room_name": target.room_name,
        "message_id": target.message_id,
        "sent_at": utc(target.sent_at),
        "author_id": target.author_id,
        "author_name": target.author_name,
        "text": target.text,
        "evidence": entry.evidence,
        "reason_code": deletion.reason.code,
        "reason_text": deletion.reason.text,
        "moderator": entry.moderator,
        "requested_at": utc(entry.confirmed_at),
        "released_at": utc(entry.released_at),
        "attempt": deletion.attempt,
        "operation_id": deletion.operation_id,
        "server_code": refusal.code if refusal else None,
        "server_message": refusal.detail if refusal else None,
        "state": deletion.state.value,
        "state_at": utc(deletion.at),
        "confirmed_by": entry.confirmed_by,
        "visibility_effect": _EFFECTS.get(target.provider, "unknown") if deletion.state in DONE else "none",
    }


def disconnection_record(entry: DisconnectionEntry) -> Record:
    """One disconnection for other programs, with the names that a deletion has for the same."""
    disconnection, refusal = entry.disconnection, entry.disconnection.refusal
    return {
        "record": entry.record,
        "action": "disconnect",
        "record_id": disconnection.id,
        "provider": disconnection.provider,
        "acting_account": disconnection.account,
        "room_id": disconnection.room_id,
        "room_name": disconnection.room_name,
        "author_id": disconnection.author_id,
        "reason_code": disconnection.reason.code,
        "reason_text": disconnection.reason.text,
        "moderator": disconnection.moderator,
        "requested_at": utc(entry.decided_at),
        "server_code": refusal.code if refusal else None,
        "server_message": refusal.detail if refusal else None,
        "state": disconnection.state.value,
        "state_at": utc(disconnection.at),
    }


def _reason_fields(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "text": reason.text}


def _step_fields(step: Step) -> dict[str, object]:
    return {
        "record": step.record,
        "state": step.state.value,
        "at": utc(step.at),
        "attempt": step.attempt,
        "operation_id": step.operation_id,
        "code": step.refusal.code if step.refusal else None,
        "detail": step.refusal.detail if step.refusal else None,
    }


def _step_line(step: Step) -> Printable:
    at = datetime.fromtimestamp(step.at).astimezone().isoformat(" ", "milliseconds")
    words = (
        f"{WORDS[step.state]:<12}",
        f"attempt {step.attempt}" if step.attempt else "",
        step.operation_id or "",
        in_words(step.refusal) if step.refusal else "",
    )
    return printable(f"    {at}  {'  '.join(filter(None, words))}".rstrip())
