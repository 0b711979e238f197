"""Random sequences of what moderators, services, journals and crashes do keep every promise of a deletion's life.

A failure names its seed and the shortest sequence found that shows it: `play(seed, steps, books)` plays it again.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from quell.moderation import lane
from quell.moderation.deletion import OPEN, Deletion, State
from quell.moderation.engine import Engine
from quell.moderation.lane import Lane
from quell.moderation.ledger import Ledger
from quell.moderation.turns import Turns
from quell.moderation.verdict import Tries, state_after
from quell_providers.refusal import Refusal
from tests.unit.quell.moderation.books import FileBooks, PaperBooks
from tests.unit.quell.moderation.play import OpenBooks, PlayError, play, program, shortest

PAPER_SEEDS = range(160)
FILE_SEEDS = range(1_000, 1_010)
PARTS = 4
STEPS = 24


async def played(seeds: range, books: OpenBooks) -> Counter[State]:
    """Play programs of all these seeds; returns how often a deletion ended in each state."""
    reached: Counter[State] = Counter()
    for seed in seeds:
        steps = program(seed, STEPS)
        try:
            reached += await play(seed, steps, books)
        except PlayError as error:
            found = await shortest(seed, steps, books)
            told = f"{found[1]}, after {', '.join(map(str, found[0]))}" if found else f"{error}, and not again"
            raise AssertionError(f"seed {seed}: {told}") from error
    return reached


@pytest.mark.parametrize("part", range(PARTS))
async def test_random_lives_keep_every_promise(part: int) -> None:
    assert set(await played(PAPER_SEEDS[part::PARTS], lambda _: PaperBooks())) == set(State) - OPEN


async def test_random_lives_keep_every_promise_with_the_real_journal(tmp_path: Path) -> None:
    files = (tmp_path / f"{number}" / "journal.sqlite3" for number in range(10_000))
    assert set(await played(FILE_SEEDS, lambda clock: FileBooks(next(files), clock))) <= set(State) - OPEN


# A model that finds nothing proves nothing: each of these is a mistake that an engine could have.


def forget_lost_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def verdict(refusal: Refusal, deletion: Deletion, tries: Tries) -> State:
        state = state_after(refusal, deletion, tries)
        return State.REFUSED if state is State.UNKNOWN else state

    monkeypatch.setattr(lane, "state_after", verdict)


def ask_for_the_cancelled_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lane, "_is_due", lambda self, deletion_id: True)


def ask_before_it_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(self: Ledger, deletions: list[Deletion]) -> "asyncio.Future[None]":
        asyncio.get_running_loop().call_later(0.0, self._journal.record, deletions)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    monkeypatch.setattr(Ledger, "_write", write)


def pass_over_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Turns, "_next_batch", lambda self: next(iter(self._batches), None))


def do_not_wait_out_the_grace_period(monkeypatch: pytest.MonkeyPatch) -> None:
    async def release(self: Engine, deletion_ids: list[str]) -> None:
        self._ledger.move(deletion_ids, State.QUEUED)
        self._queue(deletion_ids)

    monkeypatch.setattr(Engine, "_release_later", release)


def lose_what_was_in_flight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lane, "repeat", lambda self, deletion: None)


@pytest.mark.parametrize(
    "plant",
    [
        forget_lost_answers,
        ask_for_the_cancelled_too,
        ask_before_it_is_written_down,
        pass_over_nothing,
        do_not_wait_out_the_grace_period,
        lose_what_was_in_flight,
    ],
)
async def test_a_mistake_is_found_and_told_in_few_steps(
    monkeypatch: pytest.MonkeyPatch, plant: Callable[[pytest.MonkeyPatch], None]
) -> None:
    plant(monkeypatch)
    for seed in PAPER_SEEDS:
        found = await shortest(seed, program(seed, STEPS), lambda _: PaperBooks())
        if found is not None:
            assert len(found[0]) <= 6
            return
    raise AssertionError("nothing was found")
