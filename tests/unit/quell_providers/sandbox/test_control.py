import re
from collections.abc import AsyncIterator
from html import unescape

import pytest

from quell_providers.sandbox.faults import Fault
from tests.unit.quell_providers.sandbox.visitor import Visitor, visiting


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with visiting() as one:
        yield one


async def page(visitor: Visitor) -> str:
    async with visitor.http.get(visitor.sandbox.control_url) as response:
        assert (response.status, response.content_type) == (200, "text/html")
        return await response.text()


async def submit(visitor: Visitor, action: str, **form: str) -> tuple[int, str]:
    """Status before any redirect, and the text."""
    async with visitor.http.post(
        f"{visitor.sandbox.control_url}{action}", data=form, allow_redirects=False
    ) as response:
        return response.status, unescape(await response.text())


async def test_it_loads_nothing_and_runs_nothing(visitor: Visitor) -> None:
    text = await page(visitor)
    assert not re.search(r"<script|<link|<img|<iframe|src=|javascript:|@import|url\(", text)
    async with visitor.http.get(visitor.sandbox.control_url) as response:
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"


async def test_faults_are_added_listed_and_removed(visitor: Visitor) -> None:
    spec = "rocketchat:status=503:route=chat.delete"
    assert (await submit(visitor, "add-fault", spec=spec))[0] == 303
    (handle,) = visitor.sandbox.faults.active()
    assert handle.fault == Fault("status", service="rocketchat", route="chat.delete", status=503)
    await visitor.rest().get("me")
    text = await page(visitor)
    assert spec in text
    assert "0 of 0" in text
    assert (await submit(visitor, "remove-fault", number=str(handle.number)))[0] == 303
    assert not visitor.sandbox.faults.active()


@pytest.mark.parametrize(
    ("action", "form", "complaint"),
    [
        ("add-fault", {"spec": "brop"}, "'brop' is no part of a fault; did you mean drop"),
        ("add-fault", {"spec": "drop:route=chat.delet"}, "did you mean chat.delete"),
        ("add-fault", {}, "is no part of a fault"),
        ("drop", {"service": "telegram"}, "no such service"),
        ("post", {"room": "nowhere", "author": "admin", "text": "x"}, "no such room"),
        ("raid", {"room": "ROOM", "count": "100000"}, "a raid has 1 to 5000 messages"),
        ("raid", {"room": "ROOM", "count": "-3"}, "a raid has"),
        ("post", {"room": "ROOM", "author": "admin", "text": " "}, "the message is empty"),
        ("post", {"room": "ROOM", "author": "admim", "text": "x"}, "is called 'admim'; did you mean admin"),
    ],
)
async def test_what_can_not_be_done_is_said(
    visitor: Visitor, action: str, form: dict[str, str], complaint: str
) -> None:
    room = visitor.place("general").id
    status, text = await submit(
        visitor, action, **{name: room if value == "ROOM" else value for name, value in form.items()}
    )
    assert status == 400
    assert complaint in text
    assert not visitor.sandbox.faults.active()


async def test_messages_and_raids_are_posted(visitor: Visitor) -> None:
    place = visitor.place("finals")
    assert (await submit(visitor, "post", room=place.id, author="admin", text="from above"))[0] == 303
    assert visitor.sandbox.truth.messages(room="finals", author="admin")[-1].text == "from above"
    before = len(visitor.sandbox.world.posts_in(place.id))
    assert (await submit(visitor, "raid", room=place.id, count="40"))[0] == 303
    raid = visitor.sandbox.world.posts_in(place.id)[before:]
    assert len(raid) == 40
    assert {post.author for post in raid} <= set(visitor.sandbox.cast.raiders)


async def test_connections_of_one_service_are_dropped(visitor: Visitor) -> None:
    live = await visitor.live("finals")
    async with visitor.ddp() as ddp:
        assert (await submit(visitor, "drop", service="ivs"))[0] == 303
        assert (await live.receive(timeout=5)).data is None
        await ddp.send(msg="ping")
        assert (await ddp.receive())["msg"] == "pong"
        assert (await submit(visitor, "drop", service="rocketchat"))[0] == 303
        assert (await ddp.socket.receive(timeout=5)).data is None
    await live.close()


async def test_it_shows_the_truth(visitor: Visitor) -> None:
    post = visitor.say("finals", "away with it")
    await visitor.delete_live(post, reason="<b>spam</b>")
    text = await page(visitor)
    assert post.id in text
    assert "&lt;b&gt;spam&lt;/b&gt;" in text
    assert "DeleteMessage" in text


async def test_a_shift_is_scored_with_hostile_text_made_harmless() -> None:
    async with visiting(scenario="shift", rate=1.0) as visitor:
        visitor.pass_time(1_200)
        score = visitor.sandbox.truth.score()
        text = await page(visitor)
        assert score.summary() in unescape(text)
        assert "shift (over)" in text
        assert "<script" not in text
        assert "Missed so far" in text
