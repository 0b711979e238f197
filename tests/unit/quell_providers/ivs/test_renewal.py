"""A connection and its successor."""

import asyncio
from contextlib import AsyncExitStack

import msgspec
import pytest

from quell_providers.ivs import renewal
from quell_providers.ivs.answers import Ticket
from quell_providers.ivs.messaging import LinkLostError
from quell_providers.model import Gap
from quell_providers.secret import Secret
from tests.unit.quell_providers.ivs.fakes import START, Account, Line, Parts, Switchboard, denied, message_frame
from tests.unit.quell_providers.ivs.test_live import holds, linked, states


@pytest.fixture(autouse=True)
def short_sessions(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions that are at their end as soon as a connection stands."""
    create = parts.control.create_ticket

    async def short(arn: str) -> Ticket:
        return msgspec.structs.replace(await create(arn), lasts=0.0)

    monkeypatch.setattr(parts.control, "create_ticket", short)
    monkeypatch.setattr(renewal, "_OVERLAP_SECONDS", 0.01)


async def test_before_the_session_ends_a_new_connection_takes_over_and_nothing_is_missed_or_doubled(
    account: Account, parts: Parts
) -> None:
    lines = [Line(), Line()]

    def dialled(count: int) -> None:
        """From now on both connections tell the same; what was on its way in the old one, it alone tells."""
        if count == 2:
            both = [message_frame(f"Message{number:05}", START + number) for number in range(2, 5)]
            lines[0].say(message_frame("Message00001", START + 1), *both)
            lines[1].say(*both, message_frame("Message00005", START + 5))

    switchboard = Switchboard(lines[:2], dialled)
    async with linked(parts, switchboard) as watcher:
        await watcher.until(holds("+Message00005"))
        told = watcher.told()
        await asyncio.wait_for(lines[0].closed.wait(), 5)
    assert told == ["connecting", "live", *(f"+Message{number:05}" for number in range(1, 6))]
    assert len(account.called("create_chat_token")) >= 2
    assert account.called("get_log_events") == []


async def test_a_successor_that_can_not_be_had_leaves_the_connection_in_place(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "_RETRY_SECONDS", 0.01)
    first, second = Line(), Line()
    refusals = [LinkLostError("no"), LinkLostError("no")]

    def dialled(count: int) -> None:
        if count == 1:
            account.failures["create_chat_token"] = [denied("CreateChatToken")]

    async with linked(parts, Switchboard([first, *refusals, second], dialled)) as watcher:
        first.say(message_frame("Message00001", START + 1))
        await watcher.until(holds("+Message00001"))
        await asyncio.wait_for(first.closed.wait(), 5)
        second.say(message_frame("Message00002", START + 2))
        await watcher.until(holds("+Message00002"))
        assert watcher.told() == ["connecting", "live", "+Message00001", "+Message00002"]


async def test_a_connection_lost_before_its_successor_stands_is_a_drop_like_any_other(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "_OVERLAP_SECONDS", 60.0)
    account.logging = ()
    lines = [Line() for _ in range(4)]
    async with linked(parts, Switchboard(lines)) as watcher:
        await watcher.until(states(1, "live"))
        lines[0].cut()
        await watcher.until(states(2, "live"))
        assert any(isinstance(event, Gap) for event in watcher.events)
    assert all(line.closed.is_set() for line in lines[:2])


async def test_stopping_gives_back_a_successor_that_waits(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "_OVERLAP_SECONDS", 60.0)
    lines = [Line(), Line()]
    standing = asyncio.Event()
    async with linked(parts, Switchboard(lines, lambda count: standing.set() if count == 2 else None)):
        await asyncio.wait_for(standing.wait(), 5)
    assert all(line.closed.is_set() for line in lines)


def due(lasts: float) -> float:
    """Seconds after which the renewal of a connection begins."""
    ticket = Ticket(token=Secret.of("x"), issued_at=START, lasts=lasts)
    standing = renewal.Standing(Line(), ticket, AsyncExitStack())
    return renewal.Renewal(standing, never).due - standing.opened


async def never() -> renewal.Standing:
    raise AssertionError


async def test_a_long_session_is_renewed_minutes_before_its_end_and_not_all_in_the_same_moment() -> None:
    begun = [due(180 * 60.0) for _ in range(100)]
    assert all(170 * 60 <= at <= 175 * 60 for at in begun)
    assert len({round(at) for at in begun}) > 20


async def test_a_short_session_is_used_for_most_of_its_time() -> None:
    assert all(45.0 <= due(60.0) <= 52.6 for _ in range(100))
