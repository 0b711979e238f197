"""Why the journal can not be read or written, in words that help."""

import sqlite3
from pathlib import Path


class JournalError(Exception):
    """The journal can not be used; nothing may be deleted without it."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        """What happened to which file, in one sentence."""
        self.remedy = remedy
        """What helps, in one sentence."""


_PRIMARY = 0xFF
"""SQLite keeps the kind of an error in the lowest byte of its code, and details above."""

_EXPLANATIONS: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: ("is locked by another program", "Close what else has it open, then try again."),
    sqlite3.SQLITE_LOCKED: ("is locked by another program", "Close what else has it open, then try again."),
    sqlite3.SQLITE_READONLY: ("is read-only", "Make the file and its folder writable for you."),
    sqlite3.SQLITE_PERM: ("is not accessible", "Make the file and its folder readable and writable for you."),
    sqlite3.SQLITE_CANTOPEN: ("can not be opened", "Make the file and its folder readable and writable for you."),
    sqlite3.SQLITE_FULL: ("does not fit on the disk any more", "Free some disk space, then try again."),
    sqlite3.SQLITE_NOTADB: ("is not a Quell journal", "Move the file away; a new journal is made in its place."),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "Keep a copy of the file for repair, and move it away."),
    sqlite3.SQLITE_IOERR: ("can not be read or written", "Check the disk it lies on."),
}


def from_sqlite(error: sqlite3.Error, path: Path) -> JournalError:
    """Explain an error of the database."""
    code = getattr(error, "sqlite_errorcode", None)  # absent where the sqlite3 module itself complains
    explanation = None if code is None else _EXPLANATIONS.get(code & _PRIMARY)
    if explanation is None:
        return JournalError(f"The journal {path} can not be used: {error}.", "Keep a copy of the file for repair.")
    problem, remedy = explanation
    return JournalError(f"The journal {path} {problem}.", remedy)


def from_system(error: OSError, path: Path) -> JournalError:
    """Explain an error of the file system."""
    words = error.strerror or type(error).__name__
    return JournalError(
        f"The journal {path} can not be opened: {words}.",
        "Make the file and its folder readable and writable for you.",
    )
