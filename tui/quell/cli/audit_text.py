"""Batches, deletions and disconnections of the journal, as text and as JSON objects."""

from datetime import datetime

from quell.cli.errors import in_words
from quell.cli.outcome import counts_line, outcome_fields, outcome_lines
from quell.cli.output import local, utc
from quell.display import WORDS, Printable, printable
from quell.moderation.deletion import DONE, Reason, Target
from quell.moderation.disconnection import Disconnection
from quell.moderation.journal import BatchSummary, DisconnectionEntry, EvidencePolicy, JournalEntry, Step

Record = dict[str, str | int | tuple[str, ...] | None]
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
        "attachments": target.attachments,
        "thread_id": target.thread_id,
        "evidence": entry.evidence,
        "erased_at": utc(entry.erased_at),
        "sent_at": utc(target.sent_at),
        "endpoint_host": target.endpoint_host or None,
        "acting_account": target.acting_account or None,
        "reason": _reason_fields(entry.deletion.reason),
        "moderator": entry.moderator,
        "requested_at": utc(entry.confirmed_at),
        "released_at": utc(entry.released_at),
        "confirmed_by": entry.confirmed_by,
        "steps": [_step_fields(step) for step in steps],
    }


def record_fields(entry: JournalEntry, policy: EvidencePolicy) -> Record:
    """One deletion for other programs, with when the policy ends what is kept of the message's words."""
    deletion, target = entry.deletion, entry.deletion.target
    refusal = deletion.refusal
    return {
        "record": entry.record,
        "action": "delete",
        "record_id": deletion.id,
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
        "schema": entry.schema,
        "tool_version": entry.tool_version,
        "batch_id": deletion.batch_id,
        **_place(target),
        "thread_id": target.thread_id,
        "message_id": target.message_id,
        "sent_at": utc(target.sent_at),
        "author_id": target.author_id,
        "author_name": target.author_name,
        "text_sha256": entry.commitment,
        "text": target.text,
        "attachments": target.attachments,
        "evidence": entry.evidence,
        "evidence_expires_at": None if entry.evidence in ("none", "erased") else utc(policy.ends(entry.confirmed_at)),
        "erased_at": utc(entry.erased_at),
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
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
        "tool_version": entry.tool_version,
        **_place(disconnection),
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


def _place(of: Target | Disconnection) -> Record:
    """Where something was done, and as whom."""
    return {
        "provider": of.provider,
        "endpoint_host": of.endpoint_host or None,
        "account": of.account,
        "acting_account": of.acting_account or None,
        "room_id": of.room_id,
        "room_name": of.room_name,
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
