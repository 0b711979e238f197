"""Opening a session, and closing everything it was made of."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from quell.moderation.engine import Engine
from quell.moderation.journal import Journal
from quell.paces import paces_path, recall, remembering
from quell.session.session import Session
from quell.workspace import Workspace
from quell_providers.provider import Provider


@asynccontextmanager
async def open_session(workspace: Workspace, now: Callable[[], float] = time.time) -> AsyncIterator[Session]:
    """A session on this workspace. On leaving, deletions end first, then streams and sockets, the journal last.

    Args:
        workspace: Configuration and journal.
        now: Unix seconds.

    Raises:
        JournalError: The journal can not be opened; nothing is deleted without one.
    """
    async with AsyncExitStack() as stack:
        journal = await Journal.open(workspace.journal_path, evidence=workspace.config.journal.policy)
        stack.push_async_callback(journal.close)
        paces = paces_path(workspace.journal_path)
        learned = await asyncio.to_thread(recall, paces)
        engine = Engine(journal, grace_seconds=workspace.config.deletion.grace_seconds, learned=learned, now=now)
        await stack.enter_async_context(remembering(engine, paces))
        unfinished = await engine.leftovers.found()
        providers: dict[str, Provider] = {}
        for account in workspace.config.accounts:
            # Opening a provider imports its service's libraries, which takes a good part of a second.
            provider = await asyncio.to_thread(account.open)
            stack.push_async_callback(provider.aclose)
            providers[account.name] = provider
        session = Session(workspace, journal, engine, unfinished, providers, now)
        stack.push_async_callback(session.aclose)
        session.start()
        yield session
