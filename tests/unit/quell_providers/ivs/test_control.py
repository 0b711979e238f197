"""What is asked of the control plane, and how its answers are read."""

import pytest

from quell_providers.ivs.pace import Pace
from quell_providers.refusal import RefusalKind, RefusedError
from tests.unit.quell_providers.ivs.fakes import LOGGING, ROOM, START, Account, Parts, room_arn


async def test_rooms_come_from_all_pages(account: Account, parts: Parts) -> None:
    account.room_ids = [f"Room{number:08}" for number in range(7)]
    account.page_size = 3
    assert [room.id for room in await parts.control.list_rooms()] == account.room_ids
    assert [request.get("nextToken") for request in account.called("list_rooms")] == [None, "3", "6"]


async def test_a_token_is_for_viewing_only(account: Account, parts: Parts) -> None:
    ticket = await parts.control.create_ticket(room_arn(ROOM))
    [request] = account.called("create_chat_token")
    assert request["roomIdentifier"] == room_arn(ROOM)
    assert request["userId"] == "quell-test"
    assert "capabilities" not in request
    assert ticket.issued_at == START
    assert "T" * 20 not in repr(ticket)


@pytest.mark.parametrize("reason", ["spam", "naïve " * 42])
async def test_a_deletion_sends_its_reason(account: Account, parts: Parts, reason: str) -> None:
    assert await parts.control.delete_message(room_arn(ROOM), "5OPsDdX18qcJ", reason) == "OpOpOpOpOpOp"
    expected = {"roomIdentifier": room_arn(ROOM), "id": "5OPsDdX18qcJ", "reason": reason}
    assert account.called("delete_message") == [expected]


@pytest.mark.parametrize("reason", [None, ""])
async def test_no_reason_is_left_out_because_an_empty_one_is_invalid(
    account: Account, parts: Parts, reason: str | None
) -> None:
    await parts.control.delete_message(room_arn(ROOM), "5OPsDdX18qcJ", reason)
    assert "reason" not in account.called("delete_message")[0]


@pytest.mark.parametrize(
    ("destination", "group", "described"),
    [
        ({"cloudWatchLogs": {"logGroupName": "/chat"}}, "/chat", "CloudWatch log group /chat"),
        ({"s3": {"bucketName": "archive"}}, None, "S3 bucket archive"),
        ({"firehose": {"deliveryStreamName": "pipe"}}, None, "Firehose stream pipe"),
        ({"novel": {}}, None, "a destination of a kind unknown here"),
    ],
)
async def test_where_a_log_goes(
    account: Account, parts: Parts, destination: dict[str, dict[str, str]], group: str | None, described: str
) -> None:
    account.destination = destination
    found = await parts.control.log_destination(LOGGING)
    assert (found.log_group, found.described) == (group, described)
    assert await parts.control.log_destination(LOGGING) is found
    assert len(account.called("get_logging_configuration")) == 1


async def test_an_answer_of_another_shape_is_a_refusal(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "list_rooms", lambda **_: {"rooms": [{"id": 7}]})
    with pytest.raises(RefusedError) as caught:
        await parts.control.list_rooms()
    assert caught.value.refusal.kind is RefusalKind.UNAVAILABLE
    assert "not understood" in caught.value.refusal.cause


async def test_a_room_that_can_not_be_read_hides_no_other(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = [account._room(ROOM), {"id": 7}, 5]
    monkeypatch.setattr(account, "list_rooms", lambda **_: {"rooms": rooms})
    assert [room.id for room in await parts.control.list_rooms()] == [ROOM]


async def test_calls_that_only_look_keep_within_the_service_s_quotas(
    account: Account, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[int] = []

    async def turn(pace: Pace) -> None:
        waited.append(pace.calls)

    monkeypatch.setattr(Pace, "turn", turn)
    account.room_ids = [f"Room{number:08}" for number in range(5)]
    account.page_size = 2
    await parts.control.probe()
    await parts.control.list_rooms()
    await parts.control.get_room(room_arn("Room00000001"))
    await parts.control.log_destination(LOGGING)
    await parts.control.log_destination(LOGGING)
    assert waited == [5, 5, 5, 5, 5, 3]


async def test_one_user_is_disconnected(account: Account, parts: Parts) -> None:
    await parts.control.disconnect_user(room_arn(ROOM), "u1", "flood")
    await parts.control.disconnect_user(room_arn(ROOM), "u1", "")
    target = {"roomIdentifier": room_arn(ROOM), "userId": "u1"}
    assert account.called("disconnect_user") == [target | {"reason": "flood"}, target]
