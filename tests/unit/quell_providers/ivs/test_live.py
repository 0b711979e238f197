"""A link through drops, refusals and reconnects."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from quell_providers.ivs import live
from quell_providers.ivs.live import Link
from quell_providers.ivs.messaging import LinkLostError
from quell_providers.model import Deleted, Event, Gap, Posted, StateChanged
from tests.unit.quell_providers.ivs.fakes import (
    ROOM,
    START,
    Account,
    Line,
    Parts,
    Switchboard,
    deletion_frame,
    denied,
    message_frame,
)


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_FIRST_DELAY", 0.002)
    monkeypatch.setattr(live, "_LONGEST_DELAY", 0.01)


class Watcher:
    """Collects a link's events and waits for them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._more = asyncio.Event()
        self.task: asyncio.Task[None]

    async def emit(self, event: Event) -> None:
        self.events.append(event)
        self._more.set()

    async def until(self, holds: Callable[[list[Event]], bool]) -> list[Event]:
        async with asyncio.timeout(5):
            while not holds(self.events):
                self._more.clear()
                await self._more.wait()
        return self.events

    def told(self) -> list[str]:
        return [_short(event) for event in self.events]


def _short(event: Event) -> str:
    match event:
        case StateChanged(state=state):
            return state
        case Posted(message=message):
            return f"+{message.id}"
        case Deleted(message_id=message_id):
            return f"-{message_id}"
        case _:
            return type(event).__name__


def states(count: int, state: str) -> Callable[[list[Event]], bool]:
    return lambda events: sum(isinstance(event, StateChanged) and event.state == state for event in events) >= count


def holds(*wanted: str) -> Callable[[list[Event]], bool]:
    return lambda events: set(wanted) <= {_short(event) for event in events}


@asynccontextmanager
async def linked(parts: Parts, dial: Switchboard, lag: float = 60.0) -> AsyncIterator[Watcher]:
    watcher = Watcher()
    link = Link(
        ROOM,
        directory=parts.directory,
        control=parts.control,
        history=parts.history,
        url="ws://127.0.0.1:1",
        dial=dial,
        emit=watcher.emit,
        unreadable=parts.unreadable,
        lag=lag,
    )
    watcher.task = asyncio.create_task(link.run())
    try:
        yield watcher
    finally:
        watcher.task.cancel()
        await asyncio.gather(watcher.task, return_exceptions=True)


async def test_it_connects_and_passes_messages_and_deletions_on(parts: Parts) -> None:
    line = Line()
    async with linked(parts, Switchboard([line])) as watcher:
        line.say(message_frame("Message00001", START), deletion_frame("Message00001", START + 1))
        await watcher.until(holds("-Message00001"))
        assert watcher.told() == ["connecting", "live", "+Message00001", "-Message00001"]
    assert line.closed.is_set()


async def test_frames_that_are_nothing_or_malformed_are_passed_over(
    parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    line = Line()
    error = {"Type": "ERROR", "Id": "x", "RequestId": "", "ErrorCode": 500, "ErrorMessage": "private words"}
    poll: dict[str, Any] = {"Type": "EVENT", "EventName": "app:POLL"}
    async with linked(parts, Switchboard([line])) as watcher:
        with caplog.at_level(logging.WARNING, "quell_providers.ivs.live"):
            line.say(b"\xff", b"{", error, poll, b'{"Type":"MESSAGE","Content":"private words"}')
            line.say(message_frame("Message00001", START))
            await watcher.until(holds("+Message00001"))
        assert watcher.told() == ["connecting", "live", "+Message00001"]
    assert len(caplog.records) == 4
    assert "private words" not in caplog.text
    assert parts.unreadable == {ROOM: 3}


async def test_after_a_drop_it_connects_with_a_fresh_token_and_tells_what_was_missed(
    account: Account, parts: Parts
) -> None:
    first, second = Line(), Line()
    async with linked(parts, Switchboard([first, second])) as watcher:
        first.say(message_frame("Message00001", START + 30))
        await watcher.until(holds("+Message00001"))
        account.record(message_frame("Message00001", START + 30), message_frame("Message00002", START + 40))
        second.say(message_frame("Message00003", START + 50))
        first.cut("reset by peer")
        await watcher.until(holds("+Message00003"))
        told = watcher.told()
        lost = next(e for e in watcher.events if isinstance(e, StateChanged) and e.state == "reconnecting")
    assert told == [
        "connecting",
        "live",
        "+Message00001",
        "reconnecting",
        "catching_up",
        "+Message00002",
        "live",
        "+Message00003",
    ]
    assert lost.detail == "reset by peer"
    assert lost.cause
    assert lost.retry_in is not None
    assert len(account.called("create_chat_token")) == 2


async def test_the_log_is_read_again_when_it_has_caught_up(account: Account, parts: Parts) -> None:
    first, second = Line(), Line()

    def late(number: int) -> None:
        if number == 2:
            account.record(message_frame("Message00002", START + 1))

    async with linked(parts, Switchboard([first, second], late), lag=0.05) as watcher:
        await watcher.until(states(1, "live"))
        first.cut()
        await watcher.until(holds("+Message00002"))
        account.record(message_frame("Message00003", START + 2))
        await watcher.until(holds("+Message00003"))


async def test_what_was_said_just_before_the_first_connection_is_looked_for_too(account: Account, parts: Parts) -> None:
    account.record(message_frame("TooLongAgo00", START - 1000), message_frame("Message00001", START - 0.01))
    async with linked(parts, Switchboard([Line()]), lag=0.05) as watcher:
        await watcher.until(holds("+Message00001"))
        assert watcher.told() == ["connecting", "live", "+Message00001"]


async def test_without_a_log_a_drop_leaves_a_gap_with_its_times(account: Account, parts: Parts) -> None:
    account.logging = ()
    first, second = Line(), Line()
    async with linked(parts, Switchboard([first, second])) as watcher:
        first.say(message_frame("Message00001", START + 30))
        await watcher.until(holds("+Message00001"))
        account.now = START + 90
        first.cut()
        await watcher.until(states(2, "live"))
        assert watcher.told()[-3:] == ["catching_up", "Gap", "live"]
        assert watcher.events[-2] == Gap(ROOM, since=START + 30, until=START + 90)


async def test_without_a_log_the_first_connection_leaves_no_gap(account: Account, parts: Parts) -> None:
    account.logging = ()
    line = Line()
    async with linked(parts, Switchboard([line]), lag=0.0) as watcher:
        line.say(message_frame("Message00001", START))
        await watcher.until(holds("+Message00001"))
        assert watcher.told() == ["connecting", "live", "+Message00001"]


async def test_a_log_that_is_busy_at_first_is_read_later(account: Account, parts: Parts) -> None:
    first, second = Line(), Line()
    account.record(message_frame("Message00001", START + 1))
    async with linked(parts, Switchboard([first, second]), lag=0.05) as watcher:
        await watcher.until(states(1, "live"))
        account.failures["get_log_events"] = [denied("GetLogEvents", "ThrottlingException")]
        first.cut()
        await watcher.until(lambda events: states(2, "live")(events) and holds("+Message00001")(events))
        assert "Gap" not in watcher.told()


@pytest.mark.parametrize(
    "failure",
    [denied("CreateChatToken", "ThrottlingException"), denied("CreateChatToken", "InternalServerException")],
)
async def test_a_token_that_can_not_be_had_just_now_is_asked_for_again(
    account: Account, parts: Parts, failure: Exception
) -> None:
    account.failures["create_chat_token"] = [failure]
    async with linked(parts, Switchboard([Line()])) as watcher:
        await watcher.until(states(1, "live"))
        assert watcher.told() == ["connecting", "reconnecting", "live"]


async def test_a_connection_that_is_not_taken_is_tried_again(parts: Parts) -> None:
    refusals = [LinkLostError("The messaging service did not take the connection.", "HTTP 403")] * 3
    async with linked(parts, Switchboard([*refusals, Line()])) as watcher:
        await watcher.until(states(1, "live"))
        assert watcher.told() == ["connecting", *["reconnecting"] * 3, "live"]


@pytest.mark.parametrize("code", [401, 403, 404])
async def test_an_error_that_ends_the_connection_makes_a_new_one(account: Account, parts: Parts, code: int) -> None:
    first, second = Line(), Line()
    async with linked(parts, Switchboard([first, second])) as watcher:
        first.say({"Type": "ERROR", "Id": "x", "RequestId": "", "ErrorCode": code, "ErrorMessage": "its words"})
        await watcher.until(states(2, "live"))
        lost = next(e for e in watcher.events if isinstance(e, StateChanged) and e.state == "reconnecting")
    assert lost.detail == "its words"
    assert lost.cause
    assert first.closed.is_set()
    assert len(account.called("create_chat_token")) == 2


@pytest.mark.parametrize("code", [400, 406, 413, 429, 500, 0, 999])
async def test_other_errors_end_nothing(parts: Parts, code: int) -> None:
    line = Line()
    async with linked(parts, Switchboard([line])) as watcher:
        line.say(
            {"Type": "ERROR", "Id": "x", "ErrorCode": code, "ErrorMessage": "no"}, message_frame("Message00001", START)
        )
        await watcher.until(holds("+Message00001"))
        assert watcher.told() == ["connecting", "live", "+Message00001"]


@pytest.mark.parametrize(
    ("code", "remedy"),
    [("AccessDeniedException", "ivschat:CreateChatToken"), ("ExpiredTokenException", "aws sso login --profile mods")],
)
async def test_a_refusal_for_good_ends_it_with_the_way_out(
    account: Account, parts: Parts, code: str, remedy: str
) -> None:
    account.failures["create_chat_token"] = [denied("CreateChatToken", code, "its words")]
    async with linked(parts, Switchboard([])) as watcher:
        await asyncio.wait_for(watcher.task, 5)
        last = watcher.events[-1]
        assert isinstance(last, StateChanged)
        assert (last.state, last.detail) == ("refused", "its words")
        assert last.cause
        assert remedy in last.remedy


async def test_an_unknown_room_ends_it(account: Account, parts: Parts) -> None:
    account.room_ids = []
    async with linked(parts, Switchboard([])) as watcher:
        await asyncio.wait_for(watcher.task, 5)
        assert watcher.told() == ["connecting", "refused"]


async def test_connections_that_tell_something_keep_the_delays_short(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_LONGEST_DELAY", 100.0)
    lines = [Line() for _ in range(10)]
    for number, line in enumerate(lines):
        line.say(message_frame(f"Message{number:05}", START + number))
        line.cut()
    async with linked(parts, Switchboard([*lines, Line()])) as watcher:
        await watcher.until(states(11, "live"))
        delays = [e.retry_in or 0 for e in watcher.events if isinstance(e, StateChanged) and e.state == "reconnecting"]
    assert len(delays) == 10
    assert max(delays) <= 0.002 * 4


async def test_delays_grow_and_stay_within_their_limit(parts: Parts) -> None:
    lines = [LinkLostError("no")] * 12
    async with linked(parts, Switchboard([*lines, Line()])) as watcher:
        await watcher.until(states(1, "live"))
        delays = [e.retry_in or 0 for e in watcher.events if isinstance(e, StateChanged) and e.state == "reconnecting"]
    assert len(delays) == 12
    assert 0 < delays[0] <= 0.002
    assert all(0.005 <= delay <= 0.01 for delay in delays[3:])


async def test_what_two_readings_of_the_log_and_a_connection_tell_is_told_once(account: Account, parts: Parts) -> None:
    first, second = Line(), Line()
    frames = [message_frame("Message00001", START + 1), deletion_frame("Message00001", START + 2)]
    async with linked(parts, Switchboard([first, second]), lag=0.0) as watcher:
        first.say(*frames)
        await watcher.until(holds("-Message00001"))
        account.record(*frames)
        first.cut()
        second.say(*frames, deletion_frame("Message00001", START + 9))
        second.say(message_frame("Message00002", START + 10))
        await watcher.until(holds("+Message00002"))
        told = watcher.told()
    assert len(account.called("get_log_events")) > 3
    assert [event for event in told if event[0] in "+-"] == [
        "+Message00001",
        "-Message00001",
        "-Message00001",
        "+Message00002",
    ]
