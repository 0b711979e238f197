"""Knowing beforehand."""

import pytest

from quell_providers.model import Message
from quell_providers.provider import Provider
from quell_providers.refusal import RefusedError
from quell_providers.sandbox.world import Place
from tests.contract.sides import Side


async def newest(provider: Provider, place: Place, count: int) -> tuple[Message, ...]:
    return (await provider.history(place.id, limit=count)).messages


async def test_there_is_one_forecast_for_each_message_in_order_and_nothing_is_deleted(
    side: Side, moderator: Provider
) -> None:
    for place in (side.room, side.barred):
        for number in range(3):
            side.say(f"message {number}", place)
    allowed, barred = await newest(moderator, side.room, 3), await newest(moderator, side.barred, 3)
    mixed = [message for pair in zip(allowed, barred, strict=True) for message in pair]
    forecasts = await moderator.forecast(mixed)
    assert len(forecasts) == 6
    assert all(forecast.cause for forecast in forecasts if forecast.verdict != "allowed")
    assert {forecast.verdict for forecast in forecasts[0::2]} <= {"allowed", "unknown"}
    assert {forecast.verdict for forecast in forecasts[1::2]} <= {"refused", "unknown"}
    assert all(post.deleted_at is None for place in (side.room, side.barred) for post in side.posts(place)[-3:])


async def test_no_messages_need_no_forecast(moderator: Provider) -> None:
    assert await moderator.forecast([]) == ()


async def test_after_a_refusal_the_room_is_known_to_refuse(side: Side, moderator: Provider) -> None:
    side.say("untouchable", side.barred)
    messages = await newest(moderator, side.barred, 1)
    with pytest.raises(RefusedError):
        await moderator.delete(side.barred.id, messages[0].id, None)
    [forecast] = await moderator.forecast(messages)
    assert forecast.verdict == "refused"
    assert forecast.cause
    assert forecast.remedy


async def test_after_a_deletion_the_room_is_known_to_allow(side: Side, moderator: Provider) -> None:
    for text in ("one", "two"):
        side.say(text)
    first, second = await newest(moderator, side.room, 2)
    await moderator.delete(side.room.id, first.id, None)
    assert [forecast.verdict for forecast in await moderator.forecast([second])] == ["allowed"]
