"""What is asked and told about accounts, rooms and authors, with names that try to get out of their place."""

from pathlib import Path

import pytest

from quell.screens.about import AboutScreen
from quell.screens.code import CodeScreen
from quell.screens.disconnect import DisconnectScreen
from quell.screens.public_rooms import PublicRoomsScreen
from quell_providers.model import Gap, Posted, Room, StateChanged
from quell_providers.refusal import Refusal, RefusalKind
from tests.snapshots.test_console import SIZES, Compare, Scene, ready, take
from tests.support.fake_provider import FakeProvider, message
from tests.support.stage import NOW, FakeStage, providers

HOSTILE = "\x1b]0;owned\x07 \u202eadmin [bold]x[/] 管理者"
NOTE = "messages are reviewed by the Lambda function guard (when that fails they are rejected: DENY)"
NO_PERMISSION = Refusal(
    kind=RefusalKind.PERMISSION,
    code="AccessDeniedException",
    detail=f"User {HOSTILE} is not authorized",
    cause="The policy of this account does not allow it.",
    remedy="Allow ivschat:DisconnectUser on the room.",
)
TURN = "The server lets 20 rooms be opened in 40 seconds; this one waits its turn."


def odd() -> dict[str, FakeProvider]:
    """Accounts with every odd room there is."""
    fakes = providers()
    fakes["live"]._rooms = (
        Room(id="AAAAAAAAAAA1", name="finals", kind="room", note=NOTE, tags=("team=red", f"x={HOSTILE}")),
        Room(id="AAAAAAAAAAA2", name="finals", kind="room"),
        Room(id="AAAAAAAAAAA3", name="", kind="room"),
        Room(id="AAAAAAAAAAA4", name=HOSTILE, kind="room", archived=True),
        Room(id="AAAAAAAAAAA5", name="vault", kind="room", encrypted=True, read_only=True),
    )
    fakes["work"].public = (
        Room(id="p1", name="lounge", kind="channel", topic="off topic"),
        Room(id="p2", name=HOSTILE, kind="channel", topic=HOSTILE, read_only=True),
        Room(id="p3", name="attic", kind="channel", archived=True),
    )
    return fakes


def guarded() -> dict[str, FakeProvider]:
    """Accounts of which both take a code."""
    fakes = odd()
    for fake in fakes.values():
        fake.code = "739154"
    return fakes


async def code(stage: FakeStage) -> None:
    await stage.until(lambda: len(stage.session.codes.open_requests) == 2)
    await stage.until(lambda: isinstance(stage.app.screen, CodeScreen))
    await stage.pilot.press(*"000000", "enter")
    # The wrong code goes to the end of the queue, so the other account asks first.
    await stage.until(lambda: isinstance(stage.app.screen, CodeScreen) and "live" in stage.text(".title"))
    await stage.pilot.press(*"000000", "enter")
    await stage.until(lambda: isinstance(stage.app.screen, CodeScreen) and "not right" in stage.text("#question"))
    await stage.pilot.press(*"7391")


async def disconnect(stage: FakeStage) -> None:
    await ready(stage)
    stage.main.look_at(stage.session.accounts["live"].rooms["AAAAAAAAAAA4"].key)
    stage.live.tell(Posted(message(60, f"buy now {HOSTILE}", room="AAAAAAAAAAA4", author=HOSTILE)))
    await stage.until(lambda: len(stage.feed.rows) == 1)
    await stage.pilot.press("D")
    await stage.until(lambda: isinstance(stage.app.screen, DisconnectScreen))
    await stage.pilot.press("2")


async def not_disconnected(stage: FakeStage) -> None:
    stage.live.disconnect_refusal = NO_PERMISSION
    await disconnect(stage)
    await stage.pilot.press("enter")
    await stage.until(lambda: isinstance(stage.app.screen, AboutScreen))


async def public_rooms(stage: FakeStage) -> None:
    await ready(stage)
    stage.live.public = NO_PERMISSION
    await stage.pilot.press("P")
    await stage.until(lambda: isinstance(stage.app.screen, PublicRoomsScreen))
    await stage.until(lambda: "3 of 3 rooms" in stage.text("#told"))
    await stage.pilot.press("down")


async def not_joined(stage: FakeStage) -> None:
    await public_rooms(stage)
    await stage.pilot.press("up", "enter")
    await stage.until(lambda: stage.session.current == ("work", "p2"))
    await stage.until(lambda: "not joined" in stage.text("#room-title"))


async def waiting(stage: FakeStage) -> None:
    await ready(stage)
    stage.live.tell(Gap("AAAAAAAAAAA2", since=NOW - 100, until=NOW - 40))
    stage.work.tell(StateChanged("r1", "connecting", cause=TURN, retry_in=30.0))
    stage.work.unreadable_frames["r1"] = 3
    await stage.until(lambda: "in 30 s" in stage.text("#room-banner"))
    await stage.until(lambda: "3 unreadable frames" in stage.text("#room-title"))


async def about(stage: FakeStage) -> None:
    await ready(stage)
    stage.live.missing_history = NO_PERMISSION
    stage.main.look_at(stage.session.accounts["live"].rooms["AAAAAAAAAAA1"].key)
    stage.live.tell(Gap("AAAAAAAAAAA1", since=NOW - 100, until=NOW - 40))
    await stage.until(lambda: stage.text("#room-banner").startswith("⚠"))
    await stage.pilot.press("I")
    await stage.until(lambda: isinstance(stage.app.screen, AboutScreen))


async def refused(stage: FakeStage) -> None:
    await ready(stage)
    stage.live.login_refusal = NO_PERMISSION
    stage.session.connect("live")
    await stage.until(lambda: stage.session.accounts["live"].phase == "refused")


SCENES: list[Scene] = [code, disconnect, not_disconnected, public_rooms, not_joined, waiting, about, refused]


@SIZES
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_scene(snap_compare: Compare, tmp_path: Path, size: tuple[int, int], scene: Scene) -> None:
    assert take(snap_compare, tmp_path, size, scene, guarded() if scene is code else odd())
