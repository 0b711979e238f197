"""What runs learn of the rates of services, kept for the next one: the file `paces.json` beside the journal.

It holds nothing that can not be learned again. Where it can not be read or written a run starts from what is known
beforehand, and the log tells.
"""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from quell.moderation.engine import Engine
from quell.moderation.learned import Learned

REMEMBERED_SECONDS = 86_400.0
"""After so long without a call, a rate that was lowered is forgotten, since what lowered it may be over."""
_SAVE_SECONDS = 60.0
"""Between two looks for news in a console that may be killed."""
_OPERATION = "delete"

log = logging.getLogger(__name__)


class _Entry(Struct, frozen=True):
    learned: Learned
    at: float
    """Unix seconds."""


_Entries = dict[str, dict[str, _Entry]]
"""By account and operation."""


def paces_path(journal_path: Path) -> Path:
    """Where it lies."""
    return journal_path.with_name("paces.json")


def recall(path: Path, now: Callable[[], float] = time.time) -> dict[str, Learned]:
    """What earlier runs learned of deleting, by account. What is too old is left out."""
    return {
        account: operations[_OPERATION].learned
        for account, operations in _read(path, now()).items()
        if _OPERATION in operations
    }


def remember(path: Path, learned: Mapping[str, Learned], now: Callable[[], float] = time.time) -> None:
    """Write down what a run learned of deleting, by account; what others wrote of other accounts stays."""
    if not learned:
        return
    at = now()
    entries = _read(path, at)
    for account, each in learned.items():
        entries.setdefault(account, {})[_OPERATION] = _Entry(each, at)
    try:
        _write(path, msgspec.json.format(msgspec.json.encode(entries), indent=2))
    except OSError as error:
        log.warning("the rates that were learned can not be written down: %s", error.strerror)


@asynccontextmanager
async def remembering(engine: Engine, path: Path) -> AsyncIterator[None]:
    """Write down what the engine learns inside: every minute, and at the end."""
    saving = asyncio.create_task(_keep(engine, path))
    try:
        yield
    finally:
        saving.cancel()
        await asyncio.gather(saving, return_exceptions=True)
        await asyncio.to_thread(remember, path, engine.learned())


async def _keep(engine: Engine, path: Path) -> None:
    written: dict[str, Learned] = {}
    while True:
        await asyncio.sleep(_SAVE_SECONDS)
        learned = engine.learned()
        if learned != written:
            await asyncio.to_thread(remember, path, learned)
            written = learned


def _read(path: Path, now: float) -> _Entries:
    try:
        entries = msgspec.json.decode(path.read_bytes(), type=_Entries)
    except FileNotFoundError:
        return {}
    except OSError as error:
        log.warning("the rates that were learned earlier can not be read: %s", error.strerror)
        return {}
    except (msgspec.MsgspecError, UnicodeDecodeError):
        log.warning("%s is damaged; rates are learned anew", path.name)
        return {}
    return {
        account: fresh
        for account, operations in entries.items()
        if (fresh := {name: each for name, each in operations.items() if 0 <= now - each.at < REMEMBERED_SECONDS})
    }


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing; other runs may read it at the same time."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        fresh.touch(mode=0o600)
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
