"""Closing an account gives everything back."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from quell_providers.provider import Provider
from quell_providers.refusal import RefusedError
from tests.contract.following import PATIENCE, following
from tests.contract.sides import Side


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait for what the far end of a closed connection does on its own."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  # there is no event that tells of a task's end
            await asyncio.sleep(0.005)


def own_threads() -> set[threading.Thread]:
    """All threads but those of the event loop's own pool, which end with the loop."""
    return {thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")}


async def test_nothing_runs_on_after_closing(side: Side) -> None:
    tasks, threads = asyncio.all_tasks(), own_threads()
    provider = side.open_as("moderator")
    async with following(provider, side.room.id) as first, following(provider, side.barred.id) as second:
        await asyncio.gather(first.live(), second.live())
        await provider.rooms()
        await provider.history(side.room.id)
        await provider.aclose()
        await first.until(lambda: first.ended)
        await second.until(lambda: second.ended)
        assert first.states()[-1] == second.states()[-1] == "closed"
    await eventually(lambda: asyncio.all_tasks() <= tasks)
    assert own_threads() <= threads


async def test_closing_reaches_a_stream_that_nobody_reads(side: Side) -> None:
    tasks = asyncio.all_tasks()
    provider = side.open_as("moderator")
    events = provider.follow(side.room.id)
    await anext(events)
    await provider.aclose()
    await eventually(lambda: asyncio.all_tasks() <= tasks)
    await events.aclose()


async def test_leaving_a_stream_early_leaves_nothing_behind(side: Side, moderator: Provider) -> None:
    await moderator.rooms()
    tasks = asyncio.all_tasks()
    events = moderator.follow(side.room.id)
    async for event in events:
        if getattr(event, "state", "") == "live":
            break
    await events.aclose()
    await moderator.aclose()
    await eventually(lambda: asyncio.all_tasks() <= tasks)


async def test_closing_while_reconnecting(side: Side) -> None:
    tasks = asyncio.all_tasks()
    provider = side.open_as("moderator")
    async with following(provider, side.room.id) as follower:
        await follower.live()
        await side.drop_connections()
        await follower.until(lambda: "reconnecting" in follower.states())
        await provider.aclose()
        await follower.until(lambda: follower.ended)
    await eventually(lambda: asyncio.all_tasks() <= tasks)


async def test_closing_twice_and_closing_unused(side: Side) -> None:
    tasks = asyncio.all_tasks()
    provider = side.open_as("moderator")
    await provider.aclose()
    await provider.aclose()
    await eventually(lambda: asyncio.all_tasks() <= tasks)


async def test_a_closed_account_refuses_and_does_nothing(side: Side) -> None:
    provider = side.open_as("moderator")
    await provider.aclose()
    post = side.posts(side.room)[0]
    for call in (provider.login(), provider.rooms(), provider.delete(side.room.id, post.id, None)):
        with pytest.raises(RefusedError):
            await call
    assert post.deleted_at is None
    assert [event async for event in provider.follow(side.room.id) if getattr(event, "state", "") == "live"] == []
