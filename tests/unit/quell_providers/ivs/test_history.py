"""Reading a room's chat log, backwards and from a time on."""

import asyncio
import logging
from typing import Any

import pytest

from quell_providers.ivs import history
from quell_providers.ivs.answers import RoomSummary
from quell_providers.model import Deleted, Posted
from quell_providers.refusal import RefusalKind, RefusedError
from tests.unit.quell_providers.ivs.fakes import (
    LOGGING,
    ROOM,
    START,
    Account,
    Parts,
    deletion_frame,
    denied,
    message_frame,
    room_arn,
)

LOGGED = RoomSummary(arn=room_arn(ROOM), id=ROOM, logging_configuration_identifiers=(LOGGING,))


def talk(count: int) -> list[dict[str, Any]]:
    return [message_frame(f"Message{number:05}", START + number) for number in range(count)]


async def read_all(parts: Parts, limit: int) -> list[list[str]]:
    pages, before = [], None
    while True:
        page = await parts.history.page(LOGGED, limit, before)
        pages.append([message.id for message in page.messages])
        before = page.older
        if before is None:
            return pages


@pytest.mark.parametrize("log_page", [2, 3, 10_000])
async def test_pages_go_back_in_time_each_oldest_first(account: Account, parts: Parts, log_page: int) -> None:
    account.record(*talk(10))
    account.log_page = log_page
    pages = await read_all(parts, 4)
    assert pages[0] == ["Message00006", "Message00007", "Message00008", "Message00009"]
    assert [message_id for page in reversed(pages) for message_id in page] == [f"Message{n:05}" for n in range(10)]


async def test_the_room_s_own_stream_is_read(account: Account, parts: Parts) -> None:
    await parts.history.page(LOGGED, 5, None)
    request = account.called("get_log_events")[0]
    assert request["logGroupName"] == "/chat"
    assert request["logStreamName"] == f"aws/IVSChatLogs/1.0/room_{ROOM}"
    assert request["limit"] == 5


async def test_other_events_do_not_count_as_messages(account: Account, parts: Parts) -> None:
    event = {"Type": "EVENT", "EventName": "app:POLL", "SendTime": "2023-11-14T22:13:20Z"}
    account.record(message_frame("Message00001", START), *[event] * 5, message_frame("Message00002", START + 9))
    page = await parts.history.page(LOGGED, 2, None)
    assert [message.id for message in page.messages] == ["Message00001", "Message00002"]


async def test_a_deletion_met_pages_before_its_message_still_marks_it(account: Account, parts: Parts) -> None:
    account.record(*talk(6), deletion_frame("Message00000", START + 60, "flood"))
    newest = await parts.history.page(LOGGED, 2, None)
    assert not any(message.deleted for message in newest.messages)
    oldest = await parts.history.page(LOGGED, 4, newest.older)
    marks = [(message.deleted, message.deletion_reason) for message in oldest.messages]
    assert marks == [(True, "flood"), (False, None), (False, None), (False, None)]


async def test_a_deletion_seen_live_marks_what_is_read_later(account: Account, parts: Parts) -> None:
    account.record(*talk(1))
    parts.history.note(Deleted(ROOM, "Message00000", "spam"))
    [message] = (await parts.history.page(LOGGED, 10, None)).messages
    assert (message.deleted, message.deletion_reason) == (True, "spam")


async def test_only_so_many_deletions_are_remembered(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_MARKS", 80)
    account.record(*talk(200))
    for number in range(200):
        parts.history.note(Deleted(ROOM, f"Message{number:05}", "spam"))
    marks = [message.deleted for message in (await parts.history.page(LOGGED, 200, None)).messages]
    assert marks[-70:] == [True] * 70
    assert sum(marks) <= 80


async def test_a_record_that_can_not_be_read_is_passed_over_and_logged_without_its_text(
    account: Account, parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    account.record(*talk(1))
    account.log.append((START + 1, '{"payload": {"Type": "MESSAGE", "Content": "private words"}}'))
    with caplog.at_level(logging.WARNING, "quell_providers.ivs.history"):
        page = await parts.history.page(LOGGED, 10, None)
    assert [message.id for message in page.messages] == ["Message00000"]
    assert ROOM in caplog.text
    assert "private words" not in caplog.text
    assert parts.unreadable == {ROOM: 1}


async def test_a_log_event_that_is_none_hides_no_other(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.record(message_frame("Message00001", START))
    events = [5, {"message": 5}, {}, *account.get_log_events(limit=10)["events"]]
    monkeypatch.setattr(account, "get_log_events", lambda **_: {"events": events})
    page = await parts.history.page(LOGGED, 10, None)
    assert [message.id for message in page.messages] == ["Message00001"]
    assert parts.unreadable[ROOM] == 3


async def test_a_log_whose_tokens_never_end_is_given_up(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = iter(range(10_000))
    monkeypatch.setattr(account, "get_log_events", lambda **_: {"events": [], "nextBackwardToken": f"b{next(turns)}"})
    assert (await parts.history.page(LOGGED, 10, None)).messages == ()
    assert next(turns) < 100


async def test_a_room_without_a_log_says_so_in_one_line_with_the_way_out(parts: Parts) -> None:
    page = await parts.history.page(RoomSummary(arn=room_arn(ROOM), id=ROOM), 10, None)
    assert page.missing is not None
    assert page.messages == ()
    assert "keeps no chat log" in page.missing.cause
    assert "CloudWatch Logs" in page.missing.remedy
    assert "\n" not in page.missing.cause


async def test_a_room_that_logs_elsewhere_says_where(account: Account, parts: Parts) -> None:
    account.destination = {"s3": {"bucketName": "archive"}}
    page = await parts.history.page(LOGGED, 10, None)
    assert page.missing is not None
    assert "S3 bucket archive" in page.missing.cause


async def test_any_of_several_destinations_that_can_be_read_is_read(account: Account, parts: Parts) -> None:
    account.record(*talk(1))
    account.failures["get_logging_configuration"] = [denied("GetLoggingConfiguration", "ResourceNotFoundException")]
    several = RoomSummary(arn=room_arn(ROOM), id=ROOM, logging_configuration_identifiers=(LOGGING + "x", LOGGING))
    page = await parts.history.page(several, 10, None)
    assert [message.id for message in page.messages] == ["Message00000"]


async def test_rooms_that_share_a_configuration_ask_for_it_once(account: Account, parts: Parts) -> None:
    await asyncio.gather(*(parts.history.page(LOGGED, 1, None) for _ in range(20)))
    assert len(account.called("get_logging_configuration")) == 1


@pytest.mark.parametrize(
    ("method", "operation", "action"),
    [
        ("get_logging_configuration", "GetLoggingConfiguration", "ivschat:GetLoggingConfiguration"),
        ("get_log_events", "GetLogEvents", "logs:GetLogEvents"),
    ],
)
async def test_a_log_that_may_not_be_read_names_the_permission(
    account: Account, parts: Parts, method: str, operation: str, action: str
) -> None:
    account.failures[method] = [denied(operation)]
    page = await parts.history.page(LOGGED, 10, None)
    assert page.missing is not None
    assert page.missing.kind is RefusalKind.PERMISSION
    assert action in page.missing.remedy


async def test_a_log_group_that_is_gone_is_told(account: Account, parts: Parts) -> None:
    words = "The specified log group does not exist."
    account.failures["get_log_events"] = [denied("GetLogEvents", "ResourceNotFoundException", words)]
    page = await parts.history.page(LOGGED, 10, None)
    assert page.missing is not None
    assert page.missing.detail == words
    assert "log group /chat" in page.missing.cause
    assert "ivschat:UpdateRoom" in page.missing.remedy


async def test_a_room_where_nothing_was_said_yet_is_just_empty(account: Account, parts: Parts) -> None:
    words = "The specified log stream does not exist."
    account.failures["get_log_events"] = [denied("GetLogEvents", "ResourceNotFoundException", words)]
    page = await parts.history.page(LOGGED, 10, None)
    assert (page.messages, page.older, page.missing) == ((), None, None)


async def test_what_may_mend_is_raised(account: Account, parts: Parts) -> None:
    account.failures["get_log_events"] = [denied("GetLogEvents", "ThrottlingException")]
    with pytest.raises(RefusedError) as caught:
        await parts.history.page(LOGGED, 10, None)
    assert caught.value.refusal.kind is RefusalKind.THROTTLED


async def test_reading_from_a_time_on_gives_events_in_order(account: Account, parts: Parts) -> None:
    account.record(*talk(5), deletion_frame("Message00003", START + 9))
    account.log_page = 2
    events = [event async for event in parts.history.since(LOGGED, START + 2)]
    told = [event.message.id if isinstance(event, Posted) else f"-{event.message_id}" for event in events]
    assert told == ["Message00002", "Message00003", "Message00004", "-Message00003"]
