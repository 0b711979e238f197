import asyncio

import pytest

from quell_providers.provider import Quota
from quell_providers.refusal import RefusalKind, RefusedError
from quell_providers.rocketchat.budget import Budget


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def window(remaining: int, calls: int = 10, reset_in: float = 60.0) -> Quota:
    return Quota(shape="window", calls=calls, seconds=60.0, remaining=remaining, reset_in=reset_in)


async def spend(budget: Budget, *told: Quota | None) -> None:
    """One call after the other, each answered with a quota."""
    for quota in told:
        await budget.take()
        budget.learn(quota)
        budget.give_back()


async def test_what_the_server_told_is_kept_to() -> None:
    time = Time()
    budget = Budget("rooms.get", time)
    await spend(budget, window(2), window(1), window(0))
    with pytest.raises(RefusedError) as refused:
        await budget.take()
    assert refused.value.refusal.kind is RefusalKind.THROTTLED
    assert refused.value.refusal.retry_after == 60.25
    assert "rooms.get" in refused.value.refusal.detail
    time.now = 60.3
    await spend(budget, window(9))


async def test_others_on_the_same_address_are_counted_by_the_server() -> None:
    budget = Budget("rooms.get", Time())
    await spend(budget, window(9), window(0))
    with pytest.raises(RefusedError):
        await budget.take()


async def test_before_anything_is_told_no_more_than_usual_are_let_go() -> None:
    budget = Budget("channels.history", Time())
    waiting = [asyncio.create_task(budget.take()) for _ in range(25)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert sum(task.done() for task in waiting) == 10
    budget.learn(window(14, calls=15))
    budget.give_back()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert [isinstance(each, RefusedError) for each in answers] == [False] * 15 + [True] * 10


async def test_an_account_without_a_limit_never_waits() -> None:
    budget = Budget("rooms.get", Time())
    await spend(budget, *[None] * 50)


async def test_answers_that_tell_nothing_do_not_block_for_ever() -> None:
    budget = Budget("rooms.get", Time())
    for _ in range(30):
        await budget.take()
        budget.give_back()


async def test_a_refusal_closes_the_window() -> None:
    time = Time()
    budget = Budget("rooms.get", time)
    await budget.take()
    budget.refused(7.0)
    budget.give_back()
    with pytest.raises(RefusedError) as refused:
        await budget.take()
    assert refused.value.refusal.retry_after == 7.25
    time.now = 7.3
    await budget.take()
