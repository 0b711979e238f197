"""Faults strike what is sent over sockets, on both services."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType

from quell_providers.sandbox.faults import Fault
from tests.unit.quell_providers.sandbox.visitor import PATIENCE, Visitor, until, visiting

Socket = aiohttp.ClientWebSocketResponse


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with visiting() as one:
        yield one


async def live(visitor: Visitor) -> Socket:
    return await visitor.live("finals")


async def ddp(visitor: Visitor) -> Socket:
    """A DDP socket that hears of messages in general."""
    client = await visitor.ddp().__aenter__()
    await client.send(msg="sub", id="s", name="stream-room-messages", params=[visitor.place("general").id, False])
    assert (await client.receive())["msg"] == "ready"
    return client.socket


SIDES = pytest.mark.parametrize(
    ("join", "room", "route"),
    [(live, "finals", "messaging/MESSAGE"), (ddp, "general", "websocket/stream-room-messages")],
)
Join = Callable[[Visitor], Awaitable[Socket]]


async def received(socket: Socket) -> aiohttp.WSMessage:
    return await socket.receive(timeout=PATIENCE)


def text_of(frame: aiohttp.WSMessage) -> str:
    """The message that a frame tells of."""
    told: dict[str, Any] = json.loads(frame.data)
    return str(told["Content"] if "Content" in told else told["fields"]["args"][0]["msg"])


@SIDES
async def test_a_line_is_cut(visitor: Visitor, join: Join, room: str, route: str) -> None:
    socket = await join(visitor)
    handle = visitor.sandbox.faults.add(Fault("drop", route=route, after=1))
    visitor.say(room, "one")
    visitor.say(room, "two")
    frame = await received(socket)
    if frame.type is WSMsgType.TEXT:  # what was sent before may or may not arrive, as on a real line
        assert text_of(frame) == "one"
        frame = await received(socket)
    assert frame.type in (WSMsgType.CLOSED, WSMsgType.ERROR)
    assert socket.close_code == 1006 or frame.type is WSMsgType.ERROR
    assert handle.hits == 1
    await socket.close()


@SIDES
async def test_the_service_ends_only_its_own_side(visitor: Visitor, join: Join, room: str, route: str) -> None:
    socket = await join(visitor)
    visitor.sandbox.faults.add(Fault("half-close", route=route, after=1))
    visitor.say(room, "one")
    visitor.say(room, "two")
    assert text_of(await received(socket)) == "one"
    assert (await received(socket)).type in (WSMsgType.CLOSED, WSMsgType.ERROR)
    await socket.close()


@SIDES
async def test_frames_are_doubled_and_overtaken(visitor: Visitor, join: Join, room: str, route: str) -> None:
    socket = await join(visitor)
    visitor.sandbox.faults.add(Fault("reorder", route=route, times=1))
    visitor.sandbox.faults.add(Fault("duplicate", route=route, after=2, times=1))
    for text in ("one", "two", "three"):
        visitor.say(room, text)
    assert [text_of(await received(socket)) for _ in range(4)] == ["two", "one", "three", "three"]
    await socket.close()


@SIDES
async def test_malformed_and_oversized_frames(visitor: Visitor, join: Join, room: str, route: str) -> None:
    socket = await join(visitor)
    visitor.sandbox.faults.add(Fault("malformed", route=route, times=1))
    visitor.sandbox.faults.add(Fault("oversized", route=route, times=1, size=3_000_000))
    for text in ("один", "two", "three"):
        visitor.say(room, text)
    broken, big, fine = [await received(socket) for _ in range(3)]
    with pytest.raises(json.JSONDecodeError):
        json.loads(broken.data)
    assert (len(big.data), text_of(big), text_of(fine)) == (3_000_000, "two", "three")
    await socket.close()


@SIDES
async def test_a_delayed_frame_holds_up_those_behind_it(visitor: Visitor, join: Join, room: str, route: str) -> None:
    socket = await join(visitor)
    handle = visitor.sandbox.faults.add(Fault("delay", route=route, times=1, seconds=5))
    for text in ("one", "two", "three"):
        visitor.say(room, text)
    visitor.pass_time(4)
    handle.remove()
    visitor.say(room, "four")
    visitor.pass_time(1)
    assert [text_of(await received(socket)) for _ in range(4)] == ["one", "two", "three", "four"]
    await socket.close()


async def test_other_rooms_and_clients_are_left_alone(visitor: Visitor) -> None:
    finals, warmup = await visitor.live("finals"), await visitor.live("warmup")
    visitor.sandbox.faults.add(Fault("duplicate", room="finals"))
    for room in ("finals", "warmup", "warmup"):
        visitor.say(room, room)
    told = [text_of(await received(socket)) for socket in (finals, finals, warmup, warmup)]
    assert told == ["finals", "finals", "warmup", "warmup"]
    await finals.close()
    await warmup.close()


@pytest.mark.parametrize("route", ["messaging/MESSAGE", "messaging", ""])
async def test_the_token_of_a_live_connection_is_revoked(visitor: Visitor, route: str) -> None:
    socket = await visitor.live("finals")
    visitor.sandbox.faults.add(Fault("revoke", service="ivs", route=route))
    visitor.say("finals")
    frame = json.loads((await received(socket)).data)
    assert (frame["Type"], frame["ErrorCode"]) == ("ERROR", 401)
    assert (await received(socket)).type is WSMsgType.CLOSE
    await socket.close()


async def test_a_login_is_revoked_for_its_sockets_and_calls(visitor: Visitor) -> None:
    rest, socket = visitor.rest(), await ddp(visitor)
    other = await visitor.ddp().__aenter__()
    token = visitor.sandbox.rocketchat.login_as("moderator").auth_token
    visitor.sandbox.faults.add(Fault("revoke", route="websocket/stream-room-messages"))
    visitor.say("general")
    assert (await received(socket)).type is WSMsgType.CLOSE
    assert (await rest.get("me")).status == 200  # another token of the same person
    rest.headers["X-Auth-Token"] = token
    assert (await rest.get("me")).status == 200
    visitor.sandbox.rocketchat.revoke(token)
    assert (await rest.get("me")).status == 401
    assert (await other.call("login", {"resume": token}))["error"]["error"] == 403
    await socket.close()
    await other.socket.close()


async def test_a_socket_whose_login_was_revoked_hears_nothing_more(visitor: Visitor) -> None:
    socket = await ddp(visitor)
    visitor.sandbox.faults.add(Fault("revoke", route="websocket/stream-room-messages", times=1))
    for text in ("never heard", "nor this", "nor that"):
        visitor.say("general", text)
    assert (await received(socket)).type is WSMsgType.CLOSE
    await socket.close()


async def test_a_client_that_does_not_read_is_cut_off(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quell_providers.sandbox.outbox._MOST_WAITING", 1_000_000)
    socket = await visitor.live("finals")
    visitor.sandbox.faults.add(Fault("oversized", route="messaging/MESSAGE", size=64_000_000))
    visitor.say("finals")
    visitor.say("finals")
    frames = []
    while (frame := await received(socket)).type is WSMsgType.TEXT:
        frames.append(frame)
    assert len(frames) < 2
    await socket.close()


async def test_faults_do_not_keep_the_sandbox_from_ending() -> None:
    async with visiting() as visitor:
        socket = await visitor.live("finals")
        visitor.sandbox.faults.add(Fault("delay", route="messaging", seconds=3600))
        visitor.say("finals")
        await until(lambda: visitor.sandbox.faults.active()[0].hits)
        deleting = visitor.sandbox.faults.add(Fault("half-close", route="me"))
    assert deleting.hits == 0
    await socket.close()
