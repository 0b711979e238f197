"""The journal, as commands use it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from quell.cli.errors import CommandError, ExitCode
from quell.cli.options import bookkeeping
from quell.config import journal_path
from quell.moderation.journal import EvidencePolicy, Journal, JournalError


@asynccontextmanager
async def opened_journal() -> AsyncIterator[Journal]:
    """The user's journal, in which nobody's deletions are touched; closed at the end.

    Whatever goes wrong with the journal meanwhile ends the command.
    """
    settings = bookkeeping().journal
    policy = EvidencePolicy() if settings is None else settings.policy
    try:
        journal = await Journal.open(journal_path(), evidence=policy)
        try:
            yield journal
        finally:
            await journal.close()
    except JournalError as error:
        raise CommandError(error.problem, remedy=error.remedy, code=ExitCode.INCOMPLETE) from None
