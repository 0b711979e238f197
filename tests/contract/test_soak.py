"""The soak of the benchmarks, in small: talk in 20 rooms of both services, while everything goes wrong."""

from tests.bench.soak import Size, soak


async def test_nothing_is_missed_while_connections_break_tokens_expire_and_calls_fail() -> None:
    outcome = await soak(Size(messages=1500, rounds=3, drops=6))
    assert outcome.differences == []
    assert outcome.messages == 1500
    assert outcome.drops == 6
    assert outcome.expired
    assert outcome.deleted
    assert outcome.failed_calls
    assert outcome.left_behind["tasks"] <= 0
    assert outcome.left_behind["threads"] <= 0
