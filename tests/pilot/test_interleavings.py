"""Messages arrive, are deleted, edited, scrolled, filtered, resized and marked in whatever order.

What is marked is what the moderator marked, that is what will be deleted, and nothing but a hand moves the cursor's
message on the screen.
"""

import random
from pathlib import Path

import msgspec
import pytest

from quell.moderation.query import parse
from quell.moderation.timeline import place
from quell.screens.confirm import ConfirmScreen
from quell.widgets.filter_bar import FilterBar
from quell_providers.model import Deleted, Edited, Event, Message, Posted
from tests.support.fake_provider import message
from tests.support.stage import FakeStage, stage, talk

STEPS = 30
SIZES = [(140, 20), (140, 30), (90, 20), (64, 16)]
TEXTS = ["raid", "buy now " * 30, "FREE nitro", "free  NITRO", "hello\nthere"]
AUTHORS = ["raider", "Vlad_1998", "Amara Okafor"]
HANDS = [
    "k",
    "k",
    "k",
    "j",
    "pageup",
    "pagedown",
    "space",
    "space",
    "a",
    "equals_sign",
    "v",
    "shift+up",
    "exclamation_mark",
]


class Room:
    """What is true of the room, kept apart from the console.

    Args:
        chance: Decides everything.
        console: Driven, and compared.
    """

    def __init__(self, chance: random.Random, console: FakeStage) -> None:
        self.chance = chance
        self.console = console
        self.messages = {each.id: each for each in talk()}
        self.query = ""
        self.marked: set[str] = set()
        self.number = 100

    @property
    def rows(self) -> list[Message]:
        """What is to be shown."""
        matches = parse(self.query).matcher(self.console.view._facts) if self.query else lambda _: True
        return sorted(filter(matches, self.messages.values()), key=place)

    @property
    def cursor(self) -> Message:
        found = self.console.feed.cursor_message
        assert found is not None
        return found

    @property
    def line(self) -> int:
        """The line of the feed on which the cursor's message begins."""
        view = self.console.feed.viewport
        assert view.cursor_row is not None
        return view.rows.top(view.cursor_row) - view.top

    async def tell(self, event: Event) -> None:
        self.console.work.tell(event)
        await self.shown()

    async def shown(self) -> None:
        rows = self.rows
        await self.console.until(lambda: list(self.console.feed.rows) == rows)

    async def arrive(self) -> None:
        """At the end, or between others that are older."""
        for _ in range(self.chance.choice([1, 20])):
            late = 0 if self.chance.random() < 0.8 else self.chance.randrange(1, 60)
            self.number += 1
            made = message(self.number, self.chance.choice(TEXTS), author=self.chance.choice(AUTHORS))
            made = msgspec.structs.replace(made, sent_at=made.sent_at - late)
            self.messages[made.id] = made
            self.console.work.tell(Posted(made))
        await self.shown()

    async def delete(self) -> None:
        gone = self.chance.choice(list(self.messages.values()))
        self.messages[gone.id] = msgspec.structs.replace(gone, deleted=True)
        await self.tell(Deleted("r1", gone.id))

    async def edit(self) -> None:
        """Any message, as long as a filter goes on showing the one under the cursor."""
        known = self.chance.choice(list(self.messages.values()))
        edited = msgspec.structs.replace(known, text=self.chance.choice(TEXTS), edited_at=known.sent_at + self.number)
        if known.deleted or (self.query and known.id == self.cursor.id):
            return
        self.messages[known.id] = edited
        await self.tell(Edited(edited))

    async def resize(self) -> None:
        size = self.chance.choice(SIZES)
        await self.console.pilot.resize_terminal(*size)
        feed = self.console.feed
        await self.console.until(lambda: feed.app.size == size and feed.viewport.height == feed.size.height)

    async def filter(self) -> None:
        """Something that the message under the cursor matches, or all."""
        self.query = self.chance.choice(["", self.cursor.text.split()[0], f'from:"{self.cursor.author.name}"'])
        bar = self.console.view.query_one(FilterBar)
        bar.value = self.query
        await self.shown()
        await bar.action_submit()
        await self.console.until(lambda: self.console.feed.has_focus)

    async def act(self) -> None:
        """By hand: the cursor may move, and marks change as they are meant to."""
        key = self.chance.choice(HANDS)
        if key == "v":
            await self.console.pilot.press("v", "k", "k", "v")
        else:
            await self.console.pilot.press(key)
        self.marked = set(self.console.marked()) if key != "space" else self.marked ^ {self.cursor.id}
        if self.cursor.deleted and key == "space":
            self.marked -= {self.cursor.id}


@pytest.mark.parametrize("seed", range(2))
async def test_nothing_but_a_hand_changes_the_marks_or_moves_the_cursors_message(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with stage(tmp_path, size=SIZES[0]) as console:
        room = Room(chance, console)
        await room.arrive()
        await console.pilot.press("k", "k", "space")
        room.marked = {room.cursor.id}
        for step in range(STEPS):
            happens = chance.choice(
                [room.arrive, room.arrive, room.delete, room.edit, room.resize, room.filter, room.act]
            )
            before, line, rests = room.cursor.id, room.line, not console.feed.following
            await happens()
            told = f"seed {seed}, step {step}: {happens.__name__}, query {room.query!r}"
            assert set(console.marked()) == room.marked, told
            if happens != room.act and rests:
                assert room.cursor.id == before, told
                assert room.line == min(line, console.feed.viewport.height - 1), told
        wanted = sorted(each for each in room.marked if not room.messages[each].deleted)
        if not wanted:
            return
        await console.pilot.press("d")
        await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
        assert isinstance(console.app.screen, ConfirmScreen)
        assert sorted(each.message_id for each in console.app.screen._targets) == wanted
