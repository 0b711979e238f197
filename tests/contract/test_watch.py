"""`quell watch --json` tells what the console's timeline of the same room gets, through edits, deletions and drops."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

import httpx
import pytest

from quell.cli.events import message_fields
from quell.cli.watch import watch
from quell.moderation.timeline import Timeline
from quell.session.opening import open_session
from quell.session.session import Session
from quell.session.state import RoomKey, RoomState
from quell.workspace import Workspace
from quell_providers.model import Author, Deleted, Edited, Event, Gap, Message, Posted
from quell_providers.sandbox.world import Place
from tests.contract.following import PATIENCE
from tests.contract.sides import Side
from tests.support.console import config

HISTORY = 100
PAUSE = 0.02
"""Seconds between two looks at what was printed."""


class Both:
    """One room in a console's session, and what `quell watch --json` printed of it."""

    def __init__(self, session: Session, room: RoomState, printed: Callable[[], str]) -> None:
        self.session, self.room = session, room
        self._printed = printed
        self._text = ""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every object printed so far."""
        self._text += self._printed()
        return [json.loads(line) for line in self._text.splitlines()]

    def kinds(self) -> list[str]:
        """Events printed so far; of states which."""
        return [line["state"] if line["event"] == "state" else line["event"] for line in self.lines]

    def told(self) -> Timeline:
        """The timeline that somebody who reads what is printed would have."""
        timeline = Timeline()
        for line in self.lines:
            if (event := _event(line)) is not None:
                timeline.apply(event)
        return timeline

    def same(self) -> bool:
        """Whether both know the same messages with the same marks, in the order of the times that are printed."""
        return _in_order(self.told()) == _in_order(self.room.timeline)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until this holds."""
        await until(condition, self.kinds)

    async def agree(self, *ids: str) -> None:
        """Wait until both know these messages; then they know the same of all."""
        await self.until(lambda: all(self.room.timeline.get(each) and self.told().get(each) for each in ids))
        await self.until(self.same)

    async def reconnected(self, times: int) -> None:
        """Wait until both have been connected so often."""
        await self.until(lambda: self.kinds().count("connected") >= times)
        await self.until(lambda: self.room.link is not None and self.room.link.state == "live")


async def until(condition: Callable[[], object], so_far: Callable[[], object]) -> None:
    """Wait until this holds; else tell how far it went."""
    for _ in range(round(PATIENCE / PAUSE)):
        if condition():
            return
        await asyncio.sleep(PAUSE)
    raise AssertionError(f"still not so after {so_far()}")


def _in_order(timeline: Timeline) -> list[dict[str, Any]]:
    return sorted(map(message_fields, timeline), key=itemgetter("sent_at", "id"))


def _event(line: dict[str, Any]) -> Event | None:
    match line["event"]:
        case "posted":
            return Posted(_message(line))
        case "edited":
            return Edited(_message(line))
        case "deleted":
            return Deleted(line["room"], line["message_id"], line["reason"], _seconds(line["at"]))
        case "gap":
            return Gap(line["room"], _seconds(line["since"]) or 0.0, _seconds(line["until"]) or 0.0)
        case _:
            return None


def _message(line: dict[str, Any]) -> Message:
    told = dict(line["message"])
    author = Author(id=told.pop("author_id"), name=told.pop("author"), username=told.pop("username"))
    sent_at, edited_at = _seconds(told.pop("sent_at")) or 0.0, _seconds(told.pop("edited_at"))
    files = tuple(told.pop("attachments"))
    return Message(room_id=line["room"], author=author, sent_at=sent_at, edited_at=edited_at, attachments=files, **told)


def _seconds(moment: str | None) -> float | None:
    # Printed are whole milliseconds; a little more than that is printed as the same again.
    return None if moment is None else datetime.fromisoformat(moment).timestamp() + 0.0001


@asynccontextmanager
async def both(side: Side, place: Place, folder: Path, printed: Callable[[], str]) -> AsyncIterator[Both]:
    """The console's session and the command on the same room, each over a connection of its own."""
    workspace = Workspace(config({"work": side.open_as("moderator")}), folder / "journal.sqlite3")
    account = config({"work": side.open_as("moderator")}).accounts[0]
    async with open_session(workspace) as session:
        watching = asyncio.create_task(watch(account, place.id, history=HISTORY, seconds=None, as_json=True))
        try:
            key = RoomKey("work", place.id)
            await until(lambda: session.room(key), lambda: session.accounts["work"].phase)
            room = session.room(key)
            assert room is not None
            session.view(key)
            running = Both(session, room, printed)
            await running.until(lambda: room.history != "none" and room.history != "loading")
            await running.until(lambda: "connected" in running.kinds())
            await running.until(running.same)  # both have read the history
            yield running
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


async def prune(side: Side, place: Place) -> None:
    """Have an administrator delete everything by one author at once (`rooms.cleanHistory`)."""
    login = side.sandbox.rocketchat.login_as("admin")
    headers = {"X-User-Id": login.user_id, "X-Auth-Token": login.auth_token}
    body = {
        "roomId": place.id,
        "oldest": "2001-01-01T00:00:00.000Z",
        "latest": "2101-01-01T00:00:00.000Z",
        "users": [place.members[-1].username],
    }
    async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
        answer = await client.post(f"{side.sandbox.rocketchat.url}/api/v1/rooms.cleanHistory", json=body)
    assert answer.is_success, answer.text


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    return lambda: capsys.readouterr().out


async def test_history_and_what_happens_live(side: Side, tmp_path: Path, printed: Callable[[], str]) -> None:
    old = side.posts(side.room)[-3]
    async with both(side, side.room, tmp_path, printed) as running:
        await running.agree(old.id)
        assert len(running.room.timeline) > 3
        post = side.say("\x1b]0;owned\x07 \u202e hello")
        await running.agree(post.id)
        side.world.delete(post, by="somebody", reason="spam")
        side.world.delete(old, by="somebody")
        await running.until(lambda: all(running.told().get(each.id).deleted for each in (post, old)))  # type: ignore[union-attr]  # known
        await running.until(running.same)
        assert running.kinds().count("deleted") == 2


async def test_a_reconnect_with_all_that_was_missed(side: Side, tmp_path: Path, printed: Callable[[], str]) -> None:
    old = side.posts(side.room)[-2]
    async with both(side, side.room, tmp_path, printed) as running:
        doomed, kept = side.say("deleted while nobody listened"), side.say("kept")
        await running.agree(doomed.id, kept.id)
        await side.drop_connections()
        await running.until(lambda: "reconnecting" in running.kinds())
        missed = [side.say(f"missed {number}") for number in range(3)]
        side.world.delete(doomed, by="somebody", reason="spam")
        side.world.delete(missed[0], by="somebody")
        side.world.delete(old, by="somebody")
        await running.reconnected(2)
        late = side.say("after")
        await running.agree(late.id, missed[1].id, missed[2].id)
        gone = [each.id for each in running.room.timeline if each.deleted]
        assert {doomed.id, old.id} <= set(gone)
        assert running.room.timeline.gaps == ()
        assert "gap" not in running.kinds()


@pytest.mark.parametrize("side", ["rocketchat"], indirect=True)
async def test_edits_and_a_bulk_deletion(side: Side, tmp_path: Path, printed: Callable[[], str]) -> None:
    async with both(side, side.room, tmp_path, printed) as running:
        posts = [side.say(f"number {number}") for number in range(4)]
        await running.agree(*(post.id for post in posts))
        side.world.edit(posts[0], "number zero")
        await running.until(lambda: running.told().get(posts[0].id).text == "number zero")  # type: ignore[union-attr]  # known
        await side.drop_connections()
        await running.until(lambda: "reconnecting" in running.kinds())
        side.world.edit(posts[1], "number one, corrected while nobody listened")
        await running.reconnected(2)
        await running.until(running.same)
        assert running.told().get(posts[1].id) is not None
        assert "corrected" in running.told().get(posts[1].id).text  # type: ignore[union-attr]  # asserted above
        await prune(side, side.room)
        await running.until(lambda: all(running.told().get(post.id).deleted for post in posts))  # type: ignore[union-attr]  # known
        await running.until(running.same)
        assert {each.author.id for each in running.told() if not each.deleted}.isdisjoint({side.room.members[-1].id})


@pytest.mark.parametrize("side", ["ivs"], indirect=True)
async def test_a_gap_that_nothing_can_fill(side: Side, tmp_path: Path, printed: Callable[[], str]) -> None:
    place = next(place for place in side.readable() if place.log_group is None)
    async with both(side, place, tmp_path, printed) as running:
        post = side.say("before", place)
        await running.agree(post.id)
        await side.drop_connections()
        await running.until(lambda: "reconnecting" in running.kinds())
        side.say("nobody hears this", place)
        await running.reconnected(2)
        await running.until(lambda: running.told().gaps and running.room.timeline.gaps)
        late = side.say("after", place)
        await running.agree(late.id)
        assert [each.text for each in running.told()] == ["before", "after"]
        [here], [there] = running.room.timeline.gaps, running.told().gaps
        # Each is about a connection of its own, which were lost together.
        assert here.since == pytest.approx(there.since, abs=5.0)
        assert here.until == pytest.approx(there.until, abs=5.0)
