from collections.abc import AsyncIterator

import pytest

from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.score import Label
from quell_providers.sandbox.truth import MOST_CALLS, Call, Truth
from quell_providers.sandbox.world import World
from tests.unit.quell_providers.sandbox.visitor import NOW, Visitor, visiting


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with visiting() as one:
        yield one


async def test_what_exists(visitor: Visitor) -> None:
    truth = visitor.sandbox.truth
    post = visitor.say("general", "here I am")
    assert truth.exists(post.id)
    assert not truth.exists("nothing")
    assert truth.messages(room="general", author=post.author.username)[-1] is post
    assert truth.messages(room=post.place.id, deleted=False) == truth.messages(room="general", deleted=False)
    await visitor.rest().delete(post)
    assert not truth.exists(post.id)
    assert truth.messages(room="general", deleted=True) == [post]
    assert {each.place.service for each in truth.messages(service="ivs")} == {"ivs"}


async def test_who_deleted_what_and_when(visitor: Visitor) -> None:
    post, live = visitor.say("general"), visitor.say("finals")
    before = len(visitor.sandbox.truth.deletions())
    await visitor.rest("admin").delete(post)
    await visitor.delete_live(live, reason="spam")
    here, there = visitor.sandbox.truth.deletions()[before:]
    assert (here.message_id, here.room_id, here.by, here.at, here.reason) == (
        post.id,
        post.place.id,
        "admin",
        NOW,
        None,
    )
    assert (there.message_id, there.by, there.reason) == (live.id, "moderator", "spam")
    assert visitor.sandbox.truth.deletions(by="admin") == [here]
    assert visitor.sandbox.truth.deletions(message=live.id) == visitor.sandbox.truth.deletions(room="finals")[-1:]
    assert visitor.sandbox.truth.deletions(service="rocketchat") == [here]


async def test_every_call_is_on_record(visitor: Visitor) -> None:
    post, live = visitor.say("general"), visitor.say("finals")
    truth = visitor.sandbox.truth
    await visitor.rest().delete(post)
    await visitor.rest().delete(post)
    await visitor.rest(None).get("me")
    await visitor.delete_live(live)
    await visitor.ivs("DeleteMessage", role="viewer", roomIdentifier="nonsense", id="x" * 12)
    assert [(each.route, each.caller, each.room_id, each.message_id, each.status) for each in truth.calls()] == [
        ("chat.delete", "moderator", post.place.id, post.id, 200),
        ("chat.delete", "moderator", post.place.id, post.id, 400),
        ("me", "", "", "", 401),
        ("DeleteMessage", "moderator", live.place.id, live.id, 200),
        ("DeleteMessage", "viewer", "nonsense", "x" * 12, 400),
    ]
    assert len(truth.calls(route="chat.*")) == len(truth.calls(room="general")) == 2
    assert len(truth.calls(service="ivs", status=200)) == len(truth.calls(message=live.id)) == 1
    assert len(truth.calls(caller="viewer")) == 1
    assert all(each.at == NOW and each.fault == "" for each in truth.calls())


async def test_what_is_asked_over_sockets_is_on_record(visitor: Visitor) -> None:
    live = visitor.say("finals")
    socket = await visitor.live("finals", capabilities=["DELETE_MESSAGE"])
    await socket.send_json({"Action": "DELETE_MESSAGE", "Id": live.id})
    await socket.send_json({"Action": "SEND_MESSAGE", "Content": "hello"})
    while (await socket.receive_json())["Type"] != "ERROR":
        pass
    await socket.close()
    async with visitor.ddp() as ddp:
        await ddp.send(msg="sub", id="s", name="stream-room-messages", params=[live.place.id, False])
        assert (await ddp.receive())["msg"] == "nosub"
    calls = visitor.sandbox.truth.calls(route="messaging*") + visitor.sandbox.truth.calls(route="websocket*")
    assert [(each.route, each.caller, each.message_id, each.status) for each in calls] == [
        ("messaging", "visitor", "", 101),
        ("messaging/DELETE_MESSAGE", "visitor", live.id, 200),
        ("messaging/SEND_MESSAGE", "visitor", "", 403),
        ("websocket", "", "", 101),
        ("websocket/method/login", "moderator", "", 200),
        ("websocket/sub/stream-room-messages", "moderator", "", 400),
    ]


async def test_a_wrong_path_is_on_record_too(visitor: Visitor) -> None:
    async with visitor.http.get(f"{visitor.sandbox.rocketchat.url}/api/v1/nowhere") as response:
        assert response.status == 404
    (only,) = visitor.sandbox.truth.calls()
    assert (only.service, only.route, only.status) == ("rocketchat", "nowhere", 404)


def test_old_calls_are_forgotten() -> None:
    truth = Truth(World(1, ManualClock(0)))
    for number in range(MOST_CALLS + 10):
        truth.record(Call(service="ivs", route="ListRooms", status=200, at=number))
    kept = truth.calls()
    assert (len(kept), kept[0].at) == (MOST_CALLS, 10)


async def test_a_score_of_what_was_missed_and_wrongly_removed(visitor: Visitor) -> None:
    truth = visitor.sandbox.truth
    assert truth.score().shown == 0
    bad, missed, fine, wrong = (visitor.say("general", text) for text in ("bad", "missed", "fine", "wrong"))
    for post in (bad, missed):
        truth.label(post, Label(remove=True, why="spam"))
    for post in (fine, wrong):
        truth.label(post, Label(remove=False, why="talk"))
    visitor.say("general", "without an answer")
    visitor.pass_time(6)
    for post in (bad, wrong):
        await visitor.rest().delete(post)
    score = truth.score()
    assert (score.shown, score.to_remove, score.removed, score.seconds, score.percent) == (4, 2, 1, 6.0, 0)
    assert [(each.post, each.why) for each in score.missed] == [(missed, "spam")]
    assert [(each.post, each.why) for each in score.wrong] == [(wrong, "talk")]
    await visitor.rest().delete(missed)
    assert truth.score().percent == 50
    assert truth.score().summary() == (
        "50 % · 2 of 2 removed · 0 missed · 1 wrongly removed · median 6 s until removal"
    )
