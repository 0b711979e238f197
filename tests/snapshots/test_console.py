"""Every screen and state of the console, at the smallest size that is supported and at a comfortable one."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest
from textual.app import App
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from quell.app import QuellApp
from quell.moderation.deletion import State
from quell.screens.batches import BatchesScreen
from quell.screens.confirm import ConfirmScreen
from quell.screens.journal import JournalScreen, StoryScreen
from quell.screens.main import MainScreen
from quell.screens.outcome import OutcomeScreen
from quell.workspace import Workspace
from quell_providers.model import Deleted, Gap, Posted, StateChanged
from quell_providers.provider import Forecast
from quell_providers.refusal import Refusal, RefusalKind
from tests.support.console import console
from tests.support.fake_provider import NOT_ALLOWED, FakeProvider, message
from tests.support.stage import NOW, TALK, FakeStage, providers


class Compare(Protocol):
    """The `snap_compare` fixture."""

    def __call__(
        self, app: App[None], *, terminal_size: tuple[int, int], run_before: Callable[[Pilot[None]], Awaitable[None]]
    ) -> bool: ...


Scene = Callable[[FakeStage], Awaitable[None]]

SIZES = pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])


async def ready(stage: FakeStage) -> None:
    await stage.until(lambda: len(stage.feed.rows) == len(TALK) and stage.feed.has_focus)


async def ask(stage: FakeStage) -> None:
    await stage.pilot.press("d")
    await stage.until(lambda: isinstance(stage.app.screen, ConfirmScreen))
    await stage.until(lambda: "finding out" not in stage.text("#forecast"))


async def room(stage: FakeStage) -> None:
    await ready(stage)


async def marked(stage: FakeStage) -> None:
    await ready(stage)
    await stage.go_to("m0001")
    await stage.pilot.press("a")
    for number in range(20, 24):
        stage.work.tell(Posted(message(number, "and another one")))
    await stage.until(lambda: "▼ 4 new" in stage.text("#room-hints"))


async def ranged(stage: FakeStage) -> None:
    await ready(stage)
    await stage.go_to("m0002")
    await stage.pilot.press("v", "j", "j")


async def filtered(stage: FakeStage) -> None:
    await ready(stage)
    await stage.pilot.press("asterisk", "slash", *"nitro")


async def filter_error(stage: FakeStage) -> None:
    await ready(stage)
    await stage.pilot.press("slash", *"is:odd")


async def filter_empty(stage: FakeStage) -> None:
    await ready(stage)
    await stage.pilot.press("slash", *"zebra", "enter")


async def confirm_one(stage: FakeStage) -> None:
    await ready(stage)
    await ask(stage)


async def confirm_many(stage: FakeStage) -> None:
    await ready(stage)
    stage.work.forecasts["m0000"] = Forecast(
        verdict="refused", cause="older than 10 minutes", remedy="needs bypass-time-limit-edit-and-delete"
    )
    stage.work.forecasts["m0002"] = Forecast(verdict="unknown", cause="an app may forbid it")
    stage.main.look_at(stage.session.accounts["live"].rooms["i1"].key)
    await stage.until(lambda: len(stage.feed.rows) == 2)
    await stage.pilot.press("asterisk")
    stage.main.look_at(stage.general.key)
    await stage.until(lambda: len(stage.feed.rows) == len(TALK))
    await stage.pilot.press("asterisk", "slash", *"nitro", "enter")
    await ask(stage)
    await stage.pilot.press("1", "enter")


async def held(stage: FakeStage) -> None:
    await ready(stage)
    await stage.go_to("m0001")
    await stage.pilot.press("a")
    await ask(stage)
    await stage.pilot.press("1", "enter")
    await stage.until(lambda: "◔ held 5s" in stage.drawn())


async def outcomes(stage: FakeStage) -> None:
    await ready(stage)
    stage.work.answers["m0003"] = NOT_ALLOWED
    stage.work.tell(Deleted("r1", "m0000"))
    await stage.until(lambda: "○ deleted" in stage.drawn())
    await stage.go_to("m0001")
    await stage.pilot.press("a")
    await ask(stage)
    await stage.pilot.press("1", "enter")
    await stage.until(lambda: stage.state("m0005") is State.CONFIRMED and stage.state("m0003") is State.REFUSED)
    await stage.go_to("m0003")
    await stage.until(lambda: "✗ refused" in stage.drawn() and stage.drawn().count("✓ deleted") == 2)


async def outcome(stage: FakeStage) -> None:
    await outcomes(stage)
    await stage.pilot.press("o")
    await stage.until(lambda: isinstance(stage.app.screen, OutcomeScreen))


async def batches(stage: FakeStage) -> None:
    await outcomes(stage)
    await stage.pilot.press("b")
    await stage.until(lambda: isinstance(stage.app.screen, BatchesScreen))


async def journal(stage: FakeStage) -> None:
    await outcomes(stage)
    await stage.pilot.press("J")
    await stage.until(lambda: isinstance(stage.app.screen, JournalScreen))
    await stage.until(lambda: stage.app.screen.query_one(OptionList).option_count == 3)


async def story(stage: FakeStage) -> None:
    await journal(stage)
    await stage.pilot.press("down", "enter")
    await stage.until(lambda: isinstance(stage.app.screen, StoryScreen))
    text = stage.app.screen.query_one(Static)
    # The id of a batch is random, and so not part of the picture.
    text.update(Content(re.sub(r"Batch \w+", "Batch …", str(text.content))))


async def keys(stage: FakeStage) -> None:
    await ready(stage)
    await stage.pilot.press("question_mark")


async def leaving(stage: FakeStage) -> None:
    await held(stage)
    await stage.pilot.press("ctrl+q")


async def palette(stage: FakeStage) -> None:
    await ready(stage)
    await stage.pilot.press("ctrl+p", *"go to")
    await stage.until(lambda: "Go to live/finals" in _options(stage))


async def light(stage: FakeStage) -> None:
    await marked(stage)
    stage.app.theme = "quell-light"


async def empty_room(stage: FakeStage) -> None:
    await ready(stage)
    stage.main.look_at(stage.session.accounts["work"].rooms["r2"].key)
    await stage.until(lambda: "No messages yet" in stage.text("#room-notice"))


async def reconnecting(stage: FakeStage) -> None:
    await ready(stage)
    stage.work.tell(StateChanged("r1", "reconnecting", detail="Connection reset by peer", retry_in=4.0))
    await stage.until(lambda: "reconnecting" in stage.text("#room-banner"))


async def expired(stage: FakeStage) -> None:
    await ready(stage)
    stage.work.tell(
        StateChanged("r1", "refused", detail="session expired", cause="the token has expired", remedy="make a new one")
    )
    await stage.until(lambda: "expired" in stage.text("#room-banner"))


async def gap(stage: FakeStage) -> None:
    await ready(stage)
    stage.work.tell(Gap("r1", since=NOW - 100, until=NOW - 40))
    await stage.until(lambda: "missing" in stage.text("#room-banner"))


async def noticed(stage: FakeStage) -> None:
    await stage.until(lambda: stage.app.session and stage.text("#room-notice"))
    await stage.until(lambda: "Connecting" not in stage.text("#room-notice"))


def _options(stage: FakeStage) -> str:
    return " ".join(str(option.prompt) for option in stage.app.screen.query_one(OptionList).options)


SCENES: list[Scene] = [
    room,
    marked,
    ranged,
    filtered,
    filter_error,
    filter_empty,
    confirm_one,
    confirm_many,
    held,
    outcomes,
    outcome,
    batches,
    journal,
    story,
    keys,
    leaving,
    palette,
    light,
    empty_room,
    reconnecting,
    expired,
    gap,
]


def take(compare: Compare, folder: Path, size: tuple[int, int], scene: Scene, fakes: dict[str, FakeProvider]) -> bool:
    grace = 5.0 if scene in (held, leaving, confirm_many) else 0.0
    app = console(fakes, folder, now=lambda: NOW, grace=grace, type_count_above=9)

    async def run(pilot: Pilot[None]) -> None:
        stage = FakeStage(app, pilot, fakes["work"], fakes.get("live", fakes["work"]))
        await stage.until(lambda: any(isinstance(screen, MainScreen) for screen in app.screen_stack))
        await scene(stage)
        await stage.settle()

    return compare(app, terminal_size=size, run_before=run)


@SIZES
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_scene(snap_compare: Compare, tmp_path: Path, size: tuple[int, int], scene: Scene) -> None:
    assert take(snap_compare, tmp_path, size, scene, providers())


def refused_login() -> FakeProvider:
    account = FakeProvider([])
    account.login_refusal = Refusal(
        kind=RefusalKind.LOGIN,
        code="401",
        detail="You must be logged in to do this.",
        cause="The token or the user id is wrong, or the token was revoked.",
        remedy="Make a new personal access token.",
    )
    return account


def unreachable() -> FakeProvider:
    account = FakeProvider([])
    account.login_refusal = Refusal(
        kind=RefusalKind.UNAVAILABLE,
        detail="Connection refused",
        cause="No server answers at this address.",
        retry_after=30.0,  # longer than a picture takes
    )
    return account


def without_history() -> FakeProvider:
    account = providers()["work"]
    account.missing_history = Refusal(
        kind=RefusalKind.PERMISSION,
        cause="Nothing records this room's messages.",
        remedy="Attach a logging configuration to CloudWatch Logs.",
    )
    return account


@SIZES
@pytest.mark.parametrize(
    "account",
    [refused_login, unreachable, without_history, lambda: FakeProvider([])],
    ids=["refused_login", "unreachable", "without_history", "without_rooms"],
)
def test_condition(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int], account: Callable[[], FakeProvider]
) -> None:
    assert take(snap_compare, tmp_path, size, noticed, {"work": account()})


@SIZES
def test_opening(snap_compare: Compare, size: tuple[int, int]) -> None:
    @asynccontextmanager
    async def never(ended: list[bool]) -> AsyncIterator[Workspace]:
        import asyncio

        await asyncio.Event().wait()
        yield Workspace(None, Path())  # type: ignore[arg-type]  # never reached

    async def nothing(pilot: Pilot[None]) -> None:
        await pilot.pause()

    assert snap_compare(QuellApp(lambda: never([])), terminal_size=size, run_before=nothing)
