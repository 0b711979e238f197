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
    died, totals, began_at = 0, Counter[State](), time.perf_counter()
    with doom() as killer, tempfile.TemporaryDirectory() as parent:
        for point in range(POINTS):
            folder = Path(parent, str(point))
            folder.mkdir()
            died += killer.run(folder, COUNT, dice)
            totals += asyncio.run(account_for(folder, COUNT, ACTS[point % len(ACTS)]))
    print(f"Kill -9 at {POINTS} random points of {COUNT} deletions, restart, resume, settle or close in turn")
    print(f"  {died} died before the end; all {totals.total()} messages accounted for, every journal verifies: holds")
    print(
        f"  {', '.join(f'{count} {state}' for state, count in totals.items())}; {time.perf_counter() - began_at:.0f} s"
    )
