"""Calls kept apart."""

import asyncio

from quell_providers.ivs.pace import Pace


class Time:
    """A clock that sleeping sets forward."""

    def __init__(self) -> None:
        self.now = 100.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def turns(count: int, calls: int) -> list[float]:
    time = Time()
    pace = Pace(calls, now=lambda: time.now, sleep=time.sleep)
    taken = []
    for _ in range(count):
        await pace.turn()
        taken.append(time.now)
    return taken


async def test_no_second_holds_more_calls_than_allowed() -> None:
    taken = await turns(23, 5)
    assert all(later - earlier > 1.0 for earlier, later in zip(taken, taken[5:], strict=False))


async def test_the_first_calls_do_not_wait() -> None:
    assert await turns(3, 3) == [100.0] * 3


async def test_those_who_wait_are_served_in_order() -> None:
    time = Time()
    pace = Pace(1, now=lambda: time.now, sleep=time.sleep)
    served: list[int] = []

    async def call(number: int) -> None:
        await pace.turn()
        served.append(number)

    await asyncio.gather(*map(call, range(10)))
    assert served == list(range(10))
    assert time.now - 100.0 >= 9.0
