"""The journal, as commands use it."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from quell.cli.errors import CommandError, ExitCode
from quell.cli.output import tell
from quell.config import journal_path
from quell.moderation.journal import Journal, JournalError
from quell.moderation.recovery import Recovery, settle


@asynccontextmanager
async def opened_journal() -> AsyncIterator[Journal]:
    """The user's journal, in which nothing is open but what a living console works on; closed at the end.

    Whatever goes wrong with the journal meanwhile ends the command.
    """
    try:
        journal = await Journal.open(journal_path())
        try:
            await _settle_what_was_left(journal)
            yield journal
        finally:
            await journal.close()
    except JournalError as error:
        raise CommandError(error.problem, remedy=error.remedy, code=ExitCode.INCOMPLETE) from None


async def _settle_what_was_left(journal: Journal) -> None:
    now = time.time()
    recovery = Recovery(tuple(await journal.recover(lambda deletion: settle(deletion, now))))
    if recovery.deletions:
        tell(f"an earlier run did not end in good order: {recovery.unknown} unknown, {recovery.cancelled} cancelled")
