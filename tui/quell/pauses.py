"""Long work of a task, with pauses in which keys are handled and the screen is drawn."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

SLICE = 0.006
"""Seconds of work between two pauses: much less than a frame may take."""

REST = 0.003
"""Seconds of a pause. A key goes from hand to hand before anything is done for it, and each waits its turn: all of them
shall have it in one pause."""

CHUNK = 512
"""Items that are worked on together."""

FEW = 4_000
"""Messages that may be looked up one by one, and sorted, at once; for more, all are looked through in slices."""

Item = TypeVar("Item")


async def with_pauses(steps: Iterable[Item]) -> AsyncIterator[Item]:
    """The steps of a long work, each of which takes far less than a slice; few of them go without a pause."""
    end = time.perf_counter() + SLICE
    for step in steps:
        yield step
        if time.perf_counter() > end:
            await asyncio.sleep(REST)
            end = time.perf_counter() + SLICE


def in_chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items, some at a time."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def taking(items: list[Item]) -> Iterator[list[Item]]:
    """The items, some at a time. They leave the list, since giving back a million at once takes long."""
    items.reverse()
    while items:
        some = items[-CHUNK:]
        del items[-CHUNK:]
        some.reverse()
        yield some


def chunks_of(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Items that have no order, some at a time; they must not change meanwhile."""
    left = iter(items)
    while some := list(islice(left, CHUNK)):
        yield some
