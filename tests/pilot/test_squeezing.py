"""A dialog in a window that was small for a while looks as before once the window has its size again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.screen import Screen

from quell.app import QuellApp
from quell.moderation.counts import Counts
from quell.moderation.deletion import Deletion, Reason, State, Target
from quell.moderation.forecast import ForecastSummary
from quell.moderation.links import links_in
from quell.moderation.reasons import PRESETS
from quell.moderation.timeline import Timeline
from quell.screens.about import AboutScreen
from quell.screens.code_points import CodePointsScreen
from quell.screens.confirm import ConfirmScreen, Proposal
from quell.screens.copy import CopyScreen
from quell.screens.disconnect import DisconnectScreen, Question
from quell.screens.journal import StoryScreen
from quell.screens.jump import JumpScreen
from quell.screens.leave import LeaveScreen
from quell.screens.links import LinkScreen, LinksScreen
from quell.screens.outcome import OutcomeScreen
from quell.session.state import RoomState
from quell.workspace import Workspace
from quell_providers.model import Room
from tests.support.console import until
from tests.support.fake_provider import WINDOW, message
from tests.support.stage import NOW

SIZE = (150, 40)
SMALL = (60, 14)

MESSAGE = message(1, "see http://a.example:8080/x and www.b.example")
LONG = Content("\n").join([Content("what there is to say of a room, and a bit more than fits into a line " * 2)] * 8)
ROOM = RoomState("live", Room(id="r1", name="general", kind="room"), Timeline())
TARGETS = tuple(
    Target(
        account="work",
        provider="rocketchat",
        room_id="r1",
        room_name="general",
        message_id=f"m{number}",
        text=MESSAGE.text,
    )
    for number in range(20)
)
DELETION = Deletion(id="1", batch_id="b", target=TARGETS[0], reason=Reason("spam", "Spam"), state=State.QUEUED, at=NOW)


async def allowed(targets: Sequence[Target]) -> ForecastSummary:
    return ForecastSummary(allowed=len(targets), unknown=0, refused=())


def confirm(count: int) -> Screen[Any]:
    return ConfirmScreen(
        Proposal(
            targets=TARGETS[:count],
            counts=Counts(TARGETS[:count]),
            marked=True,
            hidden=frozenset(),
            services={"work": "Rocket.Chat"},
            capabilities={"work": WINDOW},
            presets=PRESETS,
            reason_required=True,
            type_count_above=5,
            grace_seconds=5.0,
            forecast=allowed,
            estimate=lambda counts: 6.0 * sum(counts.values()),
        )
    )


DIALOGS: dict[str, Callable[[], Screen[Any]]] = {
    "about": lambda: AboutScreen(lambda: LONG),
    "code_points": lambda: CodePointsScreen(MESSAGE),
    "confirm": lambda: confirm(1),
    "confirm_many": lambda: confirm(20),
    "copy": lambda: CopyScreen(MESSAGE),
    "disconnect": lambda: DisconnectScreen(Question(ROOM, MESSAGE, "Amazon IVS Chat", 256, PRESETS, True)),
    "jump": lambda: JumpScreen(lambda: NOW),
    "leave": lambda: LeaveScreen(3),
    "link": lambda: LinkScreen(links_in(MESSAGE)[0]),
    "links": lambda: LinksScreen(links_in(MESSAGE)),
    "outcome": lambda: OutcomeScreen(DELETION, now=NOW),
    "story": lambda: StoryScreen(LONG),
}


@asynccontextmanager
async def never() -> AsyncIterator[Workspace]:
    """Accounts that are never opened: a console that shows its dialogs on nothing."""
    await asyncio.Event().wait()
    yield Workspace(None, Path())  # type: ignore[arg-type]  # never reached


async def show(pilot: Pilot[None], dialog: Screen[Any]) -> None:
    await pilot.app.push_screen(dialog)
    await pilot.pause()


def lines(pilot: Pilot[None]) -> list[str]:
    """All lines of the screen."""
    return [strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips()]


async def squeeze(pilot: Pilot[None]) -> None:
    """Make the window small for a while."""
    for size in (SMALL, SIZE):
        await pilot.resize_terminal(*size)
        await until(pilot, lambda size=size: pilot.app.screen.size == size)  # type: ignore[misc]


@pytest.mark.parametrize("dialog", DIALOGS)
async def test_a_dialog_is_the_same_after_it_was_squeezed(dialog: str) -> None:
    async with QuellApp(never).run_test(size=SIZE) as pilot:
        await show(pilot, DIALOGS[dialog]())
        before = lines(pilot)
        assert any(before)
        await squeeze(pilot)
        assert lines(pilot) == before


async def test_a_dialog_on_another_one_is_the_same_after_both_were_squeezed() -> None:
    async with QuellApp(never).run_test(size=SIZE) as pilot:
        await show(pilot, DIALOGS["links"]())
        await show(pilot, DIALOGS["link"]())
        before = lines(pilot)
        await squeeze(pilot)
        assert lines(pilot) == before


async def test_a_confirmation_that_does_not_fit_can_be_scrolled() -> None:
    async with QuellApp(never).run_test(size=SMALL) as pilot:
        await show(pilot, confirm(20))
        dialog = pilot.app.screen.query_one("#dialog")
        assert dialog.show_vertical_scrollbar
        assert dialog.max_scroll_y > 0
