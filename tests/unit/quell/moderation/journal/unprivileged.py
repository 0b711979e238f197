"""Runs on its own, as somebody who may not do everything: opens the journal that is named, and prints what happened.

Root may read and write every file, whatever its mode. So root gives up its rights first; anybody else has none to give
up.
"""

import asyncio
import os
import sys
from pathlib import Path

from quell.moderation.journal import Journal, JournalError

NOBODY = 65_534


async def main(spare: Path, path: Path) -> None:
    # Whatever is imported on the way is imported before the rights are gone.
    await (await Journal.open(spare)).close()
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        journal = await Journal.open(path)
    except JournalError as error:
        sys.stdout.write(f"{error}\n")
    else:
        await journal.close()
        sys.stdout.write("opened\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
