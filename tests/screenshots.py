"""Draws screenshots/: the console on the seeded sandbox, its clock standing still. `make screenshots`."""

import asyncio
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot
from textual.widgets import Input

from quell.app import QuellApp
from quell.cli.sandbox_files import write_config
from quell.config import load_config
from quell.moderation.deletion import State
from quell.screens import main as main_screen
from quell.screens.confirm import ConfirmScreen
from quell.screens.main import MainScreen
from quell.screens.outcome import OutcomeScreen
from quell.session.session import Session
from quell.widgets import room_view
from quell.widgets.detail import pane as detail
from quell.widgets.feed import feed
from quell.workspace import Workspace
from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.sandbox import Sandbox, SandboxOptions
from tests.support.stage import Stage

FOLDER = Path(__file__).parent.parent / "screenshots"
CLOCK = 1_767_258_060.0
"""Unix seconds at which everything takes place: 2026-01-01 09:01 UTC."""

SPAMMER = "from:crypto_karl"


async def mark_spam(stage: Stage) -> None:
    await filtered(stage, SPAMMER)
    await stage.pilot.press("asterisk", "slash", "escape")
    await stage.until(lambda: len(stage.marked()) > 3)


async def filtered(stage: Stage, query: str) -> None:
    """Type a filter, and let it be done."""
    await stage.pilot.press("slash", *query, "enter")
    await stage.until(lambda: stage.feed.has_focus)


async def console(stage: Stage) -> None:
    """Everything with a link: some of it deleted, some refused for its age, and another spammer's messages marked."""
    await delete_spam(stage)
    await filtered(stage, "https")
    await stage.go_to(next(row for row in stage.general.timeline if row.author.username == "boost4you").id)
    await stage.pilot.press("a")
    await stage.go_to(_refused(stage)[-1])


def _refused(stage: Stage) -> list[str]:
    return [row.id for row in stage.general.timeline if stage.state(row.id) is State.REFUSED]


async def delete_spam(stage: Stage) -> None:
    await confirm(stage)
    await stage.pilot.press("1", "enter")
    await stage.until(lambda: sum(stage.session.engine.totals()[each] for each in (State.CONFIRMED, State.REFUSED)) > 3)
    await stage.until(
        lambda: (
            not any(
                stage.session.engine.totals()[each] for each in (State.HELD, State.QUEUED, State.SENT, State.ACCEPTED)
            )
        )
    )


async def confirm(stage: Stage) -> None:
    """The confirmation of a batch of which some will be refused."""
    await mark_spam(stage)
    await stage.pilot.press("d")
    await stage.until(lambda: isinstance(stage.app.screen, ConfirmScreen))
    await stage.until(lambda: "finding out" not in stage.text("#forecast"))


async def outcome(stage: Stage) -> None:
    """One refusal in full."""
    await delete_spam(stage)
    await stage.go_to(_refused(stage)[-1])
    await stage.pilot.press("o")
    await stage.until(lambda: isinstance(stage.app.screen, OutcomeScreen))


async def narrow(stage: Stage) -> None:
    """The same work at 80 columns."""
    await mark_spam(stage)


PICTURES: dict[str, tuple[tuple[int, int], Callable[[Stage], Awaitable[None]]]] = {
    "console": ((140, 40), console),
    "confirm": ((140, 40), confirm),
    "outcome": ((140, 40), outcome),
    "narrow": ((80, 24), narrow),
}


async def draw(name: str) -> str:
    """One picture, as SVG that loads nothing from anywhere."""
    size, scene = PICTURES[name]
    clock = ManualClock(CLOCK)
    sandbox = Sandbox(SandboxOptions(rate=0, clock=clock))
    sandbox.world.settings["Message_AllowDeleting_BlockDeleteInMinutes"] = 15
    async with sandbox:
        with (
            tempfile.TemporaryDirectory() as folder,
            patch.object(Session, "start", _in_order),
            patch.object(Input, "_toggle_cursor", lambda _: None),  # the cursor would blink, or not, by chance
        ):
            app = QuellApp(lambda: _workspace(sandbox, Path(folder)), now=clock.now)
            async with app.run_test(size=size) as pilot:
                await scene(await _ready(app, pilot))
                stage = Stage(app, pilot)
                await stage.settle()
                return re.sub(r"@font-face \{[^}]*\}\s*", "", app.export_screenshot(title="Quell")) + "\n"


def _in_order(session: Session) -> None:
    """Bring up one account after the other: else chance tells whose first room is looked at."""
    waiting = list(session.accounts)
    begun: list[str] = []

    def go_on(*_: object) -> None:
        if waiting and all(session.accounts[name].phase == "ready" for name in begun):
            begun.append(waiting.pop(0))
            session.connect(begun[-1])

    session.listen(go_on)
    go_on()


@asynccontextmanager
async def _workspace(sandbox: Sandbox, folder: Path) -> AsyncIterator[Workspace]:
    described = sandbox.describe()
    write_config(folder / "config.toml", described["rocketchat"], described["ivs"])
    with (folder / "config.toml").open("a") as config:
        config.write("\n[deletion]\ngrace_seconds = 0\n")
    yield Workspace(load_config(folder / "config.toml"), folder / "journal.sqlite3")


async def _ready(app: QuellApp, pilot: Pilot[None]) -> Stage:
    stage = Stage(app, pilot)
    await stage.until(lambda: any(isinstance(screen, MainScreen) for screen in app.screen_stack))
    await stage.until(lambda: len(stage.feed.rows) > 20 and stage.feed.has_focus)
    await stage.until(lambda: all(account.phase == "ready" for account in stage.session.accounts.values()))
    rooms = [room for account in stage.session.accounts.values() for room in account.rooms.values()]
    await stage.until(lambda: all(room.link and room.link.state == "live" for room in rooms))
    return stage


def main() -> None:
    os.environ["TZ"] = "UTC"
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    time.tzset()
    detail.REST = detail.PASSING_REST = 0.001
    room_view.STATE_FRAME = feed.PASSING = 0.001
    main_screen.SIDE_FRAME = main_screen.DETAIL_FRAME = main_screen.PASSING_FRAME = 0.001
    for name in PICTURES:
        file = FOLDER / f"{name}.svg"
        file.write_text(asyncio.run(draw(name)), encoding="utf-8")
        print(f"drew {file.relative_to(FOLDER.parent)}")


if __name__ == "__main__":
    main()
