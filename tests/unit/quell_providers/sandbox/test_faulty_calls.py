"""Faults strike calls over HTTP, on both services."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from quell_providers.sandbox.faults import Fault
from quell_providers.sandbox.world import Post
from tests.unit.quell_providers.sandbox.visitor import NOW, Visitor, until, visiting


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with visiting() as one:
        yield one


async def raw_delete(visitor: Visitor, post: Post) -> tuple[int, str, str]:
    """Status, content type and body of `chat.delete`, whatever it is."""
    rest = visitor.rest()
    url = f"{visitor.sandbox.rocketchat.url}/api/v1/chat.delete"
    body = {"roomId": post.place.id, "msgId": post.id}
    async with visitor.http.post(url, json=body, headers=rest.headers) as response:
        return response.status, response.content_type, await response.text()


@pytest.mark.parametrize("kind", ["drop", "half-close"])
async def test_a_call_that_is_cut_off_is_not_carried_out(visitor: Visitor, kind: str) -> None:
    post, live = visitor.say("general"), visitor.say("finals")
    handle = visitor.sandbox.faults.add(Fault(kind))  # type: ignore[arg-type]  # parametrized
    with pytest.raises(aiohttp.ClientConnectionError):
        await visitor.rest().delete(post)
    with pytest.raises(aiohttp.ClientConnectionError):
        await visitor.delete_live(live)
    assert handle.hits == 2
    assert visitor.sandbox.truth.exists(post.id)
    assert visitor.sandbox.truth.exists(live.id)
    assert [(call.status, call.fault) for call in visitor.sandbox.truth.calls()] == [(0, kind), (0, kind)]
    handle.remove()
    assert (await visitor.rest().delete(post)).status == 200


async def test_a_lost_answer_comes_after_the_deletion(visitor: Visitor) -> None:
    post, live = visitor.say("general"), visitor.say("finals")
    visitor.sandbox.faults.add(Fault("lost-answer", route="chat.delete", times=1))
    visitor.sandbox.faults.add(Fault("lost-answer", service="ivs", times=1))
    with pytest.raises(aiohttp.ClientConnectionError):
        await visitor.rest().delete(post)
    with pytest.raises(aiohttp.ClientConnectionError):
        await visitor.delete_live(live)
    truth = visitor.sandbox.truth
    assert [each.message_id for each in truth.deletions(by="moderator")][-2:] == [post.id, live.id]
    again = await visitor.rest().delete(post)
    assert again.body["error"] == f'No message found with the id of "{post.id}".'


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_errors_of_a_proxy(visitor: Visitor, status: int) -> None:
    post = visitor.say("general")
    html = visitor.sandbox.faults.add(Fault("status", route="chat.delete", status=status))
    answer = await raw_delete(visitor, post)
    assert answer[:2] == (status, "text/html")
    assert f"<h1>{status} " in answer[2]
    html.remove()
    visitor.sandbox.faults.add(Fault("status", route="chat.delete", status=status, body="empty"))
    assert (await raw_delete(visitor, post))[::2] == (status, "")
    assert visitor.sandbox.truth.exists(post.id)
    assert [call.status for call in visitor.sandbox.truth.calls(route="chat.delete")] == [status, status]


async def test_malformed_and_oversized_answers(visitor: Visitor) -> None:
    first, second = visitor.say("general"), visitor.say("general")
    malformed = visitor.sandbox.faults.add(Fault("malformed", route="chat.delete"))
    status, _, text = await raw_delete(visitor, first)
    assert status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)
    malformed.remove()
    visitor.sandbox.faults.add(Fault("oversized", route="chat.delete", size=100_000))
    text = (await raw_delete(visitor, second))[2]
    assert len(text) == 100_000
    assert json.loads(text)["success"] is True


async def test_only_calls_of_the_room_are_struck(visitor: Visitor) -> None:
    here, there = visitor.say("general"), visitor.say("support")
    live_here, live_there = visitor.say("finals"), visitor.say("warmup")
    for room in ("general", live_here.place.id):
        visitor.sandbox.faults.add(Fault("status", room=room, status=500))
    assert (await raw_delete(visitor, here))[0] == 500
    assert (await raw_delete(visitor, there))[0] == 200
    assert (await visitor.delete_live(live_here)).status == 500
    assert (await visitor.delete_live(live_there)).status == 200


async def test_a_delay_holds_a_call_back_without_holding_others(visitor: Visitor) -> None:
    post = visitor.say("general")
    handle = visitor.sandbox.faults.add(Fault("delay", route="chat.delete", seconds=30))
    deleting = asyncio.create_task(visitor.rest().delete(post))
    await until(lambda: handle.hits)
    assert (await visitor.rest().get("me")).status == 200
    assert not deleting.done()
    assert visitor.sandbox.truth.exists(post.id)
    visitor.pass_time(30)
    assert (await deleting).status == 200


async def test_a_login_is_revoked_midway(visitor: Visitor) -> None:
    posts = [visitor.say("general") for _ in range(4)]
    visitor.sandbox.faults.add(Fault("revoke", route="chat.delete", after=2))
    rest = visitor.rest()
    assert [(await rest.delete(post)).status for post in posts] == [200, 200, 401, 401]
    assert (await rest.get("me")).status == 401
    assert (await visitor.rest().get("me")).status == 200


async def test_an_access_key_is_revoked_midway(visitor: Visitor) -> None:
    posts = [visitor.say("finals") for _ in range(3)]
    visitor.sandbox.faults.add(Fault("revoke", route="DeleteMessage", after=1))
    answers = [await visitor.delete_live(post) for post in posts]
    assert [answer.status for answer in answers] == [200, 403, 403]
    assert answers[1].headers["x-amzn-errortype"] == "UnrecognizedClientException"
    assert (await visitor.ivs("ListRooms", role="admin")).status == 200


@pytest.mark.parametrize(("kind", "status"), [("refuse-upgrade", 502), ("status", 503)])
async def test_upgrades_are_refused(visitor: Visitor, kind: str, status: int) -> None:
    visitor.sandbox.faults.add(Fault(kind, route="messaging", status=status))  # type: ignore[arg-type]  # parametrized
    visitor.sandbox.faults.add(Fault(kind, route="websocket", status=status, times=1))  # type: ignore[arg-type]
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await visitor.live("finals")
    assert caught.value.status == status
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await visitor.ddp().__aenter__()
    assert caught.value.status == status
    async with visitor.ddp():
        pass
    assert [call.status for call in visitor.sandbox.truth.calls(route="websocket")] == [status, 101]


async def test_clocks_are_wrong(visitor: Visitor) -> None:
    skew = visitor.sandbox.faults.add(Fault("skew", service="rocketchat", seconds=-90))
    ahead = visitor.sandbox.faults.add(Fault("skew", service="ivs", seconds=3600))
    told = (await visitor.rest().get("me")).headers["Date"]
    assert told == "Thu, 09 Oct 2025 08:51:50 GMT"
    assert (visitor.say("general").sent_at, visitor.say("finals").sent_at) == (NOW - 90, NOW + 3600)
    assert visitor.sandbox.world.clock.now() == NOW
    assert [call.at for call in visitor.sandbox.truth.calls()] == [NOW]
    skew.remove()
    ahead.remove()
    assert (visitor.say("general").sent_at, visitor.say("finals").sent_at) == (NOW, NOW)


async def test_faults_of_the_options_hold_from_the_beginning() -> None:
    async with visiting(faults=(Fault("status", route="me", status=502),)) as visitor:
        url = f"{visitor.sandbox.rocketchat.url}/api/v1/me"
        async with visitor.http.get(url) as response:
            assert response.status == 502


async def test_a_fault_for_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"did you mean chat\.delete"):
        async with visiting(faults=(Fault("drop", route="chat.delette"),)):
            pytest.fail("it started")
