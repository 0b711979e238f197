"""Deletions as rows of the journal, and back."""

from typing import Any

from quell.moderation.deletion import Deletion, Reason, State, Target
from quell_providers.refusal import Refusal, RefusalKind

# CAST takes a string, or the bytes of one that `storable` had to encode.
INSERT_BATCH = """
INSERT INTO batches (id, owner, confirmed_at, moderator, reason_code, reason_text, tool_version, schema)
VALUES (?, ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ?, ?)
"""
INSERT_DELETION = """
INSERT INTO deletions (
    id, batch_id, account, provider, room_id, room_name, message_id, author_id, author_name, text, sent_at
) VALUES (
    ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT),
    CAST(? AS TEXT), CAST(? AS TEXT), ?
)
"""
INSERT_TRANSITION = """
INSERT INTO transitions (
    deletion_id, state, at, attempt, operation_id,
    refusal_kind, refusal_code, refusal_detail, refusal_cause, refusal_remedy
) VALUES (
    ?, ?, ?, ?, CAST(? AS TEXT),
    ?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT)
)
"""
SELECT_DELETIONS = """
SELECT d.id, d.batch_id, d.account, d.provider, d.room_id, d.room_name, d.message_id, d.author_id, d.author_name,
    d.text, d.sent_at, b.reason_code, b.reason_text, t.state, t.at, t.attempt, t.operation_id, t.refusal_kind,
    t.refusal_code, t.refusal_detail, t.refusal_cause, t.refusal_remedy
FROM deletions AS d
JOIN batches AS b ON b.id = d.batch_id
JOIN transitions AS t ON t.seq = (SELECT max(seq) FROM transitions WHERE deletion_id = d.id)
"""


def storable(*values: str | float | None) -> tuple[str | bytes | float | None, ...]:
    """Values for a statement. Raw text may hold half a surrogate pair, which has no proper UTF-8 form."""
    return tuple(_encoded(value) if isinstance(value, str) else value for value in values)


def read_text(stored: bytes) -> str:
    """Text as it was before `storable`."""
    return stored.decode("utf-8", "surrogatepass")


def deletion_row(deletion: Deletion) -> tuple[str | bytes | float | None, ...]:
    """Values for `INSERT_DELETION`."""
    target = deletion.target
    return storable(
        deletion.id,
        deletion.batch_id,
        target.account,
        target.provider,
        target.room_id,
        target.room_name,
        target.message_id,
        target.author_id,
        target.author_name,
        target.text,
        target.sent_at,
    )


def transition_row(deletion: Deletion) -> tuple[str | bytes | float | None, ...]:
    """Values for `INSERT_TRANSITION`."""
    head = (deletion.id, deletion.state.value, deletion.at, deletion.attempt, deletion.operation_id)
    no = deletion.refusal
    if no is None:
        return storable(*head, None, None, None, None, None)
    return storable(*head, no.kind.value, no.code, no.detail, no.cause, no.remedy)


def read_deletion(row: tuple[Any, ...]) -> Deletion:
    """The deletion in a row of `SELECT_DELETIONS`."""
    id_, batch_id, account, provider, room_id, room_name, message_id, author_id, author_name = row[:9]
    text, sent_at, reason_code, reason_text, state, at, attempt, operation_id, kind, *words = row[9:]
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
        refusal=None if kind is None else _refusal(kind, *words),
    )


def _refusal(kind: str, code: str, detail: str, cause: str, remedy: str) -> Refusal:
    return Refusal(kind=RefusalKind(kind), code=code, detail=detail, cause=cause, remedy=remedy)


def _encoded(text: str) -> str | bytes:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text
