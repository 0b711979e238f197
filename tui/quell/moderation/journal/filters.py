"""What to look for in the journal, as conditions of a query."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

from quell.moderation.deletion import State
from quell.moderation.journal.rows import Value

NEVER_ENDING = 2**63 - 1
"""Higher than the number of any record."""


class JournalFilter(Struct, frozen=True, kw_only=True):
    """Which deletions or disconnections to look for; what is empty does not narrow it down."""

    since: float | None = None
    """Unix seconds: confirmed then or later."""
    until: float | None = None
    """Unix seconds: confirmed before."""
    room: str = ""
    """Id or name of a room, alone or as `account/room`."""
    author: str = ""
    """Id of an author, or the name, where it is still kept (of disconnections it never is)."""
    moderator: str = ""
    reason: str = ""
    """Code of the reason, or a part of its text."""
    states: frozenset[State] = frozenset()
    """Where it stands now."""


class Columns(NamedTuple):
    """What a query names the things that a filter asks for; it names the table with the room's columns `d`."""

    at: str
    """When it was confirmed."""
    authors: str
    """By which an author is known, separated by commas."""
    decision: str
    """The table with moderator and reason."""
    state: str


def conditions(wanted: JournalFilter, columns: Columns) -> tuple[str, tuple[Value, ...]]:
    """What to put behind WHERE, and the values for it."""
    found: list[tuple[str, Iterable[Value]]] = [("1", ())]
    if wanted.since is not None:
        found.append((f"{columns.at} >= ?", (wanted.since,)))
    if wanted.until is not None:
        found.append((f"{columns.at} < ?", (wanted.until,)))
    if wanted.room:
        names = "d.room_id, d.room_name, d.account || '/' || d.room_id, d.account || '/' || d.room_name"
        found.append((f"CAST(? AS TEXT) IN ({names})", (wanted.room,)))
    if wanted.author:
        found.append((f"CAST(? AS TEXT) IN ({columns.authors})", (wanted.author,)))
    if wanted.moderator:
        found.append((f"{columns.decision}.moderator = CAST(? AS TEXT)", (wanted.moderator,)))
    if wanted.reason:
        code, text = f"{columns.decision}.reason_code", f"{columns.decision}.reason_text"
        condition = f"({code} = CAST(? AS TEXT) OR instr({text}, CAST(? AS TEXT)))"
        found.append((condition, (wanted.reason, wanted.reason)))
    if wanted.states:
        marks = ", ".join("?" for _ in wanted.states)
        found.append((f"{columns.state} IN ({marks})", (state.value for state in wanted.states)))
    return " AND ".join(condition for condition, _ in found), tuple(value for _, values in found for value in values)
