"""What clients may ask for over the messaging socket, how much of it and how often."""

from typing import Any

import pytest

from quell_providers.sandbox.faults import Fault, Faults
from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.ivs.service import IvsService
from tests.unit.quell_providers.sandbox.ivs.conftest import Stage
from tests.unit.quell_providers.sandbox.ivs.sockets import ask, frame, joined

ALL = ("SEND_MESSAGE", "DELETE_MESSAGE", "DISCONNECT_USER")


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({}, 400),
        ({"Action": 7}, 400),
        ({"Action": "send_message", "Content": "x"}, 400),
        ({"Action": "SEND_MESSAGE"}, 400),
        ({"Action": "SEND_MESSAGE", "Content": 7}, 400),
        ({"Action": "SEND_MESSAGE", "Content": "x", "Attributes": {"k": 1}}, 400),
        ({"Action": "SEND_MESSAGE", "Content": "x", "Attributes": ["k"]}, 400),
        ({"Action": "SEND_MESSAGE", "Content": "x", "Attributes": {"k": "v" * 1_024}}, 413),
        ({"Action": "DELETE_MESSAGE", "Id": "AbCdEfGhIj-l"}, 400),
        ({"Action": "DELETE_MESSAGE", "Id": "AbCdEfGhIjKl", "Reason": 7}, 400),
        ({"Action": "DELETE_MESSAGE", "Id": "AbCdEfGhIjKl", "Reason": "x" * 257}, 413),
        ({"Action": "DISCONNECT_USER"}, 400),
        ({"Action": "DISCONNECT_USER", "UserId": ""}, 400),
        ({"Action": "DISCONNECT_USER", "UserId": "x" * 129}, 413),
        ({"Action": "DISCONNECT_USER", "UserId": "x", "Reason": "x" * 257}, 413),
    ],
)
async def test_wrong_requests_are_answered_with_their_id(stage: Stage, request_: dict[str, Any], code: int) -> None:
    async with joined(stage, stage.finals, *ALL) as socket:
        got = await ask(socket, **request_, RequestId="mine")
    assert (got["Type"], got["RequestId"], got["ErrorCode"]) == ("ERROR", "mine", code)
    assert len(got["Id"]) == 12
    assert got["ErrorMessage"]


async def test_a_request_id_is_a_string(stage: Stage) -> None:
    async with joined(stage, stage.finals, *ALL) as socket:
        got = await ask(socket, Action="SEND_MESSAGE", Content="x", RequestId=7)
    assert (got["ErrorCode"], got["RequestId"]) == (400, "")


@pytest.mark.parametrize("action", ALL)
async def test_each_action_needs_its_own_capability(stage: Stage, action: str) -> None:
    others = [capability for capability in ALL if capability != action]
    async with joined(stage, stage.finals, *others) as socket:
        got = await ask(socket, Action=action, Id="AbCdEfGhIjKl", UserId="x", Content="x")
    assert got["ErrorCode"] == 403
    assert action in got["ErrorMessage"]


async def test_messages_are_measured_in_code_points(stage: Stage) -> None:
    await stage.call("admin", "update_room", identifier=names.room_arn(stage.finals.id), maximumMessageLength=3)
    async with joined(stage, stage.finals, *ALL) as socket:
        assert (await ask(socket, Action="SEND_MESSAGE", Content="👩🏽‍"))["Content"] == "👩🏽‍"
        got = await ask(socket, Action="SEND_MESSAGE", Content="👩🏽‍🚀")
    assert got["ErrorCode"] == 413
    assert "3" in got["ErrorMessage"]


async def test_a_room_takes_only_so_many_messages_a_second_from_all_together(stage: Stage) -> None:
    await stage.call("admin", "update_room", identifier=names.room_arn(stage.finals.id), maximumMessageRatePerSecond=2)
    async with (
        joined(stage, stage.finals, *ALL) as one,
        joined(stage, stage.finals, *ALL, user="other") as other,
        joined(stage, stage.backstage, *ALL) as elsewhere,
    ):
        assert (await ask(one, Action="SEND_MESSAGE", Content="1"))["Content"] == "1"
        assert (await frame(other))["Content"] == "1"
        assert (await ask(other, Action="SEND_MESSAGE", Content="2"))["Content"] == "2"
        assert (await frame(one))["Content"] == "2"
        assert (await ask(one, Action="SEND_MESSAGE", Content="3"))["ErrorCode"] == 429
        assert (await ask(elsewhere, Action="SEND_MESSAGE", Content="3"))["Content"] == "3"
        stage.clock.advance(0.5)
        assert (await ask(one, Action="SEND_MESSAGE", Content="4"))["Content"] == "4"


async def test_a_connection_makes_ten_requests_a_second(stage: Stage) -> None:
    stage.service.account.quotas.set_rate("DeleteMessage", 100)
    async with joined(stage, stage.finals, *ALL) as socket, joined(stage, stage.finals, *ALL, user="x") as other:
        for _ in range(10):
            assert (await ask(socket, Action="DELETE_MESSAGE", Id="AbCdEfGhIjKl"))["Type"] == "EVENT"
        got = await ask(socket, Action="DELETE_MESSAGE", Id="AbCdEfGhIjKl", RequestId="eleven")
        assert (got["ErrorCode"], got["RequestId"]) == (429, "eleven")
        for _ in range(10):
            await frame(other)
        assert (await ask(other, Action="DELETE_MESSAGE", Id="AbCdEfGhIjKl"))["Type"] == "EVENT"
        await frame(socket)
        stage.clock.advance(0.125)
        assert (await ask(socket, Action="DELETE_MESSAGE", Id="AbCdEfGhIjKl"))["Type"] == "EVENT"


async def test_disconnections_draw_from_the_quota_of_the_control_plane(stage: Stage) -> None:
    stage.service.account.quotas.set_rate("DisconnectUser", 1)
    await stage.call("admin", "disconnect_user", roomIdentifier=names.room_arn(stage.finals.id), userId="nobody")
    async with joined(stage, stage.finals, *ALL) as socket:
        assert (await ask(socket, Action="DISCONNECT_USER", UserId="nobody"))["ErrorCode"] == 429


async def test_a_room_that_was_deleted_meanwhile_is_not_found(stage: Stage) -> None:
    async with joined(stage, stage.finals, *ALL) as socket:
        await stage.call("admin", "delete_room", identifier=names.room_arn(stage.finals.id))
        assert (await ask(socket, Action="SEND_MESSAGE", Content="anyone?"))["ErrorCode"] == 404


async def test_the_service_may_break(stage: Stage) -> None:
    faults = Faults()
    service = IvsService(stage.world, tps=5, faults=faults)
    await service.start()
    try:
        stage.service, original = service, stage.service
        faults.add(Fault("status", route="messaging/SEND_MESSAGE", times=1))
        async with joined(stage, stage.finals, *ALL) as socket:
            got = await ask(socket, Action="SEND_MESSAGE", Content="x", RequestId="r")
            assert (got["ErrorCode"], got["RequestId"]) == (500, "r")
            assert (await ask(socket, Action="SEND_MESSAGE", Content="y"))["Content"] == "y"
        stage.service = original
    finally:
        await service.stop()
