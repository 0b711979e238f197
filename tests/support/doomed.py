"""A program that makes consoles to be killed: each line on stdin forks one, which deletes a batch until it dies.

Forking saves starting Python anew for each. What the pretended service deleted is appended to a file at the moment it
happens, and so is what the engine tells its listeners: both are known after any death.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quell.moderation.deletion import Batch, Deletion, Reason, Target
from quell.moderation.engine import Engine
from quell.moderation.journal import Journal
from quell_providers.provider import Accepted, Capabilities, Quota
from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from tests.support.fake_provider import FakeProvider

CAPABILITIES = Capabilities(
    reason_limit=None,
    deletion_quota=Quota(shape="bucket", calls=100_000, seconds=1.0),
    unlimited_without_quota=False,
    deletion_effect="",
    unread_counts=False,
)


class Truth(FakeProvider):
    """A service whose messages are gone once their id is in a file."""

    def __init__(self, file: Path) -> None:
        super().__init__((), capabilities=CAPABILITIES)
        self._file = file
        self.moment: Callable[[], None] = lambda: None

    def gone(self) -> list[str]:
        """Every id that was deleted, as often as it was."""
        return self._file.read_text().split() if self._file.exists() else []

    async def delete(self, room_id: str, message_id: str, reason: str | None) -> Accepted:
        self.moment()
        if message_id in self.gone():
            raise RefusedError(Refusal(kind=RefusalKind.NOT_FOUND))
        with self._file.open("a") as file:
            file.write(f"{message_id}\n")
        self.moment()
        await asyncio.sleep(0.0005)
        self.moment()
        return Accepted()

    async def exists(self, room_id: str, message_id: str) -> bool | None:
        return message_id not in self.gone()


def batch(count: int) -> Batch:
    """The batch of every doomed console."""
    targets = tuple(
        Target(account="live", provider="x", room_id=f"r{number % 3}", room_name="", message_id=f"m{number}", text="x")
        for number in range(count)
    )
    return Batch(moderator="amara", reason=Reason("spam", ""), targets=targets, confirmed_at=time.time())


async def _delete(journal_path: Path, truth: Path, told: Path, count: int, moment: int) -> None:
    left = [moment]

    def note(deletion: Deletion) -> None:
        with told.open("a") as file:
            file.write(f"{deletion.id} {deletion.state.value}\n")
        pass_by()

    def pass_by(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            _die()

    journal = await Journal.open(journal_path)
    engine = Engine(journal, grace_seconds=0.0)
    provider = Truth(truth)
    provider.moment = pass_by
    engine.attach("live", provider)
    engine.subscribe(note)
    await engine.submit(batch(count))
    await engine.settled()
    await engine.aclose()
    await journal.close()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _console(journal: str, truth: str, told: str, count: int, moment: int, delay: float | None) -> None:
    if delay is not None:
        timer = threading.Timer(delay, _die)
        timer.daemon = True
        timer.start()
    asyncio.run(_delete(Path(journal), Path(truth), Path(told), count, moment))


def main() -> None:
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        child = os.fork()
        if child == 0:
            _console(**order)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
