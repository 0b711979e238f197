"""Answers come from the journal's thread to the event loop: each once, in order, however many wait."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from quell.moderation.journal.jobs import Answers

MORE_THAN_A_PIPE_HOLDS = 70_000


@pytest.fixture
async def answers() -> AsyncIterator[Answers]:
    answers = Answers(asyncio.get_running_loop())
    yield answers
    answers.close()


async def test_results_and_errors_reach_who_asked_in_order(answers: Answers) -> None:
    loop, told = asyncio.get_running_loop(), list[asyncio.Future[object]]()
    asked: list[asyncio.Future[object]] = [loop.create_future() for _ in range(3)]
    for each in asked:
        each.add_done_callback(told.append)
    error = ValueError("no")
    await asyncio.to_thread(answers.give, [(asked[0], "yes", None), (asked[1], None, error)])
    await asyncio.to_thread(answers.give, [(asked[2], 3, None)])
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert found == ["yes", error, 3]
    assert told == asked


async def test_who_asked_and_has_gone_is_in_nobodys_way(answers: Answers) -> None:
    loop = asyncio.get_running_loop()
    gone, there = loop.create_future(), loop.create_future()
    gone.cancel()
    answers.give([(gone, None, None), (there, 1, None)])
    assert await there == 1


async def test_nothing_is_lost_when_the_loop_does_not_look_for_long(answers: Answers) -> None:
    loop = asyncio.get_running_loop()
    asked = [loop.create_future() for _ in range(MORE_THAN_A_PIPE_HOLDS)]
    for number, each in enumerate(asked):  # without a look in between, as if the loop were busy
        answers.give([(each, number, None)])
    assert await asyncio.gather(*asked) == list(range(MORE_THAN_A_PIPE_HOLDS))


async def test_closing_tells_what_was_given_and_gives_the_pipe_back() -> None:
    answers = Answers(asyncio.get_running_loop())
    asked = asyncio.get_running_loop().create_future()
    before = len(os.listdir("/dev/fd"))
    answers.give([(asked, 1, None)])
    answers.close()
    answers.close()
    assert asked.result() == 1
    assert len(os.listdir("/dev/fd")) == before - 2
