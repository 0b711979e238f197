"""Whatever happens to deletions, the journal has every step of every one of them, in order."""

import random
from itertools import pairwise
from pathlib import Path

import pytest

from quell.moderation.deletion import TRANSITIONS, Deletion, State
from quell_providers.provider import Accepted
from quell_providers.refusal import Refusal, RefusalKind
from tests.unit.quell.moderation.simulation import Answer, Desk, desk, gone, key, refusal

KINDS = (
    RefusalKind.THROTTLED,
    RefusalKind.UNAVAILABLE,
    RefusalKind.LOST,
    RefusalKind.PERMISSION,
    RefusalKind.NOT_FOUND,
)
MESSAGES = [f"m{number}" for number in range(40)]

Step = tuple[State, float, int, str | None, Refusal | None]


def step_of(deletion: Deletion) -> Step:
    return deletion.state, deletion.at, deletion.attempt, deletion.operation_id, deletion.refusal


def answers(seeded: random.Random) -> list[Answer]:
    kinds = seeded.choices(KINDS, k=seeded.randrange(4))
    return [*(refusal(kind) for kind in kinds), Accepted(operation_id=f"op-{seeded.random()}")]


async def meddle(work: Desk, seeded: random.Random) -> None:
    """Do what a moderator or the service may do at any moment."""
    some = [key(each) for each in seeded.sample(MESSAGES, 4)]
    match seeded.randrange(4):
        case 0:
            await work.engine.cancel(some)
        case 1:
            await work.engine.retry(some)
        case 2:
            work.engine.observe("live", gone(some[0].message_id))
        case _:
            await work.submit(*(each.message_id for each in some))


async def told(work: Desk) -> dict[str, list[Step]]:
    """The steps of every deletion, by the journal."""
    steps: dict[str, list[Step]] = {}
    for batch in await work.journal.batches():
        story = await work.journal.story(batch.id)
        assert story is not None
        for entry in story.entries:
            steps[entry.deletion.id] = [
                (step.state, step.at, step.attempt, step.operation_id, step.refusal)
                for step in story.steps[entry.deletion.id]
            ]
    return steps


@pytest.mark.parametrize("seed", range(4))
async def test_the_journal_tells_what_the_engine_did(path: Path, seed: int) -> None:
    seeded = random.Random(seed)
    async with desk(path, grace_seconds=2.0) as work:
        work.provider.latency = 0.3
        work.provider.script = {message_id: answers(seeded) for message_id in MESSAGES}
        await work.submit(*MESSAGES[:20])
        await work.submit(*MESSAGES[10:])
        for _ in range(15):
            work.clock.jump()
            await work.journal.flushed()
            await meddle(work, seeded)
        await work.until_settled()
        seen: dict[str, list[Step]] = {}
        for step in work.steps:
            seen.setdefault(step.id, []).append(step_of(step))
        recorded = await told(work)
        found = await work.journal.verify()
    assert recorded == seen
    assert len(recorded) >= len(MESSAGES)
    for steps in recorded.values():
        states = [state for state, *_ in steps]
        assert all(after in TRANSITIONS[before] for before, after in pairwise(states))
    batches = len({deletion_id.split(".")[0] for deletion_id in recorded})
    assert found.fault is None
    assert found.records == batches + len(recorded) + sum(map(len, recorded.values()))
