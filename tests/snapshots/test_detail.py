"""The detail pane and what is opened from it, at the smallest size that is supported and at a comfortable one."""

from pathlib import Path

import pytest

from quell.moderation.deletion import State
from quell.screens.code_points import CodePointsScreen
from quell.screens.links import LinkScreen
from quell_providers.model import Deleted, Posted
from quell_providers.provider import Forecast
from tests.snapshots.test_console import SIZES, Compare, Scene, ask, ready, take
from tests.support.fake_provider import NOT_ALLOWED
from tests.support.looking import FILES, HOSTILE, REPLY, look_at, pane, written_earlier
from tests.support.stage import TALK, FakeStage, providers


async def read(stage: FakeStage, message_id: str) -> None:
    """Look at a message with the keys on the detail pane."""
    await stage.until(lambda: stage.feed.has_focus)
    await stage.go_to(message_id)
    await stage.pilot.press("enter")
    await stage.until(lambda: pane(stage).text.has_focus)
    await look_at(stage, message_id)


async def arrive(stage: FakeStage, *messages: object) -> None:
    await ready(stage)
    for each in messages:
        stage.work.tell(Posted(each))  # type: ignore[arg-type]  # messages of the tests
    await stage.until(lambda: len(stage.feed.rows) == len(TALK) + len(messages))


async def plain(stage: FakeStage) -> None:
    await arrive(stage, FILES)
    stage.work.forecasts["m0031"] = Forecast(
        verdict="refused", cause="older than 10 minutes", remedy="needs bypass-time-limit-edit-and-delete"
    )
    await read(stage, "m0031")


async def hostile(stage: FakeStage) -> None:
    await arrive(stage, HOSTILE)
    await read(stage, "m0020")


async def reply(stage: FakeStage) -> None:
    await arrive(stage, REPLY)
    await read(stage, "m0030")


async def deleted(stage: FakeStage) -> None:
    await ready(stage)
    stage.work.tell(Deleted("r1", "m0005", "raid"))
    await stage.until(lambda: "○ deleted" in stage.drawn())
    await read(stage, "m0005")


async def refused(stage: FakeStage) -> None:
    await ready(stage)
    stage.work.answers["m0003"] = NOT_ALLOWED
    await stage.go_to("m0003")
    await ask(stage)
    await stage.pilot.press("1", "enter")
    await stage.until(lambda: stage.state("m0003") is State.REFUSED)
    await read(stage, "m0003")
    await stage.until(lambda: "1 refused" in stage.detail())


async def past(stage: FakeStage) -> None:
    await ready(stage)
    reasons = [("spam", "crypto links"), ("other", "insults"), ("spam", "")]
    await written_earlier(stage, *((code, text, State.CONFIRMED) for code, text in reasons))
    await stage.go_to("m0001")
    await stage.pilot.press("a")
    await read(stage, "m0001")
    await stage.until(lambda: "3 marked" in stage.detail())


async def code_points(stage: FakeStage) -> None:
    await hostile(stage)
    await stage.pilot.press("c")
    await stage.until(lambda: isinstance(stage.app.screen, CodePointsScreen))
    await stage.pilot.press("n", "n", "n")


async def link(stage: FakeStage) -> None:
    await hostile(stage)
    await stage.pilot.press("l")
    await stage.until(lambda: isinstance(stage.app.screen, LinkScreen))


SCENES: list[Scene] = [plain, hostile, reply, deleted, refused, past, code_points, link]


@SIZES
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_detail(snap_compare: Compare, tmp_path: Path, size: tuple[int, int], scene: Scene) -> None:
    assert take(snap_compare, tmp_path, size, scene, providers())
