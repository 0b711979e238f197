"""Opening an account for one command, with somebody at the keyboard who can be asked."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from quell.cli.ask import ask
from quell.config import Account
from quell.display import printable
from quell_providers.provider import Provider

_one_at_a_time = asyncio.Lock()
"""Two accounts may want a code at once, and there is one keyboard."""


@asynccontextmanager
async def opened(account: Account) -> AsyncIterator[Provider]:
    """A provider for this account, closed at the end. In a terminal it may ask for the code of a second factor."""
    async with aclosing(account.open()) as provider:
        if sys.stdin.isatty():
            provider.ask_code = _ask_code
        yield provider


async def _ask_code(question: str) -> str:
    async with _one_at_a_time:
        return await ask(printable(question))
