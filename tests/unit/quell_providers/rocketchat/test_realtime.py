import asyncio

import pytest

from quell_providers.model import StateChanged
from quell_providers.rocketchat import realtime
from quell_providers.rocketchat.credentials import TokenCredentials
from quell_providers.rocketchat.directory import Directory
from quell_providers.rocketchat.memory import Memories
from quell_providers.rocketchat.network import tls_context
from quell_providers.rocketchat.realtime import Realtime
from quell_providers.secret import Secret
from tests.unit.quell_providers.rocketchat.bench import Ear, bench
from tests.unit.quell_providers.rocketchat.fakes import (
    ROOM_ID,
    USER_ID,
    RestServer,
    credentials,
    rest_client,
    settings,
    until,
    wire_message,
)


async def test_one_connection_for_all_rooms_and_followers() -> None:
    async with bench() as b:
        one, again, other = b.follow(), b.follow(), b.follow("other")
        await one.live()
        await again.live()
        await other.live()
        late = b.follow()
        assert late.states() == ["live"]
        await b.ddp.tell(ROOM_ID, wire_message())
        await until(lambda: len(one.content()) == len(again.content()) == len(late.content()) == 1)
        assert len(b.ddp.sockets) == 1
        assert len(b.ddp.room_subscriptions()) == 6
        assert not other.content()


async def test_the_last_follower_turns_the_light_off() -> None:
    async with bench() as b:
        one, two = b.follow(), b.follow()
        await one.live()
        await b.client.leave(ROOM_ID, one.queue)
        assert not b.ddp.sent("unsub")
        await b.client.leave(ROOM_ID, two.queue)
        await until(lambda: len(b.ddp.sent("unsub")) == 3)
        assert {frame["id"] for frame in b.ddp.sent("unsub")} == {frame["id"] for frame in b.ddp.room_subscriptions()}
        await b.follow().live()
        assert len(b.ddp.sockets) == 1


@pytest.mark.parametrize("steps", range(0, 40, 4))
async def test_following_again_while_leaving(steps: int) -> None:
    async with bench() as b:
        await b.follow("other").live()
        ear = b.follow()
        for _ in range(steps):  # leave at another point of subscribing each time
            await asyncio.sleep(0)
        leaving = asyncio.create_task(b.client.leave(ROOM_ID, ear.queue))
        await asyncio.sleep(0)
        again = b.follow()
        await again.live()
        await leaving
        await b.ddp.tell(ROOM_ID, wire_message())
        await until(lambda: len(again.content()) == 1)
        left = {frame["id"] for frame in b.ddp.sent("unsub")}
        assert b.ddp.room_subscriptions()[-1]["id"] not in left


async def test_a_refused_room_ends_and_the_others_go_on() -> None:
    async with bench() as b:
        fine = b.follow()
        await fine.live()
        b.ddp.refusals += [{"error": "not-allowed", "message": "[not-allowed]"}] * 3
        refused = b.follow("secret")
        await until(lambda: bool(refused.listen()) and refused.ended)
        state = refused.last_state()
        assert (state.state, state.detail) == ("refused", "[not-allowed]")
        assert state.cause
        assert state.remedy
        await b.ddp.tell(ROOM_ID, wire_message())
        await until(lambda: len(fine.content()) == 1)
        await b.client.leave("secret", refused.queue)


async def test_subscribing_waits_for_a_server_that_takes_no_more() -> None:
    async with bench() as b:
        b.ddp.refusals.append({"error": "too-many-requests", "reason": "slow", "details": {"timeToReset": 10}})
        ear = b.follow()
        await ear.live()
        assert ear.states() == ["connecting", "connecting", "live"]
        waited = [event for event in ear.events if isinstance(event, StateChanged)][1]
        assert (waited.retry_in, waited.detail) == (0.01, "slow")


async def test_a_refused_login_ends_every_room() -> None:
    async with bench() as b:
        b.ddp.login_error = {"error": 403, "reason": "Your session has expired. Please log in again."}
        ears = [b.follow(), b.follow("other")]
        await until(lambda: all(ear.listen() and ear.ended for ear in ears))
        for ear in ears:
            assert ear.states() == ["connecting", "refused"]
            assert ear.last_state().detail == "Your session has expired. Please log in again."
            assert "personal access token" in ear.last_state().remedy
        b.ddp.login_error = None
        await b.follow().live()  # a new token may have been put in place


async def test_a_token_that_can_not_be_fetched() -> None:
    def locked() -> str:
        raise OSError("the password store is locked")

    async with bench(TokenCredentials(USER_ID, Secret(locked))) as b:
        ear = b.follow()
        await until(lambda: bool(ear.listen()) and ear.ended)
        assert ear.last_state().state == "refused"
        assert "password store is locked" in ear.last_state().detail
        assert not b.ddp.sockets


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    server = RestServer()
    rest = rest_client(server)
    chosen = settings("http://127.0.0.1:1")
    client = Realtime(
        chosen,
        credentials(),
        tls_context(chosen),
        rest,
        Directory(),
        Memories(),
        pause=lambda attempt: 0.001 * attempt,
    )
    ear = Ear(client.follow(ROOM_ID))
    await until(lambda: ear.states().count("reconnecting") == 3)
    assert ear.last_state().detail == "Connection refused"
    assert [event.retry_in for event in ear.events if isinstance(event, StateChanged)][1:4] == [0.0, 0.001, 0.002]
    await client.aclose()
    assert ear.states()[-1] == "closed"
    assert ear.ended
    await rest.aclose()


async def test_a_server_that_falls_silent_is_left() -> None:
    async with bench(silence=0.1) as b:
        ear = b.follow()
        await ear.live()
        b.ddp.mute = True
        await until(lambda: "reconnecting" in ear.states())
        assert "fell silent" in next(e.cause for e in ear.events if isinstance(e, StateChanged) and e.cause)
        b.ddp.mute = False
        await until(lambda: ear.states()[-1] == "live")


async def test_no_reconnect_when_nobody_listens() -> None:
    async with bench() as b:
        ear = b.follow()
        await ear.live()
        await b.client.leave(ROOM_ID, ear.queue)
        b.ddp.drop()
        await until(lambda: not [task for task in asyncio.all_tasks() if task.get_name() == "rocketchat realtime"])
        assert len(b.ddp.sockets) == 1


async def test_following_after_the_end() -> None:
    async with bench() as b:
        await b.client.aclose()
        ear = b.follow()
        assert ear.states() == ["closed"]
        assert ear.ended


def test_backoff_grows_to_a_limit_and_varies() -> None:
    for attempt, longest in ((0, 1.0), (1, 2.0), (4, 16.0), (5, 30.0), (1000, 30.0)):
        pauses = {realtime.backoff(attempt) for _ in range(50)}
        assert all(longest / 2 <= pause <= longest for pause in pauses)
        assert len(pauses) > 1


async def test_a_silent_subscription_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quell_providers.rocketchat.ddp._ANSWER", 0.05)
    async with bench() as b:
        await b.follow().live()
        b.ddp.mute = True
        ear = b.follow("other")
        await until(lambda: "reconnecting" in ear.states())
        b.ddp.mute = False
        await until(lambda: ear.states()[-1] == "live")
