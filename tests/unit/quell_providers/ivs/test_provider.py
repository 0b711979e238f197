"""The provider on an account in memory: what it decides by itself."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec import Struct

from quell_providers.ivs import plugin
from quell_providers.ivs.calls import AwsSession
from quell_providers.ivs.settings import IvsSettings
from quell_providers.model import Author, Message
from quell_providers.provider import Provider
from quell_providers.refusal import RefusalKind, RefusedError
from tests.unit.quell_providers.ivs.fakes import ROOM, Account, denied, room_arn

MESSAGE = "5OPsDdX18qcJ"


def message(message_id: str = MESSAGE, room_id: str = ROOM) -> Message:
    return Message(id=message_id, room_id=room_id, author=Author("u1", "Amara"), text="hi", sent_at=0.0)


@pytest.fixture
async def provider(account: Account, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Provider]:
    monkeypatch.setattr(AwsSession, "client", lambda *_: account)
    monkeypatch.setattr(AwsSession, "access_key_id", lambda _: "AKIAEXAMPLE")
    provider = plugin.open(IvsSettings(region="us-west-2", profile="mods"))
    yield provider
    await provider.aclose()


async def verdicts(provider: Provider, *messages: Message) -> list[str]:
    return [forecast.verdict for forecast in await provider.forecast(messages)]


def test_settings_of_another_service_are_a_mistake() -> None:
    class Other(Struct):
        pass

    with pytest.raises(TypeError, match="IvsSettings"):
        plugin.open(Other())


async def test_credentials_that_may_not_list_rooms_are_good_credentials(account: Account, provider: Provider) -> None:
    account.failures["list_rooms"] = [denied("ListRooms")]
    identity = await provider.login()
    assert (identity.id, identity.name) == ("AKIAEXAMPLE", "mods")


async def test_expired_credentials_are_a_refused_login(account: Account, provider: Provider) -> None:
    account.failures["list_rooms"] = [denied("ListRooms", "ExpiredTokenException")]
    with pytest.raises(RefusedError) as caught:
        await provider.login()
    assert caught.value.refusal.kind is RefusalKind.LOGIN
    assert caught.value.refusal.remedy == "aws sso login --profile mods"


async def test_an_accepted_deletion_keeps_the_operation_s_id(provider: Provider) -> None:
    accepted = await provider.delete(ROOM, MESSAGE, "spam")
    assert accepted.operation_id == "OpOpOpOpOpOp"
    assert accepted.quota is None


@pytest.mark.parametrize(
    "arguments",
    [(ROOM, "short", "spam"), (ROOM, MESSAGE + "x", "spam"), (ROOM, MESSAGE, "x" * 257), ("finals", MESSAGE, "spam")],
)
async def test_what_the_service_would_refuse_is_not_even_sent(
    account: Account, provider: Provider, arguments: tuple[Any, ...]
) -> None:
    with pytest.raises(RefusedError) as caught:
        await provider.delete(*arguments)
    assert caught.value.refusal.kind is RefusalKind.INVALID
    assert caught.value.refusal.cause
    assert account.calls == []


async def test_a_forecast_is_unknown_until_something_was_learned(provider: Provider) -> None:
    [forecast] = await provider.forecast([message()])
    assert forecast.verdict == "unknown"
    assert forecast.cause


async def test_a_refusal_is_remembered_for_its_room_until_a_deletion_is_accepted(
    account: Account, provider: Provider
) -> None:
    account.room_ids.append("OtherRoom123")
    account.failures["delete_message"] = [denied("DeleteMessage")]
    with pytest.raises(RefusedError):
        await provider.delete(ROOM, MESSAGE, None)
    both = (message(), message(room_id="OtherRoom123"))
    assert await verdicts(provider, *both) == ["refused", "unknown"]
    assert "ivschat:DeleteMessage" in (await provider.forecast(both))[0].remedy
    await provider.delete(ROOM, MESSAGE, None)
    assert await verdicts(provider, *both) == ["allowed", "unknown"]


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerException", "ValidationException"])
async def test_other_refusals_tell_nothing_about_the_next_message(
    account: Account, provider: Provider, code: str
) -> None:
    account.failures["delete_message"] = [denied("DeleteMessage", code)]
    with pytest.raises(RefusedError):
        await provider.delete(ROOM, MESSAGE, None)
    assert await verdicts(provider, message()) == ["unknown"]


async def test_an_id_that_can_be_none_is_forecast_as_refused(provider: Provider) -> None:
    assert await verdicts(provider, message("short"), message(room_id="short")) == ["refused", "refused"]


async def test_an_author_is_disconnected_with_the_reason(account: Account, provider: Provider) -> None:
    assert provider.capabilities.disconnects
    await provider.disconnect(ROOM, "amara.7f2c", "flood")
    assert account.called("disconnect_user")[0]["reason"] == "flood"


@pytest.mark.parametrize(("author", "reason"), [("", "x"), ("u" * 129, "x"), ("u1", "x" * 257)])
async def test_an_impossible_disconnection_is_not_even_sent(
    account: Account, provider: Provider, author: str, reason: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        await provider.disconnect(ROOM, author, reason)
    assert caught.value.refusal.kind is RefusalKind.INVALID
    assert account.calls == []


async def test_a_refused_disconnection_names_the_permission(account: Account, provider: Provider) -> None:
    account.failures["disconnect_user"] = [denied("DisconnectUser")]
    with pytest.raises(RefusedError) as caught:
        await provider.disconnect(ROOM, "u1", None)
    assert "ivschat:DisconnectUser" in caught.value.refusal.remedy


async def test_rooms_are_found_by_any_reference(account: Account, provider: Provider) -> None:
    account.names = {ROOM: "finals"}
    for reference in (ROOM, "finals", room_arn(ROOM)):
        assert [room.id for room in await provider.find_rooms(reference)] == [ROOM]


async def test_what_could_not_be_understood_is_counted(account: Account, provider: Provider) -> None:
    assert provider.unreadable() == {}
    account.log.append((0.0, "not JSON"))
    await provider.history(ROOM)
    assert provider.unreadable() == {ROOM: 1}


async def test_closing_gives_both_clients_back(account: Account, provider: Provider) -> None:
    await provider.history(ROOM)
    await provider.aclose()
    assert account.closed == 2


async def told_of_rooms(provider: Provider) -> list[object]:
    return [event async for event in provider.watch_rooms()]


async def test_a_login_refused_for_one_room_is_told_of_the_account(account: Account, provider: Provider) -> None:
    watching = [asyncio.create_task(told_of_rooms(provider)) for _ in range(2)]
    account.failures["delete_message"] = [
        denied("DeleteMessage"),
        denied("DeleteMessage", "ThrottlingException"),
        denied("DeleteMessage", "ExpiredTokenException"),
    ]
    for kind in (RefusalKind.PERMISSION, RefusalKind.THROTTLED, RefusalKind.LOGIN):
        assert not any(each.done() for each in watching)
        with pytest.raises(RefusedError) as caught:
            await provider.delete(ROOM, MESSAGE, "spam")
        assert caught.value.refusal.kind is kind
    for each in watching:
        with pytest.raises(RefusedError) as told:
            await each
        assert told.value.refusal == caught.value.refusal


async def test_a_refusal_from_before_is_not_told_again(account: Account, provider: Provider) -> None:
    account.failures["delete_message"] = [denied("DeleteMessage", "ExpiredTokenException")]
    with pytest.raises(RefusedError):
        await provider.delete(ROOM, MESSAGE, "spam")
    watching = asyncio.create_task(told_of_rooms(provider))
    await provider.delete(ROOM, MESSAGE, "spam")
    assert not watching.done()
    await provider.aclose()
    assert await watching == []
