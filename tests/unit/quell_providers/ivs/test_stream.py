"""Work in a task, read as a generator."""

import asyncio

import pytest

from quell_providers.ivs.stream import Emit, Streams
from quell_providers.model import Event, StateChanged

EVENT = StateChanged("room", "live")
CLOSED = StateChanged("room", "closed")


async def test_events_are_read_in_order_until_the_work_returns() -> None:
    async def work(emit: Emit) -> None:
        for number in range(3000):
            await emit(StateChanged("room", "live", str(number)))

    got = [event.detail async for event in Streams().read(work, CLOSED) if isinstance(event, StateChanged)]
    assert got == [str(number) for number in range(3000)]


async def test_closing_the_generator_ends_the_work() -> None:
    ended = asyncio.Event()

    async def work(emit: Emit) -> None:
        try:
            await emit(EVENT)
            await asyncio.Event().wait()
        finally:
            ended.set()

    events = Streams().read(work, CLOSED)
    assert await anext(events) == EVENT
    await events.aclose()
    assert ended.is_set()


async def test_closing_all_ends_a_reader_that_waits_and_one_that_does_not() -> None:
    streams = Streams()
    waiting = asyncio.Event()

    async def work(emit: Emit) -> None:
        await emit(EVENT)
        await asyncio.Event().wait()

    async def read() -> list[Event]:
        got = []
        async for event in streams.read(work, CLOSED):
            got.append(event)
            waiting.set()
        return got

    reader = asyncio.create_task(read())
    idle = streams.read(work, CLOSED)
    await anext(idle)
    await waiting.wait()
    await streams.aclose()
    assert await asyncio.wait_for(reader, 5) == [EVENT, CLOSED]
    assert [event async for event in idle] == [CLOSED]


async def test_closing_all_ends_work_that_has_not_begun() -> None:
    streams = Streams()

    async def work(emit: Emit) -> None:
        await emit(EVENT)
        await asyncio.Event().wait()

    async def read() -> list[Event]:
        return [event async for event in streams.read(work, CLOSED)]

    reader = asyncio.create_task(read())
    await asyncio.sleep(0)  # the reader has made the task, which has not had its turn
    await streams.aclose()
    assert await asyncio.wait_for(reader, 5) == [CLOSED]


async def test_nothing_is_read_after_closing() -> None:
    streams = Streams()
    await streams.aclose()

    async def work(emit: Emit) -> None:
        await emit(EVENT)

    assert [event async for event in streams.read(work, CLOSED)] == [CLOSED]


async def test_the_work_waits_for_a_slow_reader() -> None:
    emitted = 0

    async def work(emit: Emit) -> None:
        nonlocal emitted
        for _ in range(5000):
            await emit(EVENT)
            emitted += 1

    events = Streams().read(work, CLOSED)
    await anext(events)
    for _ in range(10_000):
        await asyncio.sleep(0)
    assert emitted < 5000
    await events.aclose()


async def test_a_mistake_in_the_work_reaches_the_reader() -> None:
    async def work(emit: Emit) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await anext(Streams().read(work, CLOSED))
