import asyncio
from time import time
from typing import Any

import pytest

from quell_providers.model import Author, Message
from quell_providers.provider import Provider
from quell_providers.refusal import RefusalKind, RefusedError
from quell_providers.rocketchat import plugin
from quell_providers.rocketchat.provider import RocketChatProvider
from quell_providers.rocketchat.rights import Rights
from quell_providers.rocketchat.server import Server
from tests.unit.quell_providers.rocketchat.fakes import USER_ID, RestServer, rest_client, settings, wire_message

NOT_ALLOWED = {
    "success": False,
    "error": "Not allowed [error-action-not-allowed]",
    "errorType": "error-action-not-allowed",
}


class Workspace(RestServer):
    """A server with one channel, in which the account is moderator, and a time limit for deleting."""

    def __init__(self, limit: object = 10, roles: tuple[str, ...] = ("moderator",)) -> None:
        super().__init__()
        self.set("me", {"success": True, "_id": USER_ID, "username": "moderator", "name": "Mo", "roles": ["user"]})
        self.set("rooms.get", changes({"_id": "GENERAL", "t": "c", "name": "general"}, {"_id": "L", "t": "l"}))
        self.set("subscriptions.get", changes({"rid": "GENERAL", "unread": 4, "roles": roles}))
        self.set("permissions.listAll", changes({"_id": "delete-message", "roles": ["admin", "moderator"]}))
        self.set(
            "settings.public",
            {
                "success": True,
                "settings": [
                    {"_id": "Message_AllowDeleting", "value": True},
                    {"_id": "Message_AllowDeleting_BlockDeleteInMinutes", "value": limit},
                ],
            },
        )


def changes(*update: object) -> dict[str, Any]:
    return {"success": True, "update": list(update), "remove": []}


def provider(server: RestServer) -> RocketChatProvider:
    return RocketChatProvider(settings(), server.transport)


def message(minutes: float = 1.0, room_id: str = "GENERAL") -> Message:
    author = Author("u1", "Amara Okafor", "amara")
    return Message(id="m1", room_id=room_id, author=author, text="hello", sent_at=time() - 60 * minutes)


async def refused_deletion(it: Provider) -> Any:
    with pytest.raises(RefusedError) as refused:
        await it.delete("GENERAL", "m1", "spam")
    return refused.value.refusal


async def test_the_plugin_opens_a_provider() -> None:
    opened = plugin.open(settings())
    assert isinstance(opened, RocketChatProvider)
    await opened.aclose()


async def test_login() -> None:
    it = provider(Workspace())
    identity = await it.login()
    assert (identity.id, identity.name, identity.roles) == (USER_ID, "Mo", ("user",))
    await it.aclose()


async def test_refused_login_says_where_to_make_a_token() -> None:
    server = Workspace()
    server.set("me", {"status": "error", "message": "You must be logged in to do this."}, 401)
    it = provider(server)
    with pytest.raises(RefusedError) as refused:
        await it.login()
    assert refused.value.refusal.kind is RefusalKind.LOGIN
    assert "Personal Access Tokens" in refused.value.refusal.remedy
    await it.aclose()


async def test_rooms() -> None:
    it = provider(Workspace())
    (room,) = await it.rooms()
    assert (room.id, room.name, room.kind, room.unread) == ("GENERAL", "general", "channel", 4)
    await it.aclose()


async def test_history_lists_rooms_once_to_know_their_kind() -> None:
    server = Workspace()
    server.set("channels.history", {"success": True, "messages": [wire_message()]})
    it = provider(server)
    for _ in range(2):
        assert len((await it.history("GENERAL")).messages) == 1
    assert server.calls["rooms.get"] == 1
    await it.aclose()


@pytest.mark.parametrize("room_id", ["nowhere", "L"])
async def test_history_of_a_room_that_has_none(room_id: str) -> None:
    it = provider(Workspace())
    with pytest.raises(RefusedError) as refused:
        await it.history(room_id)
    assert refused.value.refusal.kind is RefusalKind.NOT_FOUND
    await it.aclose()


async def test_history_that_may_not_be_read_is_missing() -> None:
    server = Workspace()
    server.set("channels.history", {"success": False, "error": "unauthorized"}, 403)
    it = provider(server)
    page = await it.history("GENERAL")
    assert page.messages == ()
    assert page.missing is not None
    assert page.missing.kind is RefusalKind.PERMISSION
    server.set("channels.history", {"success": False}, 429)
    with pytest.raises(RefusedError):
        await it.history("GENERAL")
    await it.aclose()


async def test_delete_sends_neither_reason_nor_as_user() -> None:
    server = Workspace()
    server.set("chat.delete", {"success": True}, headers={"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "3"})
    it = provider(server)
    accepted = await it.delete("GENERAL", "m1", "spam")
    assert accepted.quota is not None
    assert accepted.quota.remaining == 3
    assert server.requests[0].content == b'{"roomId":"GENERAL","msgId":"m1"}'
    server.set("chat.delete", {"success": True})
    assert (await it.delete("GENERAL", "m1", None)).quota is None
    await it.aclose()


async def test_not_allowed_is_explained_by_the_rules() -> None:
    server = Workspace()
    server.set("chat.delete", NOT_ALLOWED, 400)
    server.set("chat.getMessage", {"success": True, "message": wire_message()})
    it = provider(server)
    refusal = await refused_deletion(it)
    assert (refusal.kind, refusal.code) == (RefusalKind.PERMISSION, "error-action-not-allowed")
    assert refusal.detail == "Not allowed [error-action-not-allowed]"
    assert "older than 10 minutes" in refusal.cause
    assert "bypass-time-limit-edit-and-delete" in refusal.remedy
    await it.aclose()


async def test_not_allowed_for_want_of_permission() -> None:
    server = Workspace(roles=())
    server.set("chat.delete", NOT_ALLOWED, 400)
    server.set("chat.getMessage", {"success": True, "message": wire_message()})
    it = provider(server)
    refusal = await refused_deletion(it)
    assert "other people's messages" in refusal.cause
    assert "delete-message" in refusal.remedy
    await it.aclose()


async def test_not_allowed_without_an_explanation_names_every_possible_cause() -> None:
    server = Workspace()
    server.set("chat.delete", NOT_ALLOWED, 400)
    server.set("chat.getMessage", {"success": False}, 400)
    it = provider(server)
    refusal = await refused_deletion(it)
    assert "does not say which" in refusal.cause
    assert "Message_AllowDeleting" in refusal.remedy
    await it.aclose()


async def test_rules_that_proved_wrong_are_asked_for_again() -> None:
    server = Workspace(limit=0)
    server.set("chat.delete", NOT_ALLOWED, 400)
    server.set("chat.getMessage", {"success": True, "message": wire_message()})
    it = provider(server)
    assert "does not say which" in (await refused_deletion(it)).cause
    server.set("permissions.listAll", changes())
    (forecast,) = await it.forecast([message()])
    assert forecast.verdict == "refused"
    await it.aclose()


async def test_forecast_asks_once_for_all() -> None:
    server = Workspace()
    it = provider(server)
    verdicts = [
        forecast.verdict
        for forecasts in await asyncio.gather(
            it.forecast([message(), message(minutes=60)]), it.forecast([message(room_id="elsewhere")]), it.forecast([])
        )
        for forecast in forecasts
    ]
    assert verdicts == ["allowed", "refused", "unknown"]
    assert set(server.calls) == {
        "info",
        "me",
        "permissions.listAll",
        "settings.public",
        "rooms.get",
        "subscriptions.get",
    }
    assert set(server.calls.values()) == {1}
    await it.aclose()


async def test_answers_and_failures_count_for_some_time() -> None:
    server = Workspace()
    time_passed = 0.0
    rest = rest_client(server, now=lambda: time_passed)
    it = Rights(rest, Server(rest), now=lambda: time_passed)
    server.set("permissions.listAll", {"success": False, "error": "You must wait 9 seconds before"}, 429)
    for _ in range(2):
        forecasts = await it.forecast([message(), message()])
        assert [forecast.verdict for forecast in forecasts] == ["unknown", "unknown"]
        assert "no more calls" in forecasts[0].cause
    assert server.calls["permissions.listAll"] == 1
    server.set("permissions.listAll", changes({"_id": "delete-message", "roles": ["moderator"]}))
    for time_passed, calls in ((9.5, 2), (189.0, 2), (190.0, 3)):  # noqa: B007 - read by the clock above
        assert (await it.forecast([message()]))[0].verdict == "allowed"
        assert server.calls["permissions.listAll"] == calls
    await rest.aclose()


@pytest.mark.parametrize("limit", [None, "10", -1, 10**300])
async def test_forecast_is_unknown_where_settings_are_not_told(limit: object) -> None:
    it = provider(Workspace(limit))
    (forecast,) = await it.forecast([message()])
    assert forecast.verdict == "unknown"
    assert "did not tell its settings" in forecast.cause
    await it.aclose()


async def test_capabilities() -> None:
    it = provider(Workspace())
    assert it.capabilities.reason_limit is None
    assert it.capabilities.unlimited_without_quota
    assert it.capabilities.unread_counts
    quota = it.capabilities.deletion_quota
    assert (quota.shape, quota.calls, quota.seconds) == ("window", 10, 60.0)
    await it.aclose()


@pytest.mark.parametrize(
    ("answer", "status", "room_id", "exists"),
    [
        ({"success": True, "message": wire_message()}, 200, "GENERAL", True),
        ({"success": True, "message": wire_message(t="rm")}, 200, "GENERAL", False),
        ({"success": False}, 400, "GENERAL", False),
        ({"success": False}, 400, "ELSEWHERE", None),
        ({"success": True, "message": {"_id": "m1"}}, 200, "GENERAL", None),
    ],
)
async def test_whether_a_message_is_there(answer: Any, status: int, room_id: str, exists: bool | None) -> None:
    server = Workspace()
    server.set("chat.getMessage", answer, status)
    it = provider(server)
    assert await it.exists(room_id, "m1") is exists
    await it.aclose()


async def test_whether_a_message_is_there_can_be_refused() -> None:
    server = Workspace()
    server.set("chat.getMessage", {"success": False, "error": "no [error-too-many-requests]"}, 429)
    it = provider(server)
    with pytest.raises(RefusedError):
        await it.exists("GENERAL", "m1")
    await it.aclose()
