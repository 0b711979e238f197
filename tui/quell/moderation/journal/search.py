"""Looking things up in the journal: deletions by when, where, whose, by whom and why, and a batch's whole story."""

import sqlite3
from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from quell.moderation.deletion import Deletion, Reason, State
from quell.moderation.journal import rows
from quell.moderation.journal.filters import NEVER_ENDING, Columns, JournalFilter, conditions
from quell_providers.refusal import Refusal

_BATCHES = """
SELECT b.id, b.confirmed_at, b.moderator, b.reason_code, b.reason_text FROM batches AS b WHERE EXISTS (
    SELECT 1 FROM deletions AS d
    JOIN transitions AS t ON t.seq = (SELECT max(seq) FROM transitions WHERE deletion_id = d.id)
    LEFT JOIN evidence AS e ON e.seq = d.seq
    WHERE d.batch_id = b.id AND {conditions}
) ORDER BY b.confirmed_at DESC, b.seq DESC LIMIT ?
"""
"""`{conditions}` are such as `_COLUMNS` gives."""
_COLUMNS = Columns(at="b.confirmed_at", authors="d.author_id, e.author_name", decision="b", state="t.state")
"""As `rows.SELECT_DELETIONS` has them."""
_COUNTS = """
SELECT d.account, d.room_id, d.room_name, t.state, count(*) FROM deletions AS d
JOIN transitions AS t ON t.seq = (SELECT max(seq) FROM transitions WHERE deletion_id = d.id)
WHERE d.batch_id = CAST(? AS TEXT) GROUP BY 1, 2, 3, 4 ORDER BY min(d.seq)
"""
_STEPS = """
SELECT t.seq, t.deletion_id, t.state, t.at, t.attempt, t.operation_id,
    t.refusal_kind, t.refusal_code, t.refusal_detail, t.refusal_cause, t.refusal_remedy
FROM transitions AS t JOIN deletions AS d ON d.id = t.deletion_id WHERE d.batch_id = CAST(? AS TEXT) ORDER BY t.seq
"""


_UNKNOWN = """
WHERE t.state = 'unknown' AND b.confirmed_at >= ? AND d.account = CAST(? AS TEXT)
AND b.owner NOT IN (SELECT owner FROM consoles)
AND b.id NOT IN (SELECT l.batch_id FROM leftovers AS l JOIN consoles AS c ON c.owner = l.owner)
ORDER BY d.seq DESC LIMIT ?
"""
"""Goes behind `rows.SELECT_DELETIONS`."""


class JournalEntry(Struct, frozen=True, kw_only=True):
    """One deletion, as the journal knows it."""

    record: int
    """Number of its record in the chain; newer ones are higher."""
    prev_hash: str
    """Of the record before, in hexadecimal."""
    hash: str
    """Of that record."""
    commitment: str | None
    """The keyed hash of the message's words, in hexadecimal; `None` where nothing was kept of them."""
    deletion: Deletion
    """As it stands now. Its target has no text and no author's name where these are not kept any more."""
    moderator: str
    confirmed_at: float
    """Unix seconds at which the moderator confirmed it."""
    released_at: float | None
    """Unix seconds at which its grace period was over; `None` if it never was."""
    evidence: Literal["none", "hash", "excerpt", "full", "erased"]
    """What is left of the message's words."""
    erased_at: float | None
    """Unix seconds at which they were erased."""
    tool_version: str
    """Of the Quell that wrote it."""
    schema: int
    """Version of the journal's format then."""

    @property
    def confirmed_by(self) -> Literal["response", "event", "none"]:
        """What the knowledge rests on that the message is gone: an answer, the live stream, or nothing."""
        match self.deletion.state:
            case State.ACCEPTED:
                return "response"
            case State.CONFIRMED:
                return "event"
            case State.GONE:
                return "event" if self.deletion.refusal is None else "response"
            case _:
                return "none"


class Step(Struct, frozen=True, kw_only=True):
    """One transition of one deletion."""

    record: int
    """Number of its record in the chain."""
    state: State
    at: float
    """Unix seconds."""
    attempt: int
    operation_id: str | None
    refusal: Refusal | None


class BatchSummary(Struct, frozen=True, kw_only=True):
    """A batch as a list shows it."""

    id: str
    confirmed_at: float
    """Unix seconds."""
    moderator: str
    reason: Reason
    states: dict[State, int]
    """How many of its deletions stand where."""
    rooms: tuple[tuple[str, str, str], ...]
    """Account, room id and room name of every room it reached into."""

    @property
    def size(self) -> int:
        """How many messages it holds."""
        return sum(self.states.values())


class Story(Struct, frozen=True, kw_only=True):
    """All that happened with one batch."""

    batch: BatchSummary
    entries: tuple[JournalEntry, ...]
    """In the batch's order."""
    steps: Mapping[str, tuple[Step, ...]]
    """Every transition by the deletion's id, oldest first."""


def find_batches(connection: sqlite3.Connection, wanted: JournalFilter, limit: int) -> list[BatchSummary]:
    """The newest batches that hold a deletion that is looked for, newest first."""
    where, values = conditions(wanted, _COLUMNS)
    query = _BATCHES.format(conditions=where)
    found = connection.execute(query, rows.storable((*values, limit)))
    return [_summary(connection, *row) for row in found.fetchall()]


def find_deletions(connection: sqlite3.Connection, batch_id: str) -> list[Deletion]:
    """Every deletion of a batch as it stands now, in the batch's order."""
    query = f"{rows.SELECT_DELETIONS} WHERE d.batch_id = CAST(? AS TEXT) ORDER BY d.seq"
    return [rows.read_deletion(row) for row in connection.execute(query, rows.storable((batch_id,)))]


def find_unknown(connection: sqlite3.Connection, account: str, since: float, limit: int) -> list[Deletion]:
    """Up to `limit` deletions of an account that are `unknown` and confirmed since then, newest first.

    Those of batches that a console still works on are left out: it may learn more by itself.
    """
    values = rows.storable((since, account, limit))
    return [rows.read_deletion(row) for row in connection.execute(f"{rows.SELECT_DELETIONS} {_UNKNOWN}", values)]


def find_entries(
    connection: sqlite3.Connection, wanted: JournalFilter, limit: int, before: int | None
) -> list[JournalEntry]:
    """Up to `limit` deletions that are looked for, newest first; only those with a record below `before`."""
    where, values = conditions(wanted, _COLUMNS)
    query = f"{rows.SELECT_DELETIONS} WHERE {where} AND d.seq < ? ORDER BY d.seq DESC LIMIT ?"
    last = NEVER_ENDING if before is None else before
    return [_entry(row) for row in connection.execute(query, rows.storable((*values, last, limit)))]


def tell_story(connection: sqlite3.Connection, batch_id: str) -> Story | None:
    """The story of this batch; `None` where there is none of this id."""
    query = "SELECT id, confirmed_at, moderator, reason_code, reason_text FROM batches WHERE id = CAST(? AS TEXT)"
    batch = connection.execute(query, rows.storable((batch_id,))).fetchone()
    if batch is None:
        return None
    entries = connection.execute(f"{rows.SELECT_DELETIONS} WHERE d.batch_id = ? ORDER BY d.seq", (batch_id,)).fetchall()
    steps: dict[str, list[Step]] = {}
    for record, deletion_id, state, at, attempt, operation_id, *refusal in connection.execute(_STEPS, (batch_id,)):
        steps.setdefault(deletion_id, []).append(
            Step(
                record=record,
                state=State(state),
                at=at,
                attempt=attempt,
                operation_id=operation_id,
                refusal=rows.read_refusal(*refusal),
            )
        )
    return Story(
        batch=_summary(connection, *batch),
        entries=tuple(_entry(row) for row in entries),
        steps={deletion_id: tuple(each) for deletion_id, each in steps.items()},
    )


def _entry(row: tuple[Any, ...]) -> JournalEntry:
    """The entry in a row of `rows.SELECT_DELETIONS`."""
    record, prev_hash, hash_, commitment, *decision, evidence, erased_at, released_at = row[rows.DELETION_COLUMNS :]
    moderator, confirmed_at, tool_version, schema = decision
    return JournalEntry(
        record=record,
        prev_hash=prev_hash.hex(),
        hash=hash_.hex(),
        commitment=commitment,
        deletion=rows.read_deletion(row),
        moderator=moderator,
        confirmed_at=confirmed_at,
        released_at=released_at,
        evidence=evidence,
        erased_at=erased_at,
        tool_version=tool_version,
        schema=schema,
    )


def _summary(
    connection: sqlite3.Connection, id_: str, confirmed_at: float, moderator: str, code: str, text: str
) -> BatchSummary:
    states: dict[State, int] = {}
    rooms: dict[tuple[str, str, str], None] = {}
    for account, room_id, room_name, state, count in connection.execute(_COUNTS, rows.storable((id_,))):
        states[State(state)] = states.get(State(state), 0) + count
        rooms[account, room_id, room_name] = None
    return BatchSummary(
        id=id_,
        confirmed_at=confirmed_at,
        moderator=moderator,
        reason=Reason(code, text),
        states=states,
        rooms=tuple(rooms),
    )
