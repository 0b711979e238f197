"""Disconnections in the journal: what was decided and answered, and which of them a console still waits for.

`disconnecting` names those that were asked for and not answered, with their console. It is no part of the chain.
"""

import sqlite3
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from quell import __version__
from quell.moderation.deletion import Reason, State
from quell.moderation.disconnection import INTERRUPTED, Disconnection
from quell.moderation.journal import rows
from quell.moderation.journal.chain import Chain
from quell.moderation.journal.filters import NEVER_ENDING, Columns, JournalFilter, conditions
from quell.moderation.journal.rows import Row
from quell.moderation.journal.tables import DISCONNECTIONS

_SELECT = """
SELECT f.seq, f.prev_hash, f.hash, f.tool_version, f.at, d.id, d.account, d.provider, d.room_id, d.room_name,
    d.author_id, d.moderator, coalesce(d.endpoint_host, ''), coalesce(d.acting_account, ''), d.reason_code,
    d.reason_text, d.state, d.at, d.refusal_kind, d.refusal_code, d.refusal_detail, d.refusal_cause, d.refusal_remedy
FROM disconnections AS d
JOIN disconnections AS f ON f.seq = (SELECT min(seq) FROM disconnections WHERE id = d.id)
WHERE d.seq = (SELECT max(seq) FROM disconnections WHERE id = d.id)
"""
"""Disconnections as they stand now (d), each with its first record (f)."""
_COLUMNS = Columns(at="f.at", authors="d.author_id", decision="d", state="d.state")
_LOST = "AND d.id IN (SELECT id FROM disconnecting WHERE owner NOT IN (SELECT owner FROM consoles))"


class DisconnectionEntry(Struct, frozen=True, kw_only=True):
    """One disconnection, as the journal knows it."""

    record: int
    """Number of its first record in the chain; newer ones are higher, those of deletions among them."""
    prev_hash: str
    """Of the record before that one, in hexadecimal."""
    hash: str
    """Of that record."""
    tool_version: str
    """Of the Quell that wrote it."""
    decided_at: float
    """Unix seconds at which the moderator confirmed it."""
    disconnection: Disconnection
    """As it stands now."""


def record(connection: sqlite3.Connection, chain: Chain, owner: str, disconnection: Disconnection) -> None:
    """Write down where a disconnection of this console stands now."""
    if disconnection.state is State.SENT:
        connection.execute("INSERT OR REPLACE INTO disconnecting (id, owner) VALUES (?, ?)", (disconnection.id, owner))
    else:
        connection.execute("DELETE FROM disconnecting WHERE id = ?", (disconnection.id,))
    chain.append(DISCONNECTIONS, [_row(disconnection)])


def lost(connection: sqlite3.Connection) -> list[Disconnection]:
    """Those whose console died waiting for the answer, oldest first."""
    return [_entry(row).disconnection for row in connection.execute(f"{_SELECT} {_LOST} ORDER BY f.seq")]


def given_up(disconnection: Disconnection, *, at: float) -> Disconnection:
    """The same, once nobody can learn any more what became of it."""
    return replace(disconnection, state=State.UNKNOWN, refusal=INTERRUPTED, at=at)


def find(
    connection: sqlite3.Connection, wanted: JournalFilter, limit: int, before: int | None, after: int
) -> list[DisconnectionEntry]:
    """Up to `limit` that are looked for, newest first; only those with a first record below `before`, above `after`."""
    where, values = conditions(wanted, _COLUMNS)
    query = f"{_SELECT} AND {where} AND f.seq < ? AND f.seq > ? ORDER BY f.seq DESC LIMIT ?"
    bounds = (NEVER_ENDING if before is None else before, after, limit)
    return [_entry(row) for row in connection.execute(query, rows.storable((*values, *bounds)))]


def _row(disconnection: Disconnection) -> Row:
    """A record of `DISCONNECTIONS`."""
    reason, no = disconnection.reason, disconnection.refusal
    refusal = (None,) * 5 if no is None else (no.kind.value, no.code, no.detail, no.cause, no.remedy)
    return (
        disconnection.id,
        disconnection.account,
        disconnection.provider,
        disconnection.room_id,
        disconnection.room_name,
        disconnection.author_id,
        disconnection.moderator,
        reason.code,
        reason.text,
        __version__,
        disconnection.state.value,
        rows.real(disconnection.at),
        *refusal,
        disconnection.endpoint_host or None,
        disconnection.acting_account or None,
    )


def _entry(row: tuple[Any, ...]) -> DisconnectionEntry:
    """The entry in a row of `_SELECT`."""
    record, prev_hash, hash_, tool_version, decided_at, id_, account, provider, room_id, room_name, *rest = row
    author_id, moderator, endpoint_host, acting_account, code, text, state, at, *refusal = rest
    disconnection = Disconnection(
        id=id_,
        account=account,
        provider=provider,
        room_id=room_id,
        room_name=room_name,
        author_id=author_id,
        moderator=moderator,
        reason=Reason(code, text),
        state=State(state),
        at=at,
        refusal=rows.read_refusal(*refusal),
        endpoint_host=endpoint_host,
        acting_account=acting_account,
    )
    return DisconnectionEntry(
        record=record,
        prev_hash=prev_hash.hex(),
        hash=hash_.hex(),
        tool_version=tool_version,
        decided_at=decided_at,
        disconnection=disconnection,
    )
