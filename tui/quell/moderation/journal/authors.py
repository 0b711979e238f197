"""What the journal holds of one author: how their deletions stand, and why the latest ones were made."""

import sqlite3
from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from quell.moderation.deletion import DONE, Reason, State
from quell.moderation.journal import rows

NEWEST = 1_000
"""Deletions of one author looked at, the newest ones: nobody waits for the journal because of a raid."""

_NEWEST = """
SELECT d.batch_id, t.state FROM deletions AS d
JOIN transitions AS t ON t.seq = (SELECT max(seq) FROM transitions WHERE deletion_id = d.id)
WHERE d.author_id = CAST(? AS TEXT) AND d.account = CAST(? AS TEXT) ORDER BY d.seq DESC LIMIT ?
"""
_BATCH = "SELECT confirmed_at, reason_code, reason_text FROM batches WHERE id = CAST(? AS TEXT)"


class PastBatch(Struct, frozen=True):
    """What one batch deleted of an author."""

    confirmed_at: float
    """Unix seconds."""
    reason: Reason
    messages: int
    """How many of the author's messages it deleted."""


class AuthorRecord(Struct, frozen=True):
    """An author's deletions in one account, by every console that writes to this journal."""

    states: Mapping[State, int]
    """How many of them stand where, among the `NEWEST`."""
    latest: tuple[PastBatch, ...]
    """The newest batches that deleted anything of the author, newest first."""

    @property
    def deleted(self) -> int:
        """Messages that are gone, as far as the service says."""
        return sum(count for state, count in self.states.items() if state in DONE)

    @property
    def complete(self) -> bool:
        """Whether these are all of the author's deletions."""
        return sum(self.states.values()) < NEWEST


def author_record(connection: sqlite3.Connection, account: str, author_id: str, limit: int) -> AuthorRecord:
    """The record of an author, with up to `limit` batches."""
    found = connection.execute(_NEWEST, rows.storable((author_id, account, NEWEST))).fetchall()
    deleted = Counter(batch_id for batch_id, state in found if State(state) in DONE)
    latest = []
    for batch_id in list(deleted)[:limit]:
        at, code, text = connection.execute(_BATCH, rows.storable((batch_id,))).fetchone()
        latest.append(PastBatch(at, Reason(code, text), deleted[batch_id]))
    return AuthorRecord(Counter(State(state) for _, state in found), tuple(latest))
