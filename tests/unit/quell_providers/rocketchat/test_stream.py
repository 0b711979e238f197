import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from msgspec import Raw

from quell_providers.model import Deleted, Edited, Gap, GapFilled, Posted, StateChanged
from quell_providers.rocketchat import budget, catchup, stream, wire
from quell_providers.rocketchat.catchup import CatchUp
from quell_providers.rocketchat.directory import Directory
from quell_providers.rocketchat.hidden import Hidden
from quell_providers.rocketchat.memory import Memory
from quell_providers.rocketchat.rooms import Listed
from quell_providers.rocketchat.server import Server
from tests.unit.quell_providers.rocketchat.bench import Bench, Ear, bench, synced
from tests.unit.quell_providers.rocketchat.fakes import ROOM_ID, RestServer, rest_client, until, wire_message

T0 = 1_700_000_000_000
LATER = 4_000_000_000_000
"""Milliseconds that no test's clock reaches, so that what was seen decides, not when following began."""


async def test_live_events() -> None:
    async with bench() as b:
        ear = b.follow()
        await ear.live()
        assert ear.states() == ["connecting", "live"]
        await b.ddp.tell(ROOM_ID, wire_message("m1", "hello"))
        await b.ddp.tell(ROOM_ID, wire_message("m1", "hello!", editedAt={"$date": T0 + 5000}))
        await b.ddp.tell(ROOM_ID, wire_message("m2", "", t="rm", editedAt={"$date": T0 + 6000}))
        await b.ddp.tell(ROOM_ID, wire_message("m3", _hidden=True))
        await b.ddp.tell(f"{ROOM_ID}/deleteMessage", {"_id": "m4"})
        await b.ddp.tell(f"{ROOM_ID}/deleteMessageBulk", {"rid": ROOM_ID, "ids": ["m5", "m6"], "ts": {}})
        await b.ddp.tell(f"{ROOM_ID}/deleteMessageBulk", {"rid": ROOM_ID, "ids": ["m7"], "filesOnly": True})
        await b.ddp.tell(f"{ROOM_ID}/user-activity", "lena", ["user-typing"])
        await b.ddp.tell("elsewhere", wire_message("m8"))
        await b.ddp.tell(ROOM_ID, wire_message("end"))
        await until(lambda: len(ear.content()) == 8)
        first, edited, *gone, last = ear.content()
        assert isinstance(first, Posted)
        assert isinstance(edited, Edited)
        assert (edited.message.text, edited.message.edited_at) == ("hello!", T0 / 1000 + 5)
        assert gone == [
            Deleted(ROOM_ID, "m2", at=T0 / 1000 + 6),
            *(Deleted(ROOM_ID, message_id) for message_id in ("m3", "m4", "m5", "m6")),
        ]
        assert isinstance(last, Posted)


async def test_events_that_can_not_be_read_hide_nothing_after_them() -> None:
    async with bench() as b:
        ear = b.follow()
        await ear.live()
        for junk in (5, None, {}, wire_message(ts=None), wire_message(msg={"a": 1})):
            await b.ddp.tell(ROOM_ID, junk)
        await b.ddp.tell(f"{ROOM_ID}/deleteMessage", {"_id": 5})
        await b.ddp.tell(f"{ROOM_ID}/deleteMessageBulk", [])
        await b.ddp.tell(ROOM_ID, wire_message("good"))
        await until(lambda: len(ear.content()) == 1)


async def test_deletions_are_subscribed_to_before_messages() -> None:
    async with bench() as b:
        await b.follow().live()
        assert [frame["params"][0] for frame in b.ddp.room_subscriptions()] == [
            f"{ROOM_ID}/deleteMessage",
            f"{ROOM_ID}/deleteMessageBulk",
            ROOM_ID,
        ]


async def test_reconnect_catches_up() -> None:
    async with bench() as b:
        ear = b.follow()
        await ear.live()
        await b.ddp.tell(ROOM_ID, wire_message("m1", at=LATER))
        await until(lambda: len(ear.content()) == 1)
        seen = wire_message("m2", "missed", at=LATER + 1000)
        edited = wire_message("m1", "edited meanwhile", editedAt="2025-10-10T00:00:00.000Z")
        placeholder = wire_message("m3", "", t="rm", editedAt="2025-10-10T00:00:00.000Z")
        b.rest.set("chat.syncMessages", synced(seen, edited, {"bad": 1}, placeholder, deleted=("m4",)))
        b.ddp.drop()
        await until(lambda: len(ear.content()) == 5)
        _, posted, changed, removed, gone = ear.content()
        assert isinstance(posted, Posted)
        assert isinstance(changed, Edited)
        assert isinstance(removed, Deleted)
        assert (posted.message.text, changed.message.text, removed.message_id) == ("missed", "edited meanwhile", "m3")
        assert gone == Deleted(ROOM_ID, "m4", at=1_700_000_040.0)
        assert ear.states() == ["connecting", "live", "reconnecting", "catching_up", "live"]
        again = next(event for event in ear.events if isinstance(event, StateChanged) and event.state == "reconnecting")
        assert again.retry_in == 0.01
        assert again.cause == "The connection to the server ended."
        assert len(b.ddp.room_subscriptions()) == 6
        # Five seconds before the last change that was seen, not the last one missed.
        (asked,) = b.rest.requests
        assert asked.url.params["lastUpdate"] == "2096-10-02T07:06:35.000Z"
        assert asked.url.params["roomId"] == ROOM_ID


async def test_second_reconnect_goes_on_where_the_first_ended() -> None:
    async with bench() as b:
        ear = b.follow()
        await ear.live()
        b.rest.set("chat.syncMessages", synced(wire_message("m1", at=LATER)))
        b.ddp.drop()
        await until(lambda: len(ear.content()) == 1)
        b.rest.set("chat.syncMessages", synced(wire_message("m2", at=LATER + 9000)))
        b.ddp.drop()
        await until(lambda: len(ear.content()) == 2)
        assert b.rest.requests[1].url.params["lastUpdate"] == "2096-10-02T07:06:35.000Z"


async def test_catching_up_does_not_undo_what_came_live_meanwhile() -> None:
    rest = rest_client(RestServer())
    server = Server(rest)
    room = stream.RoomStream(ROOM_ID, rest, CatchUp(rest, server), Hidden(rest, server, Directory()), Memory())
    ear = Ear(room.join())
    room._newer = {}
    live = [wire_message("m1", "newest", at=T0 + 3000), wire_message("m2", "older", at=T0 + 1000)]
    for message in live:
        room.receive("", [as_raw(message)])
    room.receive("deleteMessage", [as_raw({"_id": "m3"})])
    ear.listen().clear()
    for message_id in ("m1", "m2", "m3", "m4"):
        room._take_missed(as_raw(wire_message(message_id, "missed", at=T0 + 2000)))
    assert [event.message.id for event in ear.listen() if isinstance(event, Posted)] == ["m2", "m4"]


def as_raw(document: dict[str, Any]) -> Raw:
    return Raw(json.dumps(document).encode())


async def test_a_gap_where_catching_up_is_refused() -> None:
    async with bench() as b:
        ear = b.follow()
        await ear.live()
        b.rest.set("chat.syncMessages", {"success": False, "error": "x", "errorType": "error-not-allowed"}, 400)
        b.ddp.drop()
        await until(lambda: len(ear.content()) == 1)
        (gap,) = ear.content()
        assert isinstance(gap, Gap)
        assert gap.since <= gap.until
        await b.ddp.tell(ROOM_ID, wire_message())
        await until(lambda: len(ear.content()) == 2)


async def test_catching_up_waits_for_a_server_that_takes_no_more_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "_MARGIN", 0.0)
    async with bench() as b:
        ear = b.follow()
        await ear.live()
        b.rest.set("chat.syncMessages", {"success": False, "error": "You must wait 0 seconds"}, 429)
        b.ddp.drop()
        await until(lambda: b.rest.calls["chat.syncMessages"] >= 2)
        assert ear.states()[-1] == "catching_up"
        b.rest.set("chat.syncMessages", synced(wire_message("missed")))
        await ear.live(2)
        assert len(ear.content()) == 1
        assert not isinstance(ear.content()[0], Gap)


async def test_catching_up_gives_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catchup, "_PAUSE", 0.001)
    async with bench() as b:
        ear = b.follow()
        await ear.live()
        b.rest.set("chat.syncMessages", b"", 503)
        b.ddp.drop()
        await until(lambda: len(ear.content()) == 1)
        assert isinstance(ear.content()[0], Gap)
        assert b.rest.calls["chat.syncMessages"] == 1 + catchup._TRIES


@asynccontextmanager
async def gap_told(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Bench, Ear, Gap]]:
    """A room that is live again, with a gap because the server did not tell what was missed."""
    monkeypatch.setattr(catchup, "_PAUSE", 0.001)
    async with bench() as b:
        ear = b.follow()
        await ear.live()
        b.rest.set("info", {"version": "7.0", "success": True})
        b.rest.set("chat.syncMessages", b"", 503)
        b.ddp.drop()
        await ear.live(2)
        (gap,) = ear.content()
        assert isinstance(gap, Gap)
        yield b, ear, gap


async def test_a_gap_is_filled_once_the_server_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_FIRST_LOOK", 0.01)
    async with gap_told(monkeypatch) as (b, ear, gap):
        tried = b.rest.calls["chat.syncMessages"]
        await until(lambda: b.rest.calls["chat.syncMessages"] > tried)
        await b.ddp.tell(ROOM_ID, wire_message("m1", "newest", at=LATER + 9000))
        await until(lambda: len(ear.content()) == 2)
        b.rest.set("chat.syncMessages", synced(wire_message("m0", "missed", at=T0), deleted=("m9",)))
        await until(lambda: len(ear.content()) == 5)
        _, newest, missed, deleted, filled = ear.content()
        assert isinstance(newest, Posted)
        assert isinstance(missed, Posted)
        assert missed.message.text == "missed"
        assert isinstance(deleted, Deleted)
        assert filled == GapFilled(ROOM_ID, gap.since, gap.until)
        assert ear.states()[-1] == "live"
        asked = b.rest.calls["chat.syncMessages"]
        b.ddp.drop()
        await ear.live(3)
        assert b.rest.calls["chat.syncMessages"] == asked + 1


async def test_a_gap_is_filled_at_once_after_a_reconnect(monkeypatch: pytest.MonkeyPatch) -> None:
    async with gap_told(monkeypatch) as (b, ear, gap):
        b.rest.set("chat.syncMessages", synced())
        b.ddp.drop()
        await until(lambda: len(ear.content()) == 2)
        assert ear.content()[1] == GapFilled(ROOM_ID, gap.since, gap.until)


async def test_a_gap_that_nothing_can_fill_is_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_FIRST_LOOK", 0.001)
    async with gap_told(monkeypatch) as (b, ear, _):
        b.rest.set("chat.syncMessages", {"success": False, "error": "x", "errorType": "error-not-allowed"}, 400)
        riser = b.client._risers[ROOM_ID]
        await until(riser.done)
        assert len(ear.content()) == 1
        await b.ddp.tell(ROOM_ID, wire_message("m1", at=LATER))
        await until(lambda: len(ear.content()) == 2)


async def test_a_connection_lost_while_catching_up_asks_from_the_same_point() -> None:
    async with bench() as b:
        ear = b.follow()
        await ear.live()
        await b.ddp.tell(ROOM_ID, wire_message("m1", at=LATER))
        await until(lambda: len(ear.content()) == 1)
        b.rest.set("info", {"version": "7.0", "success": True})
        b.rest.set("chat.syncMessages", b"", 503)
        b.ddp.drop()
        await until(lambda: b.rest.calls["chat.syncMessages"] == 1)
        await b.ddp.tell(ROOM_ID, wire_message("m2", at=LATER + 9000))
        await until(lambda: len(ear.content()) == 2)
        b.rest.set("chat.syncMessages", synced())
        b.ddp.drop()
        await until(lambda: b.rest.calls["chat.syncMessages"] == 2)
        asked = [request.url.params for request in b.rest.requests]
        first, second = (params["lastUpdate"] for params in asked if "lastUpdate" in params)
        assert first == second


async def test_what_was_hidden_is_asked_for_until_it_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_PAUSE", 0.001)
    async with bench() as b:
        b.directory.fill([Listed(wire.Room(id=ROOM_ID, t="c"), None)])
        ear = b.follow()
        await ear.live()
        for number in range(2):
            await b.ddp.tell(ROOM_ID, wire_message(f"m{number}", at=T0 + number))
        await until(lambda: len(ear.content()) == 2)
        settings = {"Message_KeepHistory": True, "Message_ShowDeletedStatus": False}
        told = [{"_id": name, "value": value} for name, value in settings.items()]
        b.rest.set("settings.public", {"settings": told, "success": True})
        b.rest.set("channels.history", b"", 503)
        b.ddp.drop()
        await until(lambda: b.rest.calls["channels.history"] >= 2)
        assert ear.states()[-1] == "live"
        b.rest.set("channels.history", {"messages": [wire_message("m0", at=T0)], "success": True})
        await until(lambda: len(ear.content()) == 3)
        assert ear.content()[2] == Deleted(ROOM_ID, "m1")
