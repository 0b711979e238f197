"""A chat log that fails for a while, or is behind for longer than usual, loses nothing without a word."""

import asyncio
import math
from typing import Any

import pytest

from quell_providers.ivs import late, live
from quell_providers.ivs.late import LateGaps
from quell_providers.model import Gap, GapFilled
from tests.unit.quell_providers.ivs.fakes import ROOM, START, Account, Line, Parts, Switchboard, denied, message_frame
from tests.unit.quell_providers.ivs.test_live import Watcher, holds, impatience, linked, states

__all__ = ["impatience"]

_READINGS = 3 + live._TRIES
"""At once, when the log has caught up, when it is slow for once, and when all that fails."""


async def test_a_log_that_stays_busy_is_given_up_with_a_gap(account: Account, parts: Parts) -> None:
    first, second = Line(), Line()
    async with linked(parts, Switchboard([first, second]), lag=0.01) as watcher:
        await watcher.until(states(1, "live"))
        account.failures["get_log_events"] = [denied("GetLogEvents", "ThrottlingException") for _ in range(_READINGS)]
        first.cut()
        await watcher.until(holds("Gap"))
        assert watcher.told().count("Gap") == 1
        assert account.failures["get_log_events"] == []


async def test_a_log_that_is_busy_for_long_leaves_no_gap(account: Account, parts: Parts) -> None:
    first, second = Line(), Line()
    account.record(message_frame("Message00001", START + 1))
    async with linked(parts, Switchboard([first, second]), lag=0.01) as watcher:
        await watcher.until(states(1, "live"))
        busy = [denied("GetLogEvents", "ThrottlingException") for _ in range(_READINGS - 1)]
        account.failures["get_log_events"] = [*busy]
        first.cut()
        await watcher.until(holds("+Message00001"))
        assert "Gap" not in watcher.told()
        assert account.failures["get_log_events"] == []


async def test_a_log_that_is_behind_what_came_live_is_read_until_it_is_not(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, read, readings = Line(), Line(), account.get_log_events, 0
    missed, heard = message_frame("Missed000001", START + 1), message_frame("Heard0000001", START + 2)

    def slow(**request: Any) -> dict[str, Any]:
        nonlocal readings
        readings += 1
        if readings == 3 + 2:
            account.record(missed, heard)
        return read(**request)

    async with linked(parts, Switchboard([first, second]), lag=0.01) as watcher:
        await watcher.until(states(1, "live"))
        monkeypatch.setattr(account, "get_log_events", slow)
        second.say(heard)
        first.cut()
        await watcher.until(holds("+Missed000001"))
        assert "Gap" not in watcher.told()


async def test_a_log_that_stays_behind_leaves_a_gap(account: Account, parts: Parts) -> None:
    first, second = Line(), Line()
    async with linked(parts, Switchboard([first, second]), lag=0.01) as watcher:
        await watcher.until(states(1, "live"))
        second.say(message_frame("Heard0000001", START + 2))
        first.cut()
        await watcher.until(holds("Gap"))
        assert watcher.told().count("Gap") == 1


def gap_and_filling(watcher: Watcher) -> tuple[tuple[float, float], tuple[float, float]]:
    """From when to when something was missing, and is not any more."""
    (gap,) = (event for event in watcher.events if isinstance(event, Gap))
    (filled,) = (event for event in watcher.events if isinstance(event, GapFilled))
    return (gap.since, gap.until), (filled.since, filled.until)


async def test_a_gap_of_a_busy_log_is_filled_later(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late, "_FIRST_LOOK", 0.01)
    first, second = Line(), Line()
    missed, after = message_frame("Missed000001", START - 1), message_frame("After0000001", START + 30)
    async with linked(parts, Switchboard([first, second]), lag=0.01) as watcher:
        await watcher.until(states(1, "live"))
        busy = [denied("GetLogEvents", "ThrottlingException") for _ in range(_READINGS + 2)]
        account.failures["get_log_events"] = [*busy]
        first.cut()
        await watcher.until(holds("Gap"))
        second.say(after)
        account.record(missed, after)
        await watcher.until(holds("GapFilled"))
        told = watcher.told()
        assert told.index("Gap") < told.index("+Missed000001") < told.index("GapFilled")
        assert (told.count("+Missed000001"), told.count("+After0000001")) == (1, 1)
        gap, filled = gap_and_filling(watcher)
        assert gap == filled


async def test_a_log_that_does_not_reach_beyond_the_gap_yet_fills_nothing(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late, "_FIRST_LOOK", 0.01)
    first, second = Line(), Line()
    missed, heard = message_frame("Missed000001", START - 1), message_frame("Heard0000001", START + 30)
    async with linked(parts, Switchboard([first, second]), lag=0.01) as watcher:
        await watcher.until(states(1, "live"))
        second.say(heard)
        first.cut()
        await watcher.until(holds("Gap"))
        read = len(account.called("get_log_events"))
        account.record(missed)
        await watcher.until(holds("+Missed000001"))
        assert "GapFilled" not in watcher.told()
        account.record(heard)
        await watcher.until(holds("GapFilled"))
        looks = account.called("get_log_events")[read:]
        gap, _ = gap_and_filling(watcher)
        assert {each["endTime"] for each in looks} == {int((gap[1] + late._BEYOND) * 1000)}


async def test_a_gap_is_filled_after_long_although_nothing_was_said_since(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late, "_FIRST_LOOK", 0.01)
    monkeypatch.setattr(late, "_CERTAIN_SECONDS", 0.0)
    first, second = Line(), Line()
    async with linked(parts, Switchboard([first, second]), lag=0.01) as watcher:
        await watcher.until(states(1, "live"))
        account.failures["get_log_events"] = [denied("GetLogEvents", "ThrottlingException") for _ in range(_READINGS)]
        first.cut()
        await watcher.until(holds("Gap", "GapFilled"))


async def test_a_gap_is_let_be_when_the_log_may_not_be_read_any_more(account: Account, parts: Parts) -> None:
    gaps, room = LateGaps(parts.history), await parts.directory.find(ROOM)
    gaps.add(Gap(ROOM, START - 60, START))
    account.failures["get_log_events"] = [denied("GetLogEvents", "ThrottlingException"), denied("GetLogEvents")]
    assert [event async for event in gaps.look(room, START)] == []
    assert gaps.due < math.inf
    assert [event async for event in gaps.look(room, START)] == []
    assert gaps.due == math.inf


async def test_it_is_looked_again_ever_more_rarely(account: Account, parts: Parts) -> None:
    gaps, room, pauses = LateGaps(parts.history), await parts.directory.find(ROOM), []
    gaps.add(Gap(ROOM, START - 60, START))
    for _ in range(6):
        pauses.append(round(gaps.due - asyncio.get_running_loop().time()))
        assert [event async for event in gaps.look(room, START)] == []
    assert pauses == [60, 120, 240, 480, 600, 600]


async def test_a_long_time_that_was_missed_is_told_once_however_often_the_log_is_read(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, read, readings = Line(), Line(), account.get_log_events, 0
    missed = [message_frame(f"Missed{number:06}", START + number) for number in range(1_500)]

    def growing(**request: Any) -> dict[str, Any]:
        nonlocal readings
        readings += 1
        if readings == 2 + 2 + 1:
            account.record(message_frame("Last00000001", START + 1_501))
        return read(**request)

    async with linked(parts, Switchboard([first, second]), lag=0.05) as watcher:
        await watcher.until(states(1, "live"))
        account.record(*missed)
        monkeypatch.setattr(account, "get_log_events", growing)
        first.cut()
        await watcher.until(holds("+Last00000001"))
        told = [each for each in watcher.told() if each.startswith("+")]
    assert told == [*(f"+Missed{number:06}" for number in range(1_500)), "+Last00000001"]


async def test_what_no_log_and_no_connection_can_tell_again_is_not_remembered(parts: Parts) -> None:
    line = Line()
    said = [message_frame(f"Message{number:05}", START + number) for number in range(2_500)]
    async with linked(parts, Switchboard([line]), lag=0.0) as watcher:
        line.say(*said, said[2_450], said[0], message_frame("Last00000001", START + 2_500))
        await watcher.until(holds("+Last00000001"))
        told = watcher.told()
    assert told.count("+Message02450") == 1
    assert told.count("+Message00000") == 2


async def test_what_is_read_again_for_a_gap_is_not_told_again(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late, "_FIRST_LOOK", 0.2)
    first, second = Line(), Line()
    missed = message_frame("Missed000001", START - 1)
    after = [message_frame(f"After{number:07}", START + number / 10) for number in range(3_000)]
    async with linked(parts, Switchboard([first, second]), lag=0.01) as watcher:
        await watcher.until(states(1, "live"))
        account.failures["get_log_events"] = [
            denied("GetLogEvents", "ThrottlingException") for _ in range(_READINGS + 2)
        ]
        first.cut()
        await watcher.until(holds("Gap"))
        second.say(*after)
        await watcher.until(holds("+After0002999"))
        account.record(missed, *after)
        await watcher.until(holds("GapFilled"))
        told = [each for each in watcher.told() if each.startswith("+After")]
    assert told == [f"+After{number:07}" for number in range(3_000)]
