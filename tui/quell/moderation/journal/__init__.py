"""The journal: the append-only record of every batch and deletion, written before the request and after its answer."""

from quell.moderation.evidence import EvidencePolicy, Keep
from quell.moderation.journal.authors import AuthorRecord, PastBatch
from quell.moderation.journal.disconnections import DisconnectionEntry
from quell.moderation.journal.erasing import Erasure
from quell.moderation.journal.errors import JournalError
from quell.moderation.journal.filters import JournalFilter
from quell.moderation.journal.journal import Journal
from quell.moderation.journal.search import BatchSummary, JournalEntry, Step, Story
from quell.moderation.journal.verify import Fault, Verification

__all__ = [
    "AuthorRecord",
    "BatchSummary",
    "DisconnectionEntry",
    "Erasure",
    "EvidencePolicy",
    "Fault",
    "Journal",
    "JournalEntry",
    "JournalError",
    "JournalFilter",
    "Keep",
    "PastBatch",
    "Step",
    "Story",
    "Verification",
]
