"""What the event loop asks of the journal's thread, and the way back."""

import asyncio
import os
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from quell.moderation.journal.store import Store

Answer = tuple[asyncio.Future[Any], object, Exception | None]
"""Who asked, and what to tell: a result, or an error."""


class Job(NamedTuple):
    """One thing to do with the store."""

    work: Callable[[Store], Any]
    done: asyncio.Future[Any]
    way: Literal["read", "write", "alone"]
    """In which transaction: one that only reads, one that writes, or none."""


def transactions(jobs: list[Job]) -> list[list[Job]]:
    """The same jobs in the same order, put together as far as one transaction can hold them."""
    if len(jobs) == 1:
        return [jobs]
    together: list[list[Job]] = []
    for before, job in pairwise([None, *jobs]):
        assert job is not None
        if before is None or "alone" in (before.way, job.way):
            together.append([])
        together[-1].append(job)
    return together


class Answers:
    """Takes answers from the journal's thread to the event loop.

    A request waits for each intent, so the loop is woken with less ado than `call_soon_threadsafe` makes, and once for
    all answers of a transaction.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._given: deque[Answer] = deque()
        self._reading, self._writing = os.pipe()
        for end in (self._reading, self._writing):
            os.set_blocking(end, False)
        loop.add_reader(self._reading, self._woken)
        self._closed = False

    def give(self, answers: Iterable[Answer]) -> None:
        """Have these told soon. Called from the thread."""
        self._given.extend(answers)
        with suppress(BlockingIOError):  # full of signs that nobody looked at yet
            os.write(self._writing, b"\0")

    def close(self) -> None:
        """Tell what was given so far. Called in the loop, once the thread has ended."""
        self._tell()
        if not self._closed:
            self._closed = True
            self._loop.remove_reader(self._reading)
            os.close(self._reading)
            os.close(self._writing)

    def _woken(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._reading, 4_096)
        self._tell()

    def _tell(self) -> None:
        while self._given:
            done, result, error = self._given.popleft()
            if done.done():  # who asked has gone
                continue
            if error is None:
                done.set_result(result)
            else:
                done.set_exception(error)
