"""Whatever a server sends, the provider raises its own errors and nothing else, and misses nothing that is whole."""

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from quell_providers.model import Posted
from quell_providers.rocketchat.provider import RocketChatProvider
from tests.unit.quell_providers.answers import answered_and_refused
from tests.unit.quell_providers.mutation import Damage
from tests.unit.quell_providers.rocketchat.bench import bench
from tests.unit.quell_providers.rocketchat.fakes import ROOM_ID, USER_ID, settings, spend_freely, until, wire_message

FILE = {"_id": "f1", "name": "plan.png", "type": "image/png"}
QUOTE = {"message_link": "https://x/?msg=1", "author_name": "amara", "text": "hello", "ts": {"$date": 1}}
MESSAGES = [
    wire_message(tmid="m0"),
    wire_message(t="rm", editedAt={"$date": 5}),
    wire_message(files=[FILE], file=FILE, attachments=[QUOTE, {"title": "plan.png", "title_link": "/f"}]),
]
BULK = {
    "rid": ROOM_ID,
    "excludePinned": True,
    "ignoreDiscussion": True,
    "ts": {"$gt": {"$date": 1}, "$lte": {"$date": 1_800_000_000_000}},
    "users": ["amara"],
}
SUBSCRIPTION = {"_id": "s", "rid": ROOM_ID, "unread": 3, "alert": True, "roles": ["moderator"], "fname": "General"}
ROOM = {"_id": ROOM_ID, "t": "c", "name": "general", "usernames": ["a"], "lastMessage": MESSAGES[0]}


def changed(event: str, *args: Any) -> dict[str, Any]:
    return {"msg": "changed", "collection": "stream", "id": "id", "fields": {"eventName": event, "args": list(args)}}


FRAMES = [
    *(changed(ROOM_ID, message) for message in MESSAGES),
    changed(f"{ROOM_ID}/deleteMessage", {"_id": "m1", "_deletedAt": {"$date": 5}}),
    changed(f"{ROOM_ID}/deleteMessageBulk", BULK),
    changed(f"{ROOM_ID}/deleteMessageBulk", BULK | {"ids": ["m1", "m2"]}),
    changed("__my_messages__", wire_message(rid="other"), {"roomType": "c"}),
    changed(f"{USER_ID}/subscriptions-changed", "updated", SUBSCRIPTION),
    changed(f"{USER_ID}/rooms-changed", "inserted", ROOM),
    {"msg": "nosub", "id": "77", "error": {"error": "x", "details": {"timeToReset": 5}}},
    {"msg": "ready", "subs": ["77"]},
    {"msg": "added", "collection": "users", "id": USER_ID, "fields": {"username": "moderator"}},
    {"msg": "updated", "methods": ["1"]},
    {"msg": "ping", "id": "1"},
    {"server_id": "0"},
]


pytestmark = pytest.mark.usefixtures("quiet")


@pytest.mark.parametrize("seed", range(3))
async def test_a_whole_frame_after_any_number_of_damaged_ones_arrives(seed: int) -> None:
    async with bench() as b:
        watcher = b.client.watch()
        ear = b.follow()
        await ear.live()
        for number, data in enumerate(Damage(seed).texts(FRAMES, 1500)):
            if b"removed" not in data:
                await b.ddp.push(data.decode("utf-8", "replace").encode())
            if number % 100 == 0:
                await b.ddp.tell(ROOM_ID, wire_message(f"whole{number}"))
        await until(lambda: any(isinstance(e, Posted) and e.message.id == "whole1400" for e in ear.content()))
        posted = [event.message.id for event in ear.content() if isinstance(event, Posted)]
        assert [each for each in posted if each.startswith("whole")] == [f"whole{n}" for n in range(0, 1500, 100)]
        assert ear.states()[-1] == "live"
        assert len(b.ddp.sockets) == 1
        assert b.client.unreadable()[ROOM_ID] > 2
        b.client.unwatch(watcher)


BODIES: dict[str, Any] = {
    "info": {"version": "7.9", "success": True},
    "me": {"_id": USER_ID, "username": "moderator", "name": "Mo", "roles": ["user"], "success": True},
    "rooms.get": {"update": [ROOM], "remove": [], "success": True},
    "subscriptions.get": {"update": [SUBSCRIPTION], "remove": [], "success": True},
    "channels.list": {"channels": [ROOM], "count": 1, "offset": 0, "total": 1, "success": True},
    "permissions.listAll": {"update": [{"_id": "delete-message", "roles": ["moderator"]}], "success": True},
    "settings.public": {"settings": [{"_id": "Message_AllowDeleting", "value": True}], "total": 1, "success": True},
    "channels.history": {"messages": MESSAGES, "success": True},
    "chat.getMessage": {"message": MESSAGES[0], "success": True},
    "chat.delete": {"_id": "m1", "ts": "1700000000000", "success": True},
    "refusal": {"success": False, "error": "Not allowed [error-action-not-allowed]", "errorType": "x", "details": {}},
}
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "9", "X-RateLimit-Reset": "1700000000000", "Date": "never"},
    {"X-RateLimit-Limit": "-1", "X-RateLimit-Remaining": "nan", "X-RateLimit-Reset": "1e999", "Retry-After": "soon"},
)


class Answers:
    """Answers every request with damage: of the right body, mostly."""

    def __init__(self) -> None:
        self._damage = Damage(7)
        self._statuses = itertools.cycle((200, 200, 400, 200, 200, 429, 200, 500, 302, 204, 403))
        self._headers = itertools.cycle(HEADERS)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        original = BODIES.get(request.url.path.rpartition("/")[2], BODIES["refusal"])
        (data,) = self._damage.texts([original, original, BODIES["refusal"]], 1)
        return httpx.Response(next(self._statuses), content=data, headers=next(self._headers))


async def test_a_damaged_answer_is_a_refusal_or_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    spend_freely(monkeypatch)
    provider = RocketChatProvider(settings(), httpx.MockTransport(Answers()))
    calls: list[Callable[[], Awaitable[object]]] = [
        provider.login,
        provider.rooms,
        provider.public_rooms,
        lambda: provider.history(ROOM_ID),
        lambda: provider.delete(ROOM_ID, "m1", "spam"),
        lambda: provider.exists(ROOM_ID, "m1"),
    ]
    answered, refused = await answered_and_refused(calls, 1200)
    await provider.aclose()
    assert answered > 50
    assert refused > 50
