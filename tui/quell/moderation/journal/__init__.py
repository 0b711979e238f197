"""The journal: the append-only record of every batch and deletion, written before the request and after its answer."""

from quell.moderation.journal.errors import JournalError
from quell.moderation.journal.journal import Journal
from quell.moderation.journal.store import BatchSummary

__all__ = ["BatchSummary", "Journal", "JournalError"]
