"""The tables whose rows are records of the chain: their columns, in the order in which a record's hash covers them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

# CAST takes a string, or the bytes of one that `rows.storable` had to encode.
_TEXT = "CAST(? AS TEXT)"
_NUMBER = "?"

T = TypeVar("T")


@dataclass(frozen=True)
class Table:
    """One of the tables that only ever grow."""

    name: str
    columns: Mapping[str, str]
    """How each column's value stands in a statement, by the column's name; the columns of the chain are left out."""
    added: int = 0
    """So many columns, the last ones, came with later formats, and hold nothing in older records."""

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

    def hashed(self, values: Sequence[T]) -> Sequence[T]:
        """The values of a record that its hash covers: all but added ones at the end that are nothing.

        So a record hashes as it did when it was written, and one that gets such a value later does not.
        """
        end = len(values)
        while end > len(self.columns) - self.added and values[end - 1] is None:
            end -= 1
        return values[:end]


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
        "endpoint_host": _TEXT,
        "acting_account": _TEXT,
        "thread_id": _TEXT,
    },
    added=3,
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
        "endpoint_host": _TEXT,
        "acting_account": _TEXT,
    },
    added=2,
)
CHAINED = (BATCHES, DELETIONS, TRANSITIONS, ERASURES, DISCONNECTIONS)
