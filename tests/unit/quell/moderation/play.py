"""Random programs for a `World`, and the shortest one that still shows what is wrong."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from quell.moderation.deletion import State
from tests.unit.quell.moderation.books import Books, end_every_task
from tests.unit.quell.moderation.simulation import SimulatedClock
from tests.unit.quell.moderation.world import World

MOVES = (
    *["confirm"] * 5,
    *["time_passes"] * 7,
    *["cancel", "cancel_rest", "retry", "retry_failed", "drop_refused", "reconcile"],
    *["pause", "resume", "resume", "hurry"],
    *["somebody_else_deletes", "events_come", "events_come", "events_are_missed"],
    *["journal_breaks", "journal_mends", "journal_mends"],
    *["crash", "close"],
)
"""Names of methods of `World`, as often as they are likely."""

OpenBooks = Callable[[SimulatedClock], Books]


class Step(NamedTuple):
    """One move, and what decides about everything that is random in it."""

    move: str
    roll: int

    def __str__(self) -> str:
        return f"{self.move}({self.roll})"


class Failure(NamedTuple):
    """What was wrong, and after how many steps it showed."""

    error: Exception
    after: int


def program(seed: int, length: int) -> list[Step]:
    """A random program; the same for the same seed."""
    dice = random.Random(seed)
    return [Step(dice.choice(MOVES), dice.getrandbits(16)) for _ in range(length)]


async def play(seed: int, steps: Sequence[Step], books: OpenBooks) -> Counter[State]:
    """Make these steps and then let everything come to its end; returns in which states the deletions ended.

    Raises:
        PlayError: Something did not hold.
    """
    clock = SimulatedClock()
    world = World(seed, books(clock), clock)
    done = 0
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: world.mistakes.append(context["exception"]) if "exception" in context else None
    )
    try:
        await world.open_console()
        for step in steps:
            world.dice.seed(f"{seed}/{step}")
            done += 1
            await getattr(world, step.move)()
            await world.check()
        await _end(world)
    except Exception as error:
        raise PlayError(Failure(error, done)) from error
    finally:
        await end_every_task()
        await world.books.die()
    return Counter(each.state for each in world.books.written().values())


async def _end(world: World) -> None:
    await world.journal_mends()
    await world.resume()
    await world.until_done(world.engine.settled())
    await world.check()
    await world.close()
    await world.until_done(world.engine.settled())
    await world.check_end()


class PlayError(Exception):
    """A program showed that something does not hold."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{type(failure.error).__name__}: {failure.error}")
        self.failure = failure


async def shortest(seed: int, steps: Sequence[Step], books: OpenBooks) -> tuple[list[Step], PlayError] | None:
    """The fewest of these steps that are found to fail still, and how; `None` when they do not fail."""
    found = await _failure(seed, steps, books)
    if found is None:
        return None
    least, error = list(steps[: found.failure.after]), found
    size = len(least)
    while size:
        at = 0
        while at < len(least):
            fewer = least[:at] + least[at + size :]
            failed = await _failure(seed, fewer, books)
            if failed is None:
                at += size
            else:
                least, error = fewer, failed
        size //= 2
    return least, error


async def _failure(seed: int, steps: Sequence[Step], books: OpenBooks) -> PlayError | None:
    try:
        await play(seed, steps, books)
    except PlayError as error:
        return error
    return None
