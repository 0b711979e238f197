"""Long work with pauses: nothing is left out, and others have their turn."""

import asyncio

import pytest

from quell import pauses
from quell.pauses import CHUNK, chunks_of, in_chunks, taking, with_pauses


def test_chunks_are_all_items_in_order() -> None:
    items = list(range(2 * CHUNK + 5))
    assert [len(some) for some in in_chunks(items)] == [CHUNK, CHUNK, 5]
    assert [each for some in in_chunks(items) for each in some] == items
    assert [each for some in chunks_of(items) for each in some] == items
    assert list(in_chunks([])) == list(chunks_of([])) == list(taking([])) == []


def test_what_is_taken_leaves_the_list() -> None:
    items = list(range(2 * CHUNK + 5))
    left = [(some[0], len(some), len(items)) for some in taking(items)]
    assert left == [(0, CHUNK, CHUNK + 5), (CHUNK, CHUNK, 5), (2 * CHUNK, 5, 0)]


async def test_others_have_their_turn_between_two_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pauses, "SLICE", -1.0)
    turns: list[str] = []

    async def work() -> None:
        async for step in with_pauses("abc"):
            turns.append(step)

    async def other() -> None:
        while len(turns) < 4:
            turns.append("other")
            await asyncio.sleep(0)

    await asyncio.gather(work(), other())
    assert turns[:2] == ["a", "other"]
    assert [turn for turn in turns if turn != "other"] == ["a", "b", "c"]


async def test_short_work_is_done_without_a_pause() -> None:
    async with asyncio.timeout(0):  # ends whatever waits for anything
        steps = [step async for step in with_pauses(range(3))]
    assert steps == [0, 1, 2]
