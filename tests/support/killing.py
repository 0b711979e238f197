"""Killing a console in the middle of a batch, and seeing whether the next one accounts for every message."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quell.moderation.deletion import DONE, OPEN, State
from quell.moderation.engine import Engine
from quell.moderation.journal import Journal
from quell.moderation.journal.resume import Unfinished
from tests.support.doomed import Truth

_MOMENTS = 6
"""Moments of each deletion at which its console can die: three steps, and three in the service."""
_LONGEST_DELAY = 0.4
"""Seconds within which a console dies that dies at any time."""
_MAYBE_DELETED = DONE | {State.UNKNOWN}


class Doom:
    """Runs consoles until they die."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, folder: Path, count: int, dice: random.Random) -> bool:
        """Have a console delete `count` messages and die at a random point; whether it died before it was done."""
        at_any_time = dice.random() < 0.5
        order = {
            "journal": str(folder / "journal.sqlite3"),
            "truth": str(folder / "truth"),
            "told": str(folder / "told"),
            "count": count,
            "moment": 0 if at_any_time else dice.randint(1, count * _MOMENTS),
            "delay": dice.uniform(0.0, _LONGEST_DELAY) if at_any_time else None,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline()) == signal.SIGKILL


@contextmanager
def doom() -> Iterator[Doom]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "tests.support.doomed"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            yield Doom(process)
        finally:
            process.kill()


async def account_for(folder: Path, count: int, act: str) -> Counter[State]:
    """Restart after a death, and resume, settle or close what is found; returns where every message stands then.

    Fails when a message is lost, deleted without being in the batch, told to be deleted when it is not, or told not to
    be when it is, when a listener was told of a step that is not on record, and when the journal does not verify.
    """
    truth = Truth(folder / "truth")
    before = Counter(truth.gone())
    journal = await Journal.open(folder / "journal.sqlite3")
    engine = Engine(journal, grace_seconds=0.0)
    engine.attach("live", truth)
    try:
        found = await engine.leftovers.found()
        if found:
            await _deal_with(engine, found, act)
        states = await _states(journal)
        assert _told(folder) <= await _steps(journal), "told, and not on record"
        assert await engine.leftovers.found() == []
        assert (await journal.verify()).fault is None
    finally:
        await engine.aclose()
        await journal.close()
    deleted = Counter(truth.gone())
    assert len(states) == (count if states else 0)
    assert states or not deleted, "deleted without a record"
    assert set(deleted) <= set(states), "deleted what was not in the batch"
    assert set(states.values()).isdisjoint(OPEN)
    assert all(states[message_id] in _MAYBE_DELETED for message_id in deleted), "deleted, and told not to be"
    assert all(message_id in deleted for message_id, state in states.items() if state in DONE), "told, and not deleted"
    assert set(deleted.values()) <= {1}
    if act == "resume":
        assert set(states.values()) <= DONE
    else:
        assert deleted == before
    return Counter(states.values())


async def _deal_with(engine: Engine, found: list[Unfinished], act: str) -> None:
    (batch,) = found
    await {"resume": engine.leftovers.resume, "settle": engine.leftovers.settle, "close": engine.leftovers.close}[act](
        batch.id
    )
    await engine.settled()


def _told(folder: Path) -> set[tuple[str, State]]:
    """Every step of a deletion that the console told of before it died."""
    file = folder / "told"
    lines = file.read_text().splitlines() if file.exists() else []
    return {(deletion_id, State(state)) for deletion_id, state in map(str.split, lines)}


async def _steps(journal: Journal) -> set[tuple[str, State]]:
    """Every step of a deletion that is on record."""
    stories = [await journal.story(batch.id) for batch in await journal.batches()]
    return {
        (deletion_id, step.state)
        for story in stories
        if story is not None
        for deletion_id, steps in story.steps.items()
        for step in steps
    }


async def _states(journal: Journal) -> dict[str, State]:
    states: dict[str, State] = {}
    for batch in await journal.batches():
        states |= {deletion.target.message_id: deletion.state for deletion in await journal.deletions(batch.id)}
    return states
