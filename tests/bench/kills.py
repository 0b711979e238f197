"""Kill -9 at 200 random points of a batch of 300, then restart: every message is accounted for, or this fails."""

import asyncio
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from quell.moderation.deletion import State
from tests.support.killing import account_for, doom

POINTS = 200
COUNT = 300
ACTS = ("resume", "settle", "close")


def main() -> None:
    dice = random.Random(5)
    died, runs, totals, began_at = 0, 0, Counter[State](), time.perf_counter()
    with doom() as killer, tempfile.TemporaryDirectory() as parent:
        while died < POINTS:  # some runs are done before their time has come
            folder = Path(parent, str(runs))
            folder.mkdir()
            died += killer.run(folder, COUNT, dice)
            totals += asyncio.run(account_for(folder, COUNT, ACTS[runs % len(ACTS)]))
            runs += 1
    print(f"Kill -9 at {POINTS} random points of {COUNT} deletions, restart, resume, settle or close in turn")
    print(
        f"  {runs - died} others were done before; {totals.total()} messages accounted for, all journals verify: holds"
    )
    print(
        f"  {', '.join(f'{count} {state}' for state, count in totals.items())}; {time.perf_counter() - began_at:.0f} s"
    )


if __name__ == "__main__":
    main()
