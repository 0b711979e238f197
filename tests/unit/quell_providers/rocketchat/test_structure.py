"""What is nearly right is understood, or refused in the provider's own words; what follows still arrives."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

import httpx
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosedOK

from quell_providers.model import Posted, RoomListed
from quell_providers.rocketchat.ddp import DdpConnection
from quell_providers.rocketchat.directory import Directory
from quell_providers.rocketchat.memory import Memories
from quell_providers.rocketchat.network import tls_context
from quell_providers.rocketchat.provider import RocketChatProvider
from quell_providers.rocketchat.realtime import Realtime
from quell_providers.rocketchat.settings import RocketChatSettings
from quell_providers.rocketchat.stream import RoomStream
from quell_providers.secret import Secret
from tests.unit.quell_providers.answers import is_answered
from tests.unit.quell_providers.rocketchat.bench import Ear, synced
from tests.unit.quell_providers.rocketchat.fakes import (
    ROOM_ID,
    USER_ID,
    RestServer,
    credentials,
    rest_client,
    settings,
    spend_freely,
    wire_message,
)
from tests.unit.quell_providers.rocketchat.test_damage import BODIES, FRAMES, MESSAGES, changed
from tests.unit.quell_providers.structure import VALUES, encoded, pairs, smallest, variants

pytestmark = pytest.mark.usefixtures("quiet")


class Script:
    """A socket that says what it was given, and then ends."""

    def __init__(self, frames: list[bytes]) -> None:
        self._frames = iter(frames)

    async def recv(self, decode: bool) -> bytes:
        for frame in self._frames:
            return frame
        raise ConnectionClosedOK(None, None)

    async def send(self, data: bytes, text: bool) -> None:
        return

    async def close(self) -> None:
        return


REST = rest_client(RestServer())
"""Asked for nothing, so that it has nothing to give back."""


async def heard(frames: list[bytes]) -> tuple[list[str], list[str]]:
    """Ids of the messages, and of the rooms, that a client tells of after these frames."""
    client = Realtime(settings(), credentials(), tls_context(settings()), REST, Directory(), Memories())
    room = RoomStream(ROOM_ID, REST, client._catch_up, client._hidden, client._memories[ROOM_ID])
    ear, watcher = Ear(room.join()), client._account.watch()
    client._streams[ROOM_ID] = room
    connection = DdpConnection(cast("ClientConnection", Script(frames)))
    async with asyncio.timeout(10):
        refusal = await connection.run(client._dispatch)
    assert refusal.cause == "The connection to the server ended."
    posted = [event.message.id for event in ear.content() if isinstance(event, Posted)]
    listed = [watcher.get_nowait() for _ in range(watcher.qsize())]
    return posted, [event.room.id for event in listed if isinstance(event, RoomListed)]


def slim(document: Any) -> Any:
    """The document without what a message has and nobody reads."""
    if isinstance(document, list):
        return [slim(each) for each in document]
    if isinstance(document, dict):
        unread = {"md", "urls", "mentions"} | ({"channels"} if document.get("channels") == [] else set())
        return {key: slim(value) for key, value in document.items() if key not in unread}
    return document


WHOLE = encoded(changed(ROOM_ID, wire_message("whole")))
WHOLE_ROOM = encoded(changed(f"{USER_ID}/rooms-changed", "inserted", {"_id": "whole-room", "t": "c", "name": "whole"}))


async def problem(frame: Any) -> str:
    """What goes wrong when a frame comes before two whole ones; empty: nothing."""
    try:
        posted, listed = await heard([encoded(frame), WHOLE, WHOLE_ROOM])
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
        return f"{type(error).__name__}: {error}"
    is_over = b'"removed"' in encoded(frame)  # the account is not in the room any more, so nothing follows
    return "" if (is_over or "whole" in posted) and "whole-room" in listed else "what followed did not arrive"


@pytest.mark.parametrize("number", range(len(FRAMES)))
async def test_any_frame(number: int) -> None:
    frame = slim(FRAMES[number])
    for case in (*variants(frame, VALUES[number % 3 :: 3]), *pairs(frame, 50, seed=number)):
        if trouble := await problem(case):
            pytest.fail(f"{trouble}\nafter {await least(case)!a} (seed {number})")


async def least(frame: Any) -> Any:
    """The smallest frame that goes wrong as this one does."""
    loop = asyncio.new_event_loop()
    try:
        return await asyncio.to_thread(smallest, frame, lambda each: bool(loop.run_until_complete(problem(each))))
    finally:
        loop.close()


class Answers:
    """A server that answers each route with what stands here, and any other with what is right."""

    def __init__(self) -> None:
        self.right = slim(BODIES) | {
            "login": {"status": "success", "success": True, "data": {"userId": USER_ID, "authToken": "token"}},
            "logout": {"status": "success", "success": True},
            "chat.syncMessages": slim(synced(*MESSAGES[1:], deleted=("m9",))),
            "chat.reportMessage": {"success": True},
            "moderation.dismissReports": {"success": True},
        }
        self.wrong: dict[str, bytes] = {}
        self.status = 200
        self.headers: dict[str, str] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        route = request.url.path.rpartition("/")[2]
        if route in self.wrong:
            return httpx.Response(self.status, content=self.wrong[route], headers=self.headers)
        return httpx.Response(200, content=encoded(self.right[route]))


@pytest.fixture
async def scripted(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[RocketChatProvider, Answers]]:
    spend_freely(monkeypatch)
    monkeypatch.setattr("quell_providers.rocketchat.catchup._PAUSE", 0.0)
    monkeypatch.setattr("quell_providers.rocketchat.trail._PAUSE", 0.0)
    answers = Answers()
    chosen = RocketChatSettings(url="http://127.0.0.1:1", user="mo", password=Secret.of("x"), report_reason=True)
    provider = RocketChatProvider(chosen, httpx.MockTransport(answers))
    await provider.rooms()
    yield provider, answers
    await provider.aclose()


async def logged_in_anew(provider: RocketChatProvider) -> object:
    login = provider._rest._credentials.login
    if login is not None:
        provider._rest._credentials.forget(login.token)
    return await provider.login()


async def forecast_anew(provider: RocketChatProvider) -> object:
    provider._rights.forget()
    page = await provider.history(ROOM_ID)
    return await provider.forecast(page.messages)


async def catch_up(provider: RocketChatProvider) -> object:
    room = RoomStream(
        ROOM_ID, provider._rest, provider._realtime._catch_up, provider._realtime._hidden, Memories()["x"]
    )
    await room._make_up_for(1.0, 2.0)
    return room


Call = Callable[[RocketChatProvider], Awaitable[object]]
CALLS: list[tuple[str, Call]] = [
    ("login", logged_in_anew),
    ("me", lambda provider: provider.login()),
    ("rooms.get", lambda provider: provider.rooms()),
    ("subscriptions.get", lambda provider: provider.rooms()),
    ("channels.list", lambda provider: provider.public_rooms()),
    ("permissions.listAll", forecast_anew),
    ("settings.public", forecast_anew),
    ("info", forecast_anew),
    ("channels.history", lambda provider: provider.history(ROOM_ID)),
    ("chat.getMessage", lambda provider: provider.exists(ROOM_ID, "m1")),
    ("chat.delete", lambda provider: provider.delete(ROOM_ID, "m1", "spam")),
    ("chat.syncMessages", catch_up),
    ("moderation.dismissReports", lambda provider: provider.delete(ROOM_ID, "m2", "spam")),
]
ROUTES = [route for route, _ in CALLS]


@pytest.mark.parametrize(("route", "call"), CALLS, ids=ROUTES)
async def test_any_answer(scripted: tuple[RocketChatProvider, Answers], route: str, call: Call) -> None:
    provider, answers = scripted
    for answer in variants(answers.right[route], VALUES[len(route) % 3 :: 3]):
        answers.wrong[route] = encoded(answer)
        await is_answered(call(provider), (route, answer))
        answers.wrong.clear()
    assert await is_answered(call(provider), "the right one")


@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 403, 404, 413, 429, 500, 502, 503, 504])
async def test_any_status_with_any_body(scripted: tuple[RocketChatProvider, Answers], status: int) -> None:
    provider, answers = scripted
    page = encoded(answers.right["rooms.get"])
    bodies = (b"", b"<html>\xff</html>", page, page[: len(page) // 2], b"[" * 5000, b'{"success":"false"}', b"\xff\xfe")
    headers: dict[str, str] = {"X-RateLimit-Limit": "9" * 40, "X-RateLimit-Remaining": "-1", "X-RateLimit-Reset": "x"}
    for body in bodies:
        for route, call in CALLS:
            if (status, route) == (429, "chat.syncMessages"):
                continue  # catching up waits for its turn as long as the server says so
            answers.status, answers.wrong = status, {route: body}
            answers.headers = headers | {"Location": "\x7f", "Date": "Mon, 01 Jan 0001 00:00:00 GMT"}
            await is_answered(call(provider), (route, status, body))
    answers.wrong = {}
    for _, call in CALLS:
        assert await is_answered(call(provider), "the right one")


@pytest.mark.parametrize(
    "details",
    [*VALUES[1::3], *({"method": value} for value in VALUES[1::4])],
    ids=lambda value: ascii(value)[:30],
)
@pytest.mark.parametrize("code", ["totp-required", "totp-invalid", "totp-max-attempts"])
async def test_any_second_factor(scripted: tuple[RocketChatProvider, Answers], code: str, details: Any) -> None:
    provider, answers = scripted

    async def ask(question: str) -> str:
        return "1"

    provider.ask_code = ask
    answers.status = 401
    answers.wrong["login"] = encoded({"success": False, "error": code, "message": "x", "details": details})
    assert not await is_answered(logged_in_anew(provider), details)
