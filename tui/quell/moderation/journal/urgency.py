"""Which batches are urgent, and in which accounts living consoles have urgent deletions waiting.

None of it is part of the chain: it says what goes first, not what was done.
"""

import sqlite3
from collections.abc import Collection

from quell.moderation.journal.lease import Lease


def mark(connection: sqlite3.Connection, batch_id: str) -> None:
    """Remember that a batch is urgent, for whoever takes it up after a crash."""
    connection.execute("INSERT OR IGNORE INTO urgent (batch_id) VALUES (?)", (batch_id,))


def press(connection: sqlite3.Connection, lease: Lease, accounts: Collection[str]) -> None:
    """Tell the other consoles in which accounts urgent deletions of this one wait, in place of what was told before."""
    withdraw(connection, lease.owner)
    connection.executemany(
        "INSERT INTO pressing (owner, account) VALUES (?, CAST(? AS TEXT))",
        [(lease.owner, account) for account in accounts],
    )


def withdraw(connection: sqlite3.Connection, owner: str) -> None:
    """Nothing of this console is urgent any more."""
    connection.execute("DELETE FROM pressing WHERE owner = ?", (owner,))


def pressed(connection: sqlite3.Connection, lease: Lease) -> frozenset[str]:
    """The accounts in which urgent deletions of other living consoles wait."""
    rows = connection.execute(
        "SELECT p.account, c.owner, c.host, c.pid, c.expires_at FROM pressing AS p JOIN consoles AS c "
        "ON c.owner = p.owner WHERE p.owner <> ?",
        (lease.owner,),
    )
    return frozenset(account for account, *console in rows if not lease.outlived(*console))
