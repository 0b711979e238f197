"""Batches that a console left unfinished when it died, and which console takes one up.

A batch belongs to the console that confirmed it. Once that one is found dead, its claim ends for good (should it come
back to life, it can send nothing more), and each of its unfinished batches waits in `leftovers` for a console that
claims it. Such a claim lasts as long as its console lives.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable

from msgspec import Struct

from quell.moderation.deletion import OPEN, WAITING, Deletion, Reason, State
from quell.moderation.journal import urgency
from quell.moderation.journal.dropping import dropped
from quell.moderation.journal.errors import JournalError
from quell.moderation.journal.lease import Lease


class Unfinished(Struct, frozen=True, kw_only=True):
    """A batch whose console died before it was done, as it was left."""

    id: str
    confirmed_at: float
    """Unix seconds."""
    moderator: str
    reason: Reason
    urgent: bool = False
    """Whether it was to go before all that are not."""
    deletions: tuple[Deletion, ...]
    """All of the batch, in its order."""
    dropped: frozenset[str] = frozenset()
    """Ids of refused ones that the moderator accepted as refused."""

    @property
    def states(self) -> Counter[State]:
        """How many deletions stand where."""
        return Counter(deletion.state for deletion in self.deletions)

    @property
    def waiting(self) -> int:
        """How many had not been asked of the service yet."""
        return sum(deletion.state in WAITING for deletion in self.deletions)

    @property
    def in_flight(self) -> int:
        """How many had been asked, without an answer."""
        return sum(deletion.state is State.SENT for deletion in self.deletions)

    @property
    def is_open(self) -> bool:
        """Whether anything of it is still to be decided."""
        return any(deletion.state in OPEN for deletion in self.deletions)

    @property
    def rooms(self) -> tuple[tuple[str, str, str], ...]:
        """Account, room id and room name of every room it reaches into."""
        targets = (deletion.target for deletion in self.deletions)
        return tuple(dict.fromkeys((target.account, target.room_id, target.room_name) for target in targets))


class Leftovers:
    """The unfinished batches of dead consoles, in an open journal. Every method is for a writing transaction.

    Args:
        connection: The journal's database.
        lease: Which console asks.
        deletions: Reads every deletion of a batch as it stands now, in the batch's order.
    """

    def __init__(
        self, connection: sqlite3.Connection, lease: Lease, deletions: Callable[[str], list[Deletion]]
    ) -> None:
        self._connection = connection
        self._lease = lease
        self._deletions = deletions

    def found(self) -> list[Unfinished]:
        """The batches that no living console works on, oldest first."""
        self._orphan()
        rows = self._connection.execute(
            "SELECT b.id, b.confirmed_at, b.moderator, b.reason_code, b.reason_text, u.batch_id IS NOT NULL "
            "FROM leftovers AS l JOIN batches AS b ON b.id = l.batch_id LEFT JOIN urgent AS u ON u.batch_id = b.id "
            "WHERE l.owner IS NULL OR l.owner NOT IN (SELECT owner FROM consoles) ORDER BY b.confirmed_at, b.rowid"
        )
        left = [self._read(*row) for row in rows.fetchall()]
        done = [(batch.id,) for batch in left if not batch.is_open]
        self._connection.executemany("DELETE FROM leftovers WHERE batch_id = ?", done)
        return [batch for batch in left if batch.is_open]

    def claim(self, batch_id: str) -> Unfinished:
        """Make an unfinished batch this console's own.

        Raises:
            JournalError: It is not unfinished, or another console has it by now.
        """
        for batch in self.found():
            if batch.id == batch_id:
                self.take_lease()
                self._connection.execute(
                    "UPDATE leftovers SET owner = ? WHERE batch_id = ?", (self._lease.owner, batch_id)
                )
                return batch
        raise JournalError(
            f"The journal has no unfinished batch {batch_id} that is free.",
            "It is done, or another console has taken it up; list what is unfinished with: quell batches list",
        )

    def take_lease(self) -> None:
        """Say that this console lives, and may act on what is its own."""
        take = "INSERT OR REPLACE INTO consoles (owner, host, pid, expires_at) VALUES (?, ?, ?, ?)"
        self._connection.execute(take, self._lease.row())

    def _orphan(self) -> None:
        """Take their batches from consoles that died."""
        consoles = self._connection.execute("SELECT owner, host, pid, expires_at FROM consoles").fetchall()
        for owner, host, pid, expires_at in consoles:
            if not self._lease.outlived(owner, host, pid, expires_at):
                continue
            self._connection.execute(
                "INSERT OR IGNORE INTO leftovers (batch_id, owner) SELECT id, NULL FROM batches WHERE owner = ?",
                (owner,),
            )
            self._connection.execute("UPDATE leftovers SET owner = NULL WHERE owner = ?", (owner,))
            urgency.withdraw(self._connection, owner)
            self._connection.execute("DELETE FROM consoles WHERE owner = ?", (owner,))

    def _read(
        self, batch_id: str, confirmed_at: float, moderator: str, code: str, text: str, urgent: int
    ) -> Unfinished:
        return Unfinished(
            id=batch_id,
            confirmed_at=confirmed_at,
            moderator=moderator,
            reason=Reason(code, text),
            urgent=bool(urgent),
            deletions=tuple(self._deletions(batch_id)),
            dropped=dropped(self._connection, batch_id),
        )
