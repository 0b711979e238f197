"""Deletions as rows of the journal, and back."""

import json
from typing import Any

from quell.moderation.deletion import Batch, Deletion, Reason, State, Target
from quell.moderation.evidence import Evidence, Keep
from quell_providers.refusal import Refusal, RefusalKind

Value = str | float | None
Row = tuple[Value, ...]

INSERT_EVIDENCE = """
INSERT INTO evidence (seq, key, digest, author_name, text, attachments)
VALUES (?, ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), ?)
"""
ERASED = """
x.cause = 'expiry' AND b.confirmed_at < x.before
OR x.cause = 'author' AND x.seq > d.seq AND x.author_id = d.author_id AND x.account IN ('', d.account)
"""
"""Whether an erasure (x) took the words of a deletion (d) of a batch (b)."""
SELECT_DELETIONS = f"""
SELECT d.id, d.batch_id, d.account, d.provider, d.room_id, d.room_name, d.message_id, d.author_id,
    coalesce(e.author_name, ''), coalesce(e.text, ''), d.sent_at, e.attachments, d.thread_id,
    coalesce(d.endpoint_host, ''), coalesce(d.acting_account, ''), b.reason_code, b.reason_text, t.state, t.at,
    t.attempt, t.operation_id, t.refusal_kind, t.refusal_code, t.refusal_detail, t.refusal_cause, t.refusal_remedy,
    d.seq, d.prev_hash, d.hash, d.commitment, b.moderator, b.confirmed_at, b.tool_version, b.schema,
    CASE WHEN d.commitment IS NULL THEN 'none' WHEN e.seq IS NULL THEN 'erased' ELSE d.kept END,
    CASE WHEN d.commitment IS NOT NULL AND e.seq IS NULL THEN (SELECT min(x.at) FROM erasures AS x WHERE {ERASED}) END,
    (SELECT min(at) FROM transitions WHERE deletion_id = d.id AND state = 'queued')
FROM deletions AS d
JOIN batches AS b ON b.id = d.batch_id
JOIN transitions AS t ON t.seq = (SELECT max(seq) FROM transitions WHERE deletion_id = d.id)
LEFT JOIN evidence AS e ON e.seq = d.seq
"""  # noqa: S608 - all of it stands in this file
"""Deletions (d) with their batch (b), their last transition (t), and what is left of their evidence (e)."""
DELETION_COLUMNS = 26
"""So many columns of it are the deletion itself."""


def storable(row: Row) -> tuple[str | bytes | float | None, ...]:
    """Values for a statement. Raw text may hold half a surrogate pair, which has no proper UTF-8 form."""
    return tuple(_encoded(value) if isinstance(value, str) else value for value in row)


def read_text(stored: bytes) -> str:
    """Text as it was before `storable`; what someone else put there and is no text is shown as far as it is."""
    try:
        return stored.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return stored.decode("utf-8", "replace")


def batch_row(batch: Batch, owner: str, tool_version: str, schema: int) -> Row:
    """A record of `BATCHES`."""
    reason = batch.reason
    confirmed_at = real(batch.confirmed_at)
    return batch.id, owner, confirmed_at, batch.moderator, reason.code, reason.text, tool_version, schema


def deletion_row(deletion: Deletion, kept: Keep, commitment: str | None) -> Row:
    """A record of `DELETIONS`."""
    target = deletion.target
    return (
        deletion.id,
        deletion.batch_id,
        target.account,
        target.provider,
        target.room_id,
        target.room_name,
        target.message_id,
        target.author_id,
        real(target.sent_at),
        kept,
        commitment,
        target.endpoint_host or None,
        target.acting_account or None,
        target.thread_id,
    )


def evidence_row(seq: int, evidence: Evidence) -> tuple[object, ...]:
    """Values for `INSERT_EVIDENCE`."""
    return seq, evidence.key, evidence.digest, *storable((evidence.author_name, evidence.text)), evidence.attachments


def transition_row(deletion: Deletion) -> Row:
    """A record of `TRANSITIONS`."""
    head = (deletion.id, deletion.state.value, real(deletion.at), deletion.attempt, deletion.operation_id)
    no = deletion.refusal
    if no is None:
        return *head, None, None, None, None, None
    return *head, no.kind.value, no.code, no.detail, no.cause, no.remedy


def read_deletion(row: tuple[Any, ...]) -> Deletion:
    """The deletion in a row of `SELECT_DELETIONS`."""
    id_, batch_id, account, provider, room_id, room_name, message_id, author_id, author_name = row[:9]
    text, sent_at, attachments, thread_id, endpoint_host, acting_account = row[9:15]
    reason_code, reason_text, state, at, attempt, operation_id, *refusal = row[15:DELETION_COLUMNS]
    target = Target(
        account=account,
        provider=provider,
        room_id=room_id,
        room_name=room_name,
        message_id=message_id,
        author_id=author_id,
        author_name=author_name,
        text=text,
        sent_at=sent_at,
        attachments=_names(attachments),
        thread_id=thread_id,
        endpoint_host=endpoint_host,
        acting_account=acting_account,
    )
    return Deletion(
        id=id_,
        batch_id=batch_id,
        target=target,
        reason=Reason(reason_code, reason_text),
        state=State(state),
        at=at,
        attempt=attempt,
        operation_id=operation_id,
        refusal=read_refusal(*refusal),
    )


def read_refusal(kind: str | None, *words: str) -> Refusal | None:
    """The refusal of a transition: its kind, code, detail, cause and remedy."""
    if kind is None:
        return None
    code, detail, cause, remedy = words
    return Refusal(kind=RefusalKind(kind), code=code, detail=detail, cause=cause, remedy=remedy)


def real(seconds: float | None) -> float | None:
    """The number as a REAL column gives it back, so that it hashes the same."""
    return None if seconds is None else float(seconds) + 0.0  # which has no negative nought


def _names(stored: str | None) -> tuple[str, ...]:
    """Names as `evidence` holds them; what someone else put there and are none is shown as it is."""
    if not stored:
        return ()
    try:
        found = json.loads(stored)
    except ValueError:
        found = stored
    return tuple(map(str, found)) if isinstance(found, list) else (str(stored),)


def _encoded(text: str) -> str | bytes:
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text
