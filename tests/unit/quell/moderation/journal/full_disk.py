"""Runs on its own, on a disk that is full from some moment on: deletes through a journal, and prints what happened.

The operating system then lets no file of this process grow any more, which is how a full disk shows to a database.
"""

import asyncio
import json
import os
import resource
import signal
import sys
from pathlib import Path

from quell.moderation.journal import JournalError
from tests.unit.quell.moderation.simulation import desk


async def main(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as work:
        await work.submit("m1", "m2")
        # Python ignores the signal that comes along, so that the write itself fails.
        assert signal.getsignal(signal.SIGXFSZ) is signal.SIG_IGN
        size = os.stat(f"{path}-wal").st_size
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        await work.until_settled()
        refusal = work.deletion("m1").refusal
        assert refusal is not None
        try:
            await work.submit("m3")
        except JournalError as error:
            begun = str(error)
        else:
            begun = "m3 was begun"
        told = {"calls": len(work.provider.calls), "state": work.state("m1"), "detail": refusal.detail, "begun": begun}
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        await work.until_closed()
        found = await work.journal.verify()
        told |= {"fault": None if found.fault is None else found.fault.problem}
        (batch,) = await work.journal.batches()
        told |= {"states": [each.state for each in await work.journal.deletions(batch.id)]}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
