"""The tables whose rows are records of the chain: their columns, in the order in which a record's hash covers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

# CAST takes a string, or the bytes of one that `rows.storable` had to encode.
_TEXT = "CAST(? AS TEXT)"
_NUMBER = "?"


@dataclass(frozen=True)
class Table:
    """One of the tables that only ever grow."""

    name: str
    columns: Mapping[str, str]
    """How each column's value stands in a statement, by the column's name; the columns of the chain are left out."""

    @cached_property
    def insert(self) -> str:
        """Takes number, previous hash and own hash of the record, then its columns."""
        names = ", ".join(("seq", "prev_hash", "hash", *self.columns))
        values = ", ".join(("?", "?", "?", *self.columns.values()))
        return f"INSERT INTO {self.name} ({names}) VALUES ({values})"  # noqa: S608 - all of it stands in this file

    @property
    def select(self) -> str:
        """Every record of the table, in the chain's order, with what `insert` takes."""
        names = ", ".join(("seq", "prev_hash", "hash", *self.columns))
        return f"SELECT {names} FROM {self.name} ORDER BY seq"  # noqa: S608 - all of it stands in this file


BATCHES = Table(
    "batches",
    {
        "id": _TEXT,
        "owner": _TEXT,
        "confirmed_at": _NUMBER,
        "moderator": _TEXT,
        "reason_code": _TEXT,
        "reason_text": _TEXT,
        "tool_version": _TEXT,
        "schema": _NUMBER,
    },
)
DELETIONS = Table(
    "deletions",
    {
        "id": _TEXT,
        "batch_id": _TEXT,
        "account": _TEXT,
        "provider": _TEXT,
        "room_id": _TEXT,
        "room_name": _TEXT,
        "message_id": _TEXT,
        "author_id": _TEXT,
        "sent_at": _NUMBER,
        "kept": _TEXT,
        "commitment": _TEXT,
    },
)
TRANSITIONS = Table(
    "transitions",
    {
        "deletion_id": _TEXT,
        "state": _TEXT,
        "at": _NUMBER,
        "attempt": _NUMBER,
        "operation_id": _TEXT,
        "refusal_kind": _TEXT,
        "refusal_code": _TEXT,
        "refusal_detail": _TEXT,
        "refusal_cause": _TEXT,
        "refusal_remedy": _TEXT,
    },
)
ERASURES = Table(
    "erasures",
    {
        "at": _NUMBER,
        "cause": _TEXT,
        "account": _TEXT,
        "author_id": _TEXT,
        "before": _NUMBER,
        "count": _NUMBER,
        "moderator": _TEXT,
        "tool_version": _TEXT,
    },
)
DISCONNECTIONS = Table(
    "disconnections",
    {
        "id": _TEXT,
        "account": _TEXT,
        "provider": _TEXT,
        "room_id": _TEXT,
        "room_name": _TEXT,
        "author_id": _TEXT,
        "moderator": _TEXT,
        "reason_code": _TEXT,
        "reason_text": _TEXT,
        "tool_version": _TEXT,
        "state": _TEXT,
        "at": _NUMBER,
        "refusal_kind": _TEXT,
        "refusal_code": _TEXT,
        "refusal_detail": _TEXT,
        "refusal_cause": _TEXT,
        "refusal_remedy": _TEXT,
    },
)
CHAINED = (BATCHES, DELETIONS, TRANSITIONS, ERASURES, DISCONNECTIONS)
