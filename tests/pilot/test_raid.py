"""A raid while the moderator has marked much: nothing that happens changes what is marked, or moves it."""

import random
from pathlib import Path

import pytest

from quell.screens.confirm import ConfirmScreen
from quell_providers.model import Deleted, Edited, Posted
from tests.support.fake_provider import message
from tests.support.stage import FakeStage, stage

MARKED = 200


def cursor_line(console: FakeStage) -> int:
    row = console.feed.viewport.cursor_row
    assert row is not None
    return console.feed.rows.top(row) - console.feed.viewport.top


def happen(chance: random.Random, console: FakeStage, number: int) -> None:
    """Something of a raid; never to the message under the cursor, nor a deletion of a marked one."""
    match chance.randrange(4):
        case 0 | 1:
            for each in range(number, number + 25):
                console.work.tell(Posted(message(each, chance.choice(["raid", "buy now " * 20]), author="raider")))
        case 2:
            edited = message(chance.randrange(100, 100 + MARKED), "edited " * chance.randrange(30))
            console.work.tell(Edited(edited))
        case _:
            console.work.tell(Deleted("r1", f"m{chance.randrange(8):04}"))


@pytest.mark.parametrize("seed", range(2))
async def test_marks_and_the_cursors_line_outlast_a_raid(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with stage(tmp_path) as console:
        for number in range(100, 100 + MARKED):
            console.work.tell(Posted(message(number, "spam", author="spammer")))
        await console.until(lambda: len(console.feed.rows) == 8 + MARKED)
        await console.pilot.press("a", "k", "k", "k")
        marked, here = console.marked(), console.feed.cursor_message
        assert len(marked) == MARKED
        assert here is not None
        line = cursor_line(console)
        for number in range(1_000, 1_600, 25):
            happen(chance, console, number)
            if chance.random() < 0.3:
                await console.pilot.pause(0.01)
            assert console.marked() == marked
        await console.until(lambda: console.feed.unseen > 100)
        await console.settle()
        assert (console.feed.cursor_message or here).id == here.id
        assert cursor_line(console) == line
        await console.pilot.press("d")
        await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
        assert isinstance(console.app.screen, ConfirmScreen)
        assert sorted(each.message_id for each in console.app.screen._targets) == marked
